/** The solution of an operator problem for one function after another, over functions that all of them share. */
import { CholeskyFactorizer } from '../../engine/f64/cholesky.ts';
import type { LinearMemory } from '../../engine/f64/linear-memory.ts';
import type { Problem } from '../../problem/index.ts';
import type { FieldRange, Scaling } from '../../residual/index.ts';
import { timeWindows, windowProblem } from '../../solve/windows/window-problem.ts';
import type { FunctionSample } from '../space/function-sample.ts';
import { axisBasis, periodicAxisBasis } from './axis-basis.ts';
import { type GivenColumns, givenColumns } from './block-values.ts';
import { CarriedState, continued } from './carried-state.ts';
import { CoefficientSystem, type NormalFactor } from './coefficient-system.ts';
import { gaussNewton, type NewtonResult } from './gauss-newton.ts';
import { JetStore } from './jet-store.ts';
import { operatorResiduals, operatorScaling, periodicAxes } from './operator-residuals.ts';
import { type ProductPlace, productBasis, productPlaces } from './product-basis.ts';
import { SeparableBasis } from './separable-basis.ts';

/** The functions in which solutions are expanded. */
export interface Resolution {
  /** Functions along each coordinate, within a window. */
  readonly counts: readonly number[];
  /** Windows of time; 1: all of it at once. */
  readonly windows: number;
}

/** Sizes of things, by which residuals are made of order one. */
export interface Sizes {
  /** Of fields. */
  readonly ranges: ReadonlyMap<string, FieldRange>;
  /** Of input functions. */
  readonly amplitudes: ReadonlyMap<string, number>;
}

/** What is kept of a function in a window. */
interface Base {
  readonly factor: NormalFactor;
  readonly given: readonly GivenColumns[];
  readonly coefficients: Float64Array;
}

interface Window {
  readonly system: CoefficientSystem<ProductPlace>;
  /** What it takes from the window before; undefined in the first one. */
  readonly carried: CarriedState | undefined;
  /** Of the function that others begin with. */
  base: Base | undefined;
  readonly scaling: Scaling;
}

export interface SolvedFunction {
  /** Window after window, in each the fields' coefficients one after the other, in units of `Scaling`. */
  readonly coefficients: Float64Array;
  /** The largest one of all windows. */
  readonly residual: number;
}

/** Marks a window's unit of a field. */
const unitOf = (scaling: Scaling, name: string): number => {
  const { scale, networkScale } = scaling.fields.get(name)!;
  return networkScale ?? scale;
};

/** Gauss nodes for so many functions: their products are integrated well. */
const nodesFor = (count: number): number => Math.ceil(1.5 * count) + 3;

/** What leaves more than this share of an equation's largest term is no solution. */
const mostResidual = 0.2;

const smallest = 1;

export class FunctionSolver {
  readonly places: readonly ProductPlace[];
  /** Coefficients of a window. */
  readonly size: number;
  readonly #windows: Window[];
  readonly #memory: LinearMemory;
  readonly #factorizer: CholeskyFactorizer;
  readonly #time: number | null;

  constructor(
    readonly problem: Problem,
    readonly resolution: Resolution,
    { ranges, amplitudes }: Sizes,
    seed: number,
    memory: LinearMemory,
  ) {
    const { counts, windows } = resolution;
    const d = problem.coordinates.length;
    const periodic = periodicAxes(problem);
    const axes = counts.map((count, i) =>
      periodic.has(i) ? periodicAxisBasis(count) : axisBasis(Math.max(smallest, count), seed + i),
    );
    const shared = new Map(
      problem.fields.map(({ of }) => {
        const basis = productBasis(
          of,
          of.map((i) => axes[i]),
        );
        return [of.join(), basis];
      }),
    );
    this.places = productPlaces(problem.fields.map(({ name, of }) => [name, shared.get(of.join())!]));
    this.size = this.places.reduce((sum, { basis }) => sum + basis.size, 0);
    const store = new JetStore(d);
    const jetsAt = store.at.bind(store);
    const nodes = axes.map(({ count }) => nodesFor(count));
    const most = Math.max(...nodes);
    const intervals = windows === 1 ? [undefined] : timeWindows(problem, windows);
    let before: Scaling | undefined;
    this.#windows = intervals.map((interval, w): Window => {
      const own = interval === undefined ? problem : windowProblem(problem, interval, w === 0);
      const scaling = operatorScaling(own, ranges, amplitudes);
      const blocks = operatorResiduals(own, scaling, {
        nodes,
        conditionPoints: d === 1 ? 1 : 2 * most,
        seed,
      });
      const face = blocks.find(({ given }) => given.size > 0);
      const carried =
        w === 0 || face === undefined
          ? undefined
          : new CarriedState(problem, before!, this.places, store, face.points[0]);
      before = scaling;
      return {
        system: new CoefficientSystem(blocks, this.places, jetsAt),
        carried,
        base: undefined,
        scaling,
      };
    });
    this.#memory = memory;
    this.#factorizer = new CholeskyFactorizer(memory);
    this.#time = problem.time;
  }

  /** Coefficients of all windows. */
  get length(): number {
    return this.size * this.#windows.length;
  }

  /** A field's own coefficients, window after window, in the user's units. */
  fieldCoefficients({ coefficients }: Pick<SolvedFunction, 'coefficients'>, name: string): Float64Array {
    const { basis, offset } = this.places.find((place) => place.name === name)!;
    const result = new Float64Array(this.#windows.length * basis.size);
    this.#windows.forEach(({ scaling }, w) => {
      const unit = unitOf(scaling, name);
      for (let p = 0; p < basis.size; p++)
        result[w * basis.size + p] = unit * coefficients[w * this.size + offset + p];
    });
    return result;
  }

  /** Combinations of the functions of a field. @param matrix  (length of `fieldCoefficients`, size), row-major */
  basisOf(name: string, matrix: Float64Array, size: number): SeparableBasis {
    const { basis } = this.places.find((place) => place.name === name)!;
    const { coordinates } = this.problem;
    const windows = this.#windows.length;
    const pieces = {
      basis,
      lows: Float64Array.from(coordinates, ({ low }) => low),
      highs: Float64Array.from(coordinates, ({ high }) => high),
      time: windows > 1 ? this.problem.time! : undefined,
      windows,
    };
    return new SeparableBasis(pieces, matrix, size);
  }

  /** Keeps the matrices of this function as those with which others begin. */
  prepare(samples: Readonly<Record<string, FunctionSample>>): SolvedFunction | undefined {
    return this.#run(samples, true);
  }

  /** @returns undefined where no solution was found */
  solve(samples: Readonly<Record<string, FunctionSample>>): SolvedFunction | undefined {
    return this.#run(samples, false);
  }

  #run(samples: Readonly<Record<string, FunctionSample>>, keep: boolean): SolvedFunction | undefined {
    const coefficients = new Float64Array(this.length);
    let residual = 0;
    let start: Float64Array = new Float64Array(this.size);
    let last: NormalFactor | undefined;
    for (const [w, window] of this.#windows.entries()) {
      const { system, carried, base } = window;
      const from = coefficients.subarray((w - 1) * this.size, w * this.size);
      const given = system.blocks.map((block) =>
        givenColumns(block, samples, (name) => carried!.column(name, from)!),
      );
      const factorizer = keep ? new CholeskyFactorizer(this.#memory) : this.#factorizer;
      const setting = { memory: this.#memory, factorizer };
      const direct = gaussNewton(system, given, start, last ?? base?.factor, setting);
      const found =
        direct !== undefined && direct.residual <= mostResidual
          ? direct
          : base && continuedFrom(base, given, (own, c) => gaussNewton(system, own, c, undefined, setting));
      if (found === undefined) return undefined;
      if (keep) window.base = { factor: found.factor, given, coefficients: found.coefficients };
      // A matrix that had to be renewed here serves the next window better than one of another function.
      last = found.factor === window.base?.factor ? undefined : found.factor;
      coefficients.set(found.coefficients, w * this.size);
      residual = Math.max(residual, found.residual);
      if (this.#time !== null && this.#windows.length > 1)
        start = continued(found.coefficients, this.places, this.#time);
    }
    return { coefficients, residual };
  }
}

/** Steps from one function to another are no smaller than this share of the way. */
const smallestStep = 1 / 64;

/**
 * The solution followed from that of another function to the one wanted, along the line between what is given
 * (Allgower & Georg, Numerical Continuation Methods, 1990).
 */
function continuedFrom(
  base: Base,
  given: readonly GivenColumns[],
  solve: (given: readonly GivenColumns[], start: Float64Array) => NewtonResult | undefined,
): NewtonResult | undefined {
  const between = (share: number): GivenColumns[] =>
    given.map((columns, b) =>
      columns.map((column, position) => {
        const from = base.given[b][position];
        if (column === undefined || from === undefined || column === from || share === 1) return column;
        return column.map((value, n) => from[n] + share * (value - from[n]));
      }),
    );
  let found: NewtonResult | undefined;
  for (let at = 0, step = 0.5; at < 1 && step >= smallestStep; ) {
    const next = Math.min(1, at + step);
    const there = solve(between(next), found?.coefficients ?? base.coefficients);
    if (there === undefined || there.residual > mostResidual) step /= 2;
    else {
      found = there;
      at = next;
      step *= 1.5;
      if (at === 1) return found;
    }
  }
  return undefined;
}
