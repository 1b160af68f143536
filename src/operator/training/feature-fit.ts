/** Values of functions at common points as sums over features: how many of them and of which frequencies is looked for. */
import type { Problem } from '../../problem/problem.ts';
import { randomGenerator } from '../../random/generator.ts';
import type { HardPart } from '../evaluate/hard-part.ts';
import type { LeastSquares } from '../linear/feature-least-squares.ts';
import { FeatureBasis, type FeatureLayer, featureLayer, featureValues } from './feature-basis.ts';

/** Functions at points, one column each; where conditions are hard, without g. */
export interface SampledFunctions {
  /** (count, d), row-major. */
  readonly points: Float64Array;
  readonly count: number;
  /** (count, columns), row-major. */
  readonly values: Float64Array;
  readonly columns: number;
}

export interface FeatureFit {
  readonly basis: FeatureBasis;
  /** Root mean square error at points not fitted over the root mean square of all columns. */
  readonly heldOut: number;
}

/** Numbers of features by number of coordinates: the first for the search. */
const counts = [
  [40, 80, 160, 320],
  [250, 500, 900, 1500],
  [400, 900, 1600],
];
/** Largest frequencies tried along all coordinates mapped to [−1, 1]. */
const ladder = [2, 4, 8, 16, 32, 64, 128];
/** More points than this per feature. */
const pointsPerFeature = 1.3;
/** More features are tried where the last step to more of them gained this factor. */
const leastGain = 1.3;
/** Below this the fit is as good as the data. */
const goal = 1e-11;

export interface FitOptions {
  readonly field: string;
  readonly seed: number;
  /** Positions of coordinates along which the solution is periodic. */
  readonly periodic: readonly number[];
  readonly ended: () => boolean;
}

/** @throws nothing: where points are few the fit is as good as they allow */
export function fitFeatures(
  problem: Problem,
  hard: HardPart,
  functions: SampledFunctions,
  squares: LeastSquares,
  options: FitOptions,
): FeatureFit {
  const { of } = problem.fields.find(({ name }) => name === options.field)!;
  const fit = new Fit(problem, hard, functions, squares, options, of);
  return fit.search();
}

interface Try {
  readonly count: number;
  readonly scales: readonly number[];
  readonly heldOut: number;
}

class Fit {
  readonly #kept: Part;
  readonly #left: Part;

  constructor(
    private readonly problem: Problem,
    private readonly hard: HardPart,
    private readonly functions: SampledFunctions,
    private readonly squares: LeastSquares,
    private readonly options: FitOptions,
    private readonly of: readonly number[],
  ) {
    // Every fourth or so at random: on a grid a regular choice would miss frequencies.
    const random = randomGenerator(options.seed);
    const out = Array.from({ length: functions.count }, () => random.uniform() < 0.2);
    this.#kept = partOf(functions, problem.coordinates.length, (n) => !out[n]);
    this.#left = partOf(functions, problem.coordinates.length, (n) => out[n]);
  }

  search(): FeatureFit {
    const d = this.of.length;
    const most = Math.max(4, Math.floor(this.#kept.count / pointsPerFeature));
    const levels = [...new Set(counts[Math.min(d, counts.length) - 1].map((n) => Math.min(n, most)))];
    let best = this.#try(
      levels[0],
      this.of.map(() => ladder[0]),
    );
    const done = (): boolean => best.heldOut < goal || this.options.ended();
    const attempt = (count: number, scales: readonly number[]): boolean => {
      const other = this.#try(count, scales);
      if (!(other.heldOut < best.heldOut)) return false;
      best = other;
      return true;
    };
    for (const scale of ladder.slice(1)) {
      if (done()) break;
      const before = best.heldOut;
      if (
        !attempt(
          levels[0],
          this.of.map(() => scale),
        ) &&
        best.heldOut < 0.1 * before
      )
        break;
    }
    for (let level = 0; level < levels.length && !done(); level++) {
      const before = best.heldOut;
      const count = levels[level];
      const growth = level === 0 ? 1 : (count / best.count) ** (1 / (d + 1));
      const from = best.scales;
      if (level > 0) {
        attempt(count, from);
        if (!done())
          attempt(
            count,
            from.map((s) => s * growth),
          );
      }
      for (let axis = 0; axis < d; axis++)
        for (const factor of d > 1 ? [1.5, 1 / 1.5] : [1.4, 1 / 1.4]) {
          let moves = 0;
          while (
            moves < 4 &&
            !done() &&
            attempt(
              count,
              best.scales.map((s, i) => (i === axis ? s * factor : s)),
            )
          )
            moves++;
          if (moves > 0) break;
        }
      if (level > 0 && best.heldOut * leastGain > before) break;
    }
    const layer = this.#layer(best.count, best.scales);
    const { columns } = this.functions;
    const coefficients = this.#solve(layer, this.functions);
    return { basis: new FeatureBasis(layer, coefficients, columns), heldOut: best.heldOut };
  }

  #layer(count: number, scales: readonly number[]): FeatureLayer {
    const { seed, periodic } = this.options;
    const own = this.of.flatMap((i, k) => (periodic.includes(i) ? [k] : []));
    return featureLayer(this.problem.coordinates, this.of, { count, scales, periodic: own, seed });
  }

  #design(layer: FeatureLayer, points: Float64Array): Float64Array {
    const all = {
      size: layer.count + 1,
      values: (at: Float64Array, count: number, index?: readonly number[]) =>
        featureValues(layer, at, count, index),
    };
    return this.hard.applied(this.options.field, all, points);
  }

  #solve(layer: FeatureLayer, { points, count, values, columns }: SampledFunctions): Float64Array {
    return this.squares.solve(this.#design(layer, points), values, count, layer.count + 1, columns);
  }

  #try(count: number, scales: readonly number[]): Try {
    const layer = this.#layer(count, scales);
    const { columns } = this.functions;
    const basis = new FeatureBasis(layer, this.#solve(layer, this.#kept), columns);
    const found = this.hard.applied(this.options.field, basis, this.#left.points);
    let difference = 0;
    let size = 0;
    this.#left.values.forEach((value, i) => {
      difference += (value - found[i]) ** 2;
      size += value * value;
    });
    return { count, scales, heldOut: Math.sqrt(difference / (size || 1)) };
  }
}

type Part = SampledFunctions;

function partOf(
  { points, count, values, columns }: SampledFunctions,
  d: number,
  chosen: (n: number) => boolean,
): Part {
  const rows = Array.from({ length: count }, (_, n) => n).filter(chosen);
  const gather = (all: Float64Array, width: number): Float64Array => {
    const own = new Float64Array(rows.length * width);
    rows.forEach((n, i) => {
      own.set(all.subarray(n * width, (n + 1) * width), i * width);
    });
    return own;
  };
  return { points: gather(points, d), count: rows.length, values: gather(values, columns), columns };
}
