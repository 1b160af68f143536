import { SolveError } from '../errors.ts';
import { dampedStep, frameAt, scaleOf, solveDamped } from './level-frame.ts';
import {
  type LikelihoodFunction,
  type LikelihoodValue,
  parameter,
  type Quantity,
} from './likelihood-function.ts';

/** The least negative log-likelihood among the parameters at which a quantity has a given value. */
export interface LevelMinimum {
  readonly x: Float64Array;
  readonly value: LikelihoodValue;
  /** d(least negative log-likelihood)/d(value of the quantity). */
  readonly slope: number;
}

const MOST_ITERATIONS = 100;
/** Decrease of the negative log-likelihood, as the quadratic model has it, that is not worth a step. */
const SMALL_DECREASE = 1e-10;

/**
 * Minimizes by damped scoring (Levenberg–Marquardt on the Fisher information) over the surface where the
 * quantity has the value `level`: one parameter, the pivot, is eliminated at every step.
 *
 * @returns undefined where the level cannot be reached within the bounds or has no likelihood at the start
 */
export function minimizeOnLevel(
  likelihood: LikelihoodFunction,
  quantity: Quantity,
  level: number,
  start: Float64Array,
): LevelMinimum | undefined {
  const { low, high } = likelihood;
  let x = ontoLevel(likelihood, quantity, level, start);
  let value = x && attempt(likelihood, x);
  if (x === undefined || value === undefined) return undefined;
  let damping = 1e-4;
  let growth = 2;
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const frame = frameAt(likelihood, quantity, x, value);
    if (frame === undefined) return undefined;
    const left = dampedStep(frame, Math.min(damping, 1e-3)).decrease;
    if (frame.free.length === 0 || left < SMALL_DECREASE) return { x, value, slope: frame.slope };
    const step = dampedStep(frame, damping);
    const trial = x.slice();
    frame.free.forEach((j, k) => {
      trial[j] = Math.min(high[j], Math.max(low[j], x![j] + step.free[k]));
      trial[frame.pivot] += frame.follow[k] * (trial[j] - x![j]);
    });
    const projected = solvePivot(likelihood, quantity, level, trial, frame.pivot);
    const next = projected && attempt(likelihood, projected);
    const actual =
      next === undefined
        ? Number.NEGATIVE_INFINITY
        : value.negativeLogLikelihood - next.negativeLogLikelihood;
    if (projected !== undefined && next !== undefined && actual > 0) {
      const ratio = actual / step.decrease;
      damping = Math.max(1e-12, damping * Math.max(1 / 5, 1 - (2 * ratio - 1) ** 3));
      growth = 2;
      x = projected;
      value = next;
    } else {
      // Rounding and the integration's tolerance hide what is left.
      if (left < 1e-6 && damping > 1) return { x, value, slope: frame.slope };
      damping *= growth;
      growth *= 2;
      if (damping > 1e20) return { x, value, slope: frame.slope };
    }
  }
  const frame = frameAt(likelihood, quantity, x, value);
  return frame && { x, value, slope: frame.slope };
}

/** The least negative log-likelihood of all, by the same steps; undefined where there is none at the start. */
export function minimizeFrom(likelihood: LikelihoodFunction, start: Float64Array): LevelMinimum | undefined {
  // One more parameter, on which nothing depends, is the one that is held.
  const n = start.length;
  const extended: LikelihoodFunction = {
    names: [...likelihood.names, ''],
    low: Float64Array.of(...likelihood.low, 0),
    high: Float64Array.of(...likelihood.high, 0),
    evaluate: (x) => {
      const { negativeLogLikelihood, score, information } = likelihood.evaluate(x.slice(0, n));
      const wide = new Float64Array((n + 1) ** 2);
      for (let i = 0; i < n; i++) wide.set(information.subarray(i * n, (i + 1) * n), i * (n + 1));
      return { negativeLogLikelihood, score: Float64Array.of(...score, 0), information: wide };
    },
  };
  const held = parameter(extended, n);
  const minimum = minimizeOnLevel(extended, held, 0, Float64Array.of(...start, 0));
  if (minimum === undefined) return undefined;
  const x = minimum.x.slice(0, n);
  return { x, value: likelihood.evaluate(x), slope: 0 };
}

/** The direction in which the minimum moves as the quantity grows by 1, to first order. */
export function tangentAlong(
  likelihood: LikelihoodFunction,
  quantity: Quantity,
  { x, value }: Pick<LevelMinimum, 'x' | 'value'>,
): Float64Array {
  const tangent = new Float64Array(x.length);
  const frame = frameAt(likelihood, quantity, x, value);
  if (frame === undefined) return tangent;
  const { pivot, free, follow, reduced } = frame;
  const n = x.length;
  const h = value.information;
  const along = 1 / quantity.gradient(x)[pivot];
  const right = Float64Array.from(
    free,
    (i, k) => along * (h[i * n + pivot] + follow[k] * h[pivot * n + pivot]),
  );
  const step = solveDamped(reduced, right, 1e-9);
  tangent[pivot] = along;
  free.forEach((j, k) => {
    tangent[j] = step[k];
    tangent[pivot] += follow[k] * step[k];
  });
  return tangent;
}

function attempt(likelihood: LikelihoodFunction, x: Float64Array): LikelihoodValue | undefined {
  try {
    const value = likelihood.evaluate(x);
    return Number.isFinite(value.negativeLogLikelihood) ? value : undefined;
  } catch (error) {
    if (error instanceof SolveError && error.name === 'SolveError') return undefined;
    throw error;
  }
}

/** The start moved onto the level through one parameter, the one that gets there with the least change. */
function ontoLevel(
  likelihood: LikelihoodFunction,
  quantity: Quantity,
  level: number,
  start: Float64Array,
): Float64Array | undefined {
  const { low, high } = likelihood;
  const x = start.map((value, j) => Math.min(high[j], Math.max(low[j], value)));
  const slopes = quantity.gradient(x);
  const order = Array.from(slopes.keys())
    .filter((j) => slopes[j] !== 0)
    .sort((a, b) => Math.abs(slopes[b]) * scaleOf(x[b]) - Math.abs(slopes[a]) * scaleOf(x[a]));
  for (const pivot of order) {
    const reached = solvePivot(likelihood, quantity, level, x, pivot);
    if (reached !== undefined) return reached;
  }
  return undefined;
}

/** Newton's method for quantity(x) = level in the pivot alone. */
function solvePivot(
  { low, high }: LikelihoodFunction,
  quantity: Quantity,
  level: number,
  start: Float64Array,
  pivot: number,
): Float64Array | undefined {
  const x = start.slice();
  const size = Math.max(Math.abs(level), 1e-300);
  for (let i = 0; i < 50; i++) {
    const miss = quantity.value(x) - level;
    if (Math.abs(miss) <= 1e-13 * size)
      return x[pivot] >= low[pivot] && x[pivot] <= high[pivot] ? x : undefined;
    const next = x[pivot] - miss / quantity.gradient(x)[pivot];
    if (!Number.isFinite(next)) return undefined;
    if (Math.abs(next - x[pivot]) <= 1e-15 * Math.abs(next) && i > 2) return x;
    x[pivot] = next;
  }
  return undefined;
}
