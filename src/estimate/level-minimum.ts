import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { SolveError } from '../errors.ts';

/** A negative log-likelihood of a few parameters within bounds. */
export interface LikelihoodFunction {
  readonly names: readonly string[];
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Throws SolveError where the likelihood has no value. */
  evaluate(x: Float64Array): LikelihoodValue;
}

export interface LikelihoodValue {
  readonly negativeLogLikelihood: number;
  /** Its gradient (n). */
  readonly score: Float64Array;
  /** Its second derivatives, or an approximation by which steps are taken, (n, n). */
  readonly information: Float64Array;
}

/** A number that depends on the parameters: one of them, or an expression in them. */
export interface Quantity {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  value(x: Float64Array): number;
  gradient(x: Float64Array): Float64Array;
  /** One over it, where that can be had without it: its profile stands in where the quantity is infinite. */
  readonly reciprocal?: Quantity;
}

/** The least negative log-likelihood among the parameters at which a quantity has a given value. */
export interface LevelMinimum {
  readonly x: Float64Array;
  readonly value: LikelihoodValue;
  /** d(least negative log-likelihood)/d(value of the quantity). */
  readonly slope: number;
}

/** The parameters through which steps along a level are expressed. */
interface Frame {
  /** The parameter that follows from the others. */
  readonly pivot: number;
  readonly free: readonly number[];
  /** ∂pivot/∂free on the level. */
  readonly follow: Float64Array;
  readonly slope: number;
  /** Gradient and second derivatives by the free parameters. */
  readonly reducedScore: Float64Array;
  readonly reduced: Matrix;
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

/** A parameter as a quantity. */
export function parameter({ names, low, high }: LikelihoodFunction, j: number): Quantity {
  const gradient = Float64Array.from(names, (_, k) => (k === j ? 1 : 0));
  return { name: names[j], low: low[j], high: high[j], value: (x) => x[j], gradient: () => gradient };
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

/** Chooses the pivot by which the quantity moves most, each parameter measured by its information. */
function frameAt(
  { low, high }: LikelihoodFunction,
  quantity: Quantity,
  x: Float64Array,
  { score, information }: LikelihoodValue,
): Frame | undefined {
  const n = x.length;
  const slopes = quantity.gradient(x);
  const diagonal = Float64Array.from(x, (_, j) => information[j * n + j]);
  const largest = Math.max(...diagonal.map((d, j) => d * scaleOf(x[j]) ** 2));
  const inside = (j: number) => x[j] > low[j] && x[j] < high[j];
  let pivot = -1;
  let most = 0;
  for (let j = 0; j < n; j++) {
    const size = scaleOf(x[j]);
    const weight = Math.abs(slopes[j]) * Math.min(size, size / Math.sqrt(diagonal[j] * size * size + 1e-30));
    const measure = weight * (inside(j) ? 1 : 1e-12);
    if (measure > most) {
      most = measure;
      pivot = j;
    }
  }
  if (pivot < 0) return undefined;
  const slope = score[pivot] / slopes[pivot];
  const free: number[] = [];
  for (let j = 0; j < n; j++) {
    if (j === pivot) continue;
    const reduced = score[j] - slope * slopes[j];
    const blind = diagonal[j] * scaleOf(x[j]) ** 2 <= 1e-14 * largest && slopes[j] === 0;
    if (blind || (x[j] <= low[j] && reduced >= 0) || (x[j] >= high[j] && reduced <= 0)) continue;
    free.push(j);
  }
  const follow = Float64Array.from(free, (j) => -slopes[j] / slopes[pivot]);
  const h = (i: number, j: number) => information[i * n + j];
  const reduced = Matrix.zeros(free.length, free.length);
  free.forEach((i, a) => {
    free.forEach((j, b) => {
      const entry =
        h(i, j) + follow[a] * h(pivot, j) + follow[b] * h(i, pivot) + follow[a] * follow[b] * h(pivot, pivot);
      reduced.set(a, b, entry);
    });
  });
  const reducedScore = Float64Array.from(free, (j, k) => score[j] + follow[k] * score[pivot]);
  return { pivot, free, follow, slope, reducedScore, reduced };
}

function dampedStep(frame: Frame, damping: number): { free: Float64Array; decrease: number } {
  const free = solveDamped(frame.reduced, frame.reducedScore, damping);
  let linear = 0;
  let quadratic = 0;
  free.forEach((a, i) => {
    linear -= a * frame.reducedScore[i];
    free.forEach((b, j) => {
      quadratic += a * b * frame.reduced.get(i, j);
    });
  });
  return { free, decrease: linear - quadratic / 2 };
}

/** Solves (H + damping·diag H) s = −g. */
function solveDamped(matrix: Matrix, gradient: Float64Array, damping: number): Float64Array {
  const n = gradient.length;
  if (n === 0) return new Float64Array(0);
  const lengths = Float64Array.from(gradient, (_, i) => Math.sqrt(Math.max(matrix.get(i, i), 1e-300)));
  for (let added = Math.max(damping, 1e-12); ; added *= 10) {
    const scaled = Matrix.zeros(n, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const entry = matrix.get(i, j) / (lengths[i] * lengths[j]);
        scaled.set(i, j, entry);
        scaled.set(j, i, entry);
      }
      scaled.set(i, i, 1 + added);
    }
    const factor = new CholeskyDecomposition(scaled);
    if (!factor.isPositiveDefinite() && added < 1e6) continue;
    const solution = factor.solve(Matrix.columnVector(Array.from(gradient, (g, i) => -g / lengths[i])));
    return Float64Array.from(gradient, (_, i) => solution.get(i, 0) / lengths[i]);
  }
}

function scaleOf(x: number): number {
  return Math.abs(x) || 1;
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
