/** How fast fields vary along each coordinate, as far as observations and conditions state their values. */
import { column, subtract } from '../../expression/build.ts';
import { conditionPoints } from '../../problem/condition-points.ts';
import { impliedValue } from '../../problem/implied-value.ts';
import type { Problem } from '../../problem/index.ts';

/** At most so many stated values of a field are taken, of each kind. */
const mostObserved = 200;
const mostStated = 100;

/** With fewer there is nothing to be read off. */
const fewest = 20;

/** Of conditions, relative to the variance of the field: beside it is what keeps the matrix positive definite. */
const leastNoise = 1e-8;

const firstScale = 3;
const smallestScale = 0.5;
const largestScale = 48;
const noises = { first: 1e-3, largest: 1 };

/** Factors by which scales and noise are changed, one after the other. */
const steps = [
  { scale: 2, noise: 100 },
  { scale: Math.SQRT2, noise: 10 },
  { scale: 2 ** 0.25, noise: Math.sqrt(10) },
];
const mostRounds = 6;

/** A better likelihood is better by this at least. */
const leastGain = 0.5;

/** Values of a field at normalised points in the coordinates that it depends on. */
interface Stated {
  readonly of: readonly number[];
  readonly points: readonly (readonly number[])[];
  readonly values: readonly number[];
  readonly observed: readonly boolean[];
}

export interface ObservedScales {
  /** Largest angular frequency along each coordinate, per normalised coordinate. */
  readonly scales: readonly number[];
  /** Variance of the noise of the observations, relative to that of the fields. */
  readonly noise: number;
}

/**
 * The frequencies up to which fields have parts, by maximum likelihood: as Gaussian processes of which all frequencies
 * up to those are equally likely, as in features (Rasmussen & Williams, Gaussian Processes for Machine Learning, 2006,
 * section 5.4.1), with noise of its own on observations. Undefined where too few values are stated.
 */
export function observedScales(problem: Problem, ended: () => boolean): ObservedScales | undefined {
  const stated = statedValues(problem).filter(({ observed }) => observed.includes(true));
  if (stated.length === 0) return undefined;
  let scales = problem.coordinates.map(() => firstScale);
  let noise = noises.first;
  const likelihood = (trial: readonly number[], own: number): number =>
    stated.reduce((sum, field) => sum + logLikelihood(field, trial, own), 0);
  let best = likelihood(scales, noise);
  for (const step of steps)
    for (let round = 0, moved = true; round < mostRounds && moved; round++) {
      moved = false;
      const take = (trial: readonly number[], own: number): boolean => {
        const value = likelihood(trial, own);
        if (!(value > best + leastGain)) return false;
        best = value;
        scales = [...trial];
        noise = own;
        moved = true;
        return true;
      };
      for (const factor of [step.noise, 1 / step.noise]) {
        const own = noise * factor;
        if (own >= leastNoise && own <= noises.largest && take(scales, own)) break;
      }
      for (let axis = 0; axis < scales.length; axis++)
        for (const factor of [step.scale, 1 / step.scale]) {
          if (ended()) return { scales, noise };
          const own = scales[axis] * factor;
          if (own < smallestScale || own > largestScale) continue;
          if (take(scales.with(axis, own), noise)) break;
        }
    }
  return { scales, noise };
}

/** Evenly spread over a list. */
function some<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, i) => list[Math.floor(((i + 0.5) * list.length) / most)]);
}

/** What is said of the values of each field that is no coefficient. */
function statedValues(problem: Problem): Stated[] {
  const { coordinates, fields, observations, conditions, unknowns } = problem;
  const d = coordinates.length;
  const at = (points: Float64Array, n: number): number[] => [...points.subarray(n * d, (n + 1) * d)];
  const rows = new Map<string, { point: number[]; value: number; observed: boolean }[]>();
  const state = (
    found: ReturnType<ReturnType<typeof impliedValue>>,
    point: number[],
    observed: boolean,
  ): void => {
    if (found === undefined || found.leaf.order.some((k) => k > 0)) return;
    const { name } = found.leaf;
    rows.set(name, [...(rows.get(name) ?? []), { point, value: found.value, observed }]);
  };
  const initial = (name: string): number => unknowns.find((unknown) => unknown.name === name)!.initial;
  for (const { expression, points, before, values, count } of observations) {
    if (before !== undefined) continue;
    const implied = impliedValue(subtract(expression, column('value')));
    for (const n of some([...Array(count).keys()], mostObserved)) {
      const point = at(points, n);
      const known = implied((leaf) => {
        if (leaf.kind === 'coordinate') return point[leaf.index];
        return leaf.kind === 'unknown' ? initial(leaf.name) : values[n];
      });
      state(known, point, true);
    }
  }
  for (const condition of conditions) {
    if (condition.kind === 'periodic' || condition.kind === 'interface') continue;
    const implied = impliedValue(subtract(condition.left, condition.right));
    const places = conditionPoints(condition, problem, Math.ceil(mostStated / conditions.length));
    const names = coordinates.map((c) => `normal:${c.name}`);
    for (const n of some([...Array(places.count).keys()], Math.ceil(mostStated / conditions.length))) {
      const point = at(places.points, n);
      const known = implied((leaf) => {
        if (leaf.kind === 'coordinate') return point[leaf.index];
        if (leaf.kind === 'unknown') return initial(leaf.name);
        return places.normals[n * d + names.indexOf(leaf.name)] ?? 0;
      });
      state(known, point, false);
    }
  }
  return fields.flatMap(({ name, of, unknown, pieces }): Stated[] => {
    const own = rows.get(name) ?? [];
    if (unknown || pieces !== undefined || own.length < fewest) return [];
    const size = Math.max(...own.map(({ value }) => Math.abs(value)));
    if (!(size > 0) || !Number.isFinite(size)) return [];
    return [
      {
        of,
        points: own.map(({ point }) =>
          of.map(
            (i) =>
              (2 * point[i] - coordinates[i].low - coordinates[i].high) /
              (coordinates[i].high - coordinates[i].low),
          ),
        ),
        values: own.map(({ value }) => value / size),
        observed: own.map(({ observed }) => observed),
      },
    ];
  });
}

/** The mean of cos(ωδ) over all |ω| ≤ s. */
const correlation = (z: number): number => (Math.abs(z) < 1e-6 ? 1 : Math.sin(z) / z);

/** Of the values, but for a constant, the variance of the process being that of greatest likelihood. */
function logLikelihood(
  { of, points, values, observed }: Stated,
  scales: readonly number[],
  noise: number,
): number {
  const n = values.length;
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let product = 1;
      for (let k = 0; k < of.length; k++)
        product *= correlation(scales[of[k]] * (points[i][k] - points[j][k]));
      factor[i * n + j] = product + (i === j ? leastNoise + (observed[i] ? noise : 0) : 0);
    }
  let logDeterminant = 0;
  let squares = 0;
  const solved = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = factor[i * n + j];
      for (let k = 0; k < j; k++) sum -= factor[i * n + k] * factor[j * n + k];
      if (i > j) factor[i * n + j] = sum / factor[j * n + j];
      else {
        if (!(sum > 0)) return Number.NEGATIVE_INFINITY;
        factor[i * n + i] = Math.sqrt(sum);
      }
    }
    let value = values[i];
    for (let k = 0; k < i; k++) value -= factor[i * n + k] * solved[k];
    solved[i] = value / factor[i * n + i];
    squares += solved[i] ** 2;
    logDeterminant += 2 * Math.log(factor[i * n + i]);
  }
  return -(n * Math.log(squares / n) + logDeterminant) / 2;
}
