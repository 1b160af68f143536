import { Matrix, SingularValueDecomposition } from 'ml-matrix';

/** A point of a nonlinear least-squares problem. */
export interface ResidualPoint {
  /** (m). */
  readonly residuals: Float64Array;
  /** (m, n), row-major. */
  readonly jacobian: Float64Array;
  readonly sumOfSquares: number;
}

export interface BoundedLeastSquares<Point extends ResidualPoint> {
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Typical sizes, positive: what counts as a small step where a value is 0. */
  readonly scale: Float64Array;
  readonly maxIterations: number;
  /** Residuals and their derivatives; undefined where the model has no value. */
  evaluate(x: Float64Array): Point | undefined;
}

export interface LeastSquaresMinimum<Point> {
  readonly x: Float64Array;
  readonly point: Point;
  readonly iterations: number;
  readonly stopped: 'converged' | 'iterations';
}

/**
 * Levenberg–Marquardt with Marquardt's scaling for a few parameters within bounds: a parameter at a bound whose
 * gradient points outward is held, others' steps are clipped to the bounds. Marquardt (1963), J. SIAM 11,
 * 431–441; Nielsen's update of the damping (1999), IMM-REP-1999-05.
 *
 * @returns undefined if the model has no value at the start
 */
export function minimizeLeastSquares<Point extends ResidualPoint>(
  problem: BoundedLeastSquares<Point>,
  start: Float64Array,
): LeastSquaresMinimum<Point> | undefined {
  const { low, high, scale, maxIterations } = problem;
  const n = start.length;
  let x = start.map((value, i) => Math.min(high[i], Math.max(low[i], value)));
  let point = problem.evaluate(x);
  if (point === undefined) return undefined;
  const lengths = new Float64Array(n);
  let damping = 1e-3;
  let growth = 2;
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    const { residuals, jacobian } = point;
    const m = residuals.length;
    const gradient = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      let square = 0;
      for (let i = 0; i < m; i++) {
        gradient[j] += jacobian[i * n + j] * residuals[i];
        square += jacobian[i * n + j] ** 2;
      }
      lengths[j] = Math.max(lengths[j], Math.sqrt(square));
    }
    const free = Array.from({ length: n }, (_, j) => j).filter(
      (j) => lengths[j] > 0 && !((x[j] <= low[j] && gradient[j] > 0) || (x[j] >= high[j] && gradient[j] < 0)),
    );
    const length = Math.sqrt(point.sumOfSquares);
    if (free.every((j) => Math.abs(gradient[j]) <= 1e-13 * lengths[j] * length)) {
      return { x, point, iterations: iteration - 1, stopped: 'converged' };
    }
    const step = dampedStep(residuals, jacobian, n, free, lengths, damping);
    const trial = x.map((value, j) => Math.min(high[j], Math.max(low[j], value + step[j])));
    const small = trial.every(
      (value, j) => Math.abs(value - x[j]) <= 1e-12 * (Math.abs(x[j]) + 1e-3 * scale[j]),
    );
    const next = problem.evaluate(trial);
    const taken = trial.map((value, j) => value - x[j]);
    const predicted = point.sumOfSquares - linearSumOfSquares(residuals, jacobian, taken);
    const actual = next === undefined ? Number.NEGATIVE_INFINITY : point.sumOfSquares - next.sumOfSquares;
    if (next !== undefined && actual > 0) {
      const ratio = predicted > 0 ? actual / predicted : 0.5;
      damping *= Math.max(1 / 3, 1 - (2 * ratio - 1) ** 3);
      growth = 2;
      const reduction = actual / point.sumOfSquares;
      x = trial;
      point = next;
      if (small || (reduction < 1e-15 && ratio > 0.25)) {
        return { x, point, iterations: iteration, stopped: 'converged' };
      }
    } else {
      if (small) return { x, point, iterations: iteration, stopped: 'converged' };
      damping *= growth;
      growth *= 2;
    }
  }
  return { x, point, iterations: maxIterations, stopped: 'iterations' };
}

/** Solves min ‖J s + r‖² + damping·‖D s‖² over the free parameters. */
function dampedStep(
  residuals: Float64Array,
  jacobian: Float64Array,
  n: number,
  free: readonly number[],
  lengths: Float64Array,
  damping: number,
): Float64Array {
  const m = residuals.length;
  const matrix = Matrix.zeros(m + free.length, free.length);
  const right = Matrix.zeros(m + free.length, 1);
  for (let i = 0; i < m; i++) {
    right.set(i, 0, -residuals[i]);
    free.forEach((j, k) => {
      matrix.set(i, k, jacobian[i * n + j] / lengths[j]);
    });
  }
  free.forEach((_, k) => {
    matrix.set(m + k, k, Math.sqrt(damping));
  });
  const solution = new SingularValueDecomposition(matrix, { autoTranspose: true }).solve(right);
  const step = new Float64Array(n);
  free.forEach((j, k) => {
    step[j] = solution.get(k, 0) / lengths[j];
  });
  return step;
}

function linearSumOfSquares(residuals: Float64Array, jacobian: Float64Array, step: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < residuals.length; i++) {
    let value = residuals[i];
    for (let j = 0; j < step.length; j++) value += jacobian[i * step.length + j] * step[j];
    sum += value * value;
  }
  return sum;
}
