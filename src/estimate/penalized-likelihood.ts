/** The maximum of a penalised likelihood, −ℓ(x) + ½ xᵀSx, by damped Fisher scoring. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { InterruptedError, SolveError } from '../errors.ts';

/** A point of a likelihood: −ℓ with its derivatives by the n parameters. */
export interface ScoredPoint {
  readonly negativeLogLikelihood: number;
  /** ∂(−ℓ)/∂x. */
  readonly score: Float64Array;
  /** Expected Fisher information (n, n), row-major. */
  readonly information: Float64Array;
}

export interface ScoredLikelihood<Point extends ScoredPoint> {
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** @throws SolveError where there is no trajectory */
  evaluate(x: Float64Array): Point;
}

export interface PenalizedMaximum<Point> {
  readonly x: Float64Array;
  readonly point: Point;
  /** −ℓ + ½ xᵀSx. */
  readonly objective: number;
  /** Information + S, (n, n). */
  readonly precision: Matrix;
  readonly iterations: number;
  readonly stopped: 'converged' | 'iterations';
}

export interface PenalizedOptions {
  readonly maxIterations: number;
  /** Ends where a step promises to raise the penalised likelihood's logarithm by less. */
  readonly tolerance: number;
  /** Steps beyond these are not tried: far off a likelihood may take long to evaluate, or be flat. */
  readonly largestStep?: Float64Array;
  readonly signal?: AbortSignal | undefined;
}

function quadratic(matrix: Float64Array, x: Float64Array): { value: number; slope: Float64Array } {
  const n = x.length;
  const slope = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) slope[i] += matrix[i * n + j] * x[j];
  return { value: slope.reduce((total, s, i) => total + 0.5 * s * x[i], 0), slope };
}

/**
 * @param penalty  S, (n, n) row-major, positive semidefinite
 * @throws SolveError where the likelihood has no value at the start
 */
export function maximizePenalizedLikelihood<Point extends ScoredPoint>(
  likelihood: ScoredLikelihood<Point>,
  penalty: Float64Array,
  start: Float64Array,
  options: PenalizedOptions,
): PenalizedMaximum<Point> {
  const { low, high } = likelihood;
  const n = start.length;
  const clip = (x: Float64Array): Float64Array =>
    x.map((value, i) => Math.min(high[i], Math.max(low[i], value)));
  let x = clip(start);
  let point = likelihood.evaluate(x);
  let penalized = quadratic(penalty, x);
  let objective = point.negativeLogLikelihood + penalized.value;
  let damping = 1e-3;
  const precisionAt = (at: Point): Matrix =>
    Matrix.from1DArray(
      n,
      n,
      at.information.map((value, k) => value + penalty[k]),
    );
  const result = (iterations: number, stopped: 'converged' | 'iterations') => ({
    x,
    point,
    objective,
    precision: precisionAt(point),
    iterations,
    stopped,
  });
  for (let iteration = 1; iteration <= options.maxIterations; iteration++) {
    if (options.signal?.aborted) throw new InterruptedError('the estimation was interrupted');
    const gradient = point.score.map((value, i) => value + penalized.slope[i]);
    const free = [...gradient.keys()].filter(
      (i) => !((x[i] <= low[i] && gradient[i] > 0) || (x[i] >= high[i] && gradient[i] < 0)),
    );
    const precision = precisionAt(point);
    let accepted = false;
    while (!accepted) {
      const step = dampedStep(precision, point.information, gradient, free, damping);
      const trial = clip(x.map((value, i) => value + step[i]));
      const gain = -step.reduce((total, s, i) => total + s * gradient[i], 0) / 2;
      if (!(gain > options.tolerance)) return result(iteration - 1, 'converged');
      const tooLarge =
        options.largestStep !== undefined && step.some((s, i) => Math.abs(s) > options.largestStep![i]);
      const next = tooLarge ? undefined : valueAt(likelihood, trial);
      const nextPenalty = quadratic(penalty, trial);
      const value = (next?.negativeLogLikelihood ?? Number.POSITIVE_INFINITY) + nextPenalty.value;
      if (next !== undefined && value < objective) {
        damping = Math.max(1e-12, damping * (objective - value > 0.5 * gain ? 0.1 : 1));
        [x, point, penalized, objective] = [trial, next, nextPenalty, value];
        accepted = true;
      } else {
        damping *= 8;
        if (damping > 1e12) return result(iteration, 'converged');
      }
    }
  }
  return result(options.maxIterations, 'iterations');
}

function valueAt<Point extends ScoredPoint>(
  likelihood: ScoredLikelihood<Point>,
  x: Float64Array,
): Point | undefined {
  try {
    const point = likelihood.evaluate(x);
    return Number.isFinite(point.negativeLogLikelihood) ? point : undefined;
  } catch (error) {
    if (error instanceof InterruptedError || !(error instanceof SolveError)) throw error;
    return undefined;
  }
}

/**
 * −(F + S + damping·diag F)⁻¹ g over the free parameters: damped by the information alone, since the penalty is
 * exactly quadratic and must not hold back the directions that it leaves free.
 */
function dampedStep(
  precision: Matrix,
  information: Float64Array,
  gradient: Float64Array,
  free: readonly number[],
  damping: number,
): Float64Array {
  const step = new Float64Array(gradient.length);
  if (free.length === 0) return step;
  const matrix = Matrix.zeros(free.length, free.length);
  free.forEach((i, p) => {
    free.forEach((j, q) => {
      // Rounding may have left the two halves a little different.
      matrix.set(p, q, precision.get(Math.max(i, j), Math.min(i, j)));
    });
    matrix.set(p, p, precision.get(i, i) * (1 + 1e-14) + damping * information[i * gradient.length + i]);
  });
  const cholesky = new CholeskyDecomposition(matrix);
  if (!cholesky.isPositiveDefinite()) return step;
  const solution = cholesky.solve(Matrix.columnVector(free.map((i) => -gradient[i])));
  free.forEach((i, p) => {
    step[i] = solution.get(p, 0);
  });
  return step;
}
