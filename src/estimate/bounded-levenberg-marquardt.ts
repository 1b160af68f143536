/** A point of a nonlinear least-squares problem, or of another one that is locally like it. */
export interface ResidualPoint {
  /** (m). */
  readonly residuals: Float64Array;
  /** (m, n), row-major. */
  readonly jacobian: Float64Array;
  readonly sumOfSquares: number;
  /**
   * What is minimized where that is not the sum of squares; half its gradient is Jᵀr, and JᵀJ stands for half
   * its second derivatives, as in Fisher's scoring.
   */
  readonly merit?: number;
}

export interface BoundedLeastSquares<Point extends ResidualPoint> {
  /** A parameter with two equal bounds is held there. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Typical sizes, positive: what counts as a small step where a value is 0. */
  readonly scale: Float64Array;
  readonly maxIterations: number;
  /** Relative reduction of what is minimized below which it is at an end; default 1e-15. */
  readonly tolerance?: number;
  /** At the start; default 1e-3. Smaller where the start is near the minimum. */
  readonly damping?: number;
  /** Residuals and their derivatives; undefined where the model has no value. */
  evaluate(x: Float64Array): Point | undefined;
}

export interface LeastSquaresMinimum<Point> {
  readonly x: Float64Array;
  readonly point: Point;
  readonly iterations: number;
  readonly stopped: 'converged' | 'iterations';
}

/** Below this relative reduction the errors of an integrated trajectory may be all that is seen of it. */
const noiseLevel = 1e-10;
/** Where not even a short step reduces what is minimized by as little as this, nothing will. */
const stalled = 1e-13;
/** Keeps steps finite along directions that the residuals do not depend on. */
const smallestDamping = 1e-12;

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
  const { low, high, scale, maxIterations, tolerance = 1e-15 } = problem;
  const n = start.length;
  let x = start.map((value, i) => Math.min(high[i], Math.max(low[i], value)));
  let point = problem.evaluate(x);
  if (point === undefined) return undefined;
  const lengths = new Float64Array(n);
  const gradient = new Float64Array(n);
  let damping = problem.damping ?? 1e-3;
  let growth = 2;
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    const { residuals, jacobian, merit = point.sumOfSquares }: Point = point;
    const m = residuals.length;
    let square = 0;
    for (let i = 0; i < m; i++) square += residuals[i] ** 2;
    const magnitude = point.merit === undefined ? square : Math.abs(merit) + m;
    for (let j = 0; j < n; j++) {
      gradient[j] = 0;
      let length = 0;
      for (let i = 0; i < m; i++) {
        gradient[j] += jacobian[i * n + j] * residuals[i];
        length += jacobian[i * n + j] ** 2;
      }
      // The weights of a likelihood may have been far larger at a bad start than they ever are again.
      lengths[j] = point.merit === undefined ? Math.max(lengths[j], Math.sqrt(length)) : Math.sqrt(length);
    }
    const free: number[] = [];
    for (let j = 0; j < n; j++) {
      const held =
        low[j] === high[j] || (x[j] <= low[j] && gradient[j] > 0) || (x[j] >= high[j] && gradient[j] < 0);
      if (lengths[j] > 0 && !held) free.push(j);
    }
    const residual = Math.sqrt(square);
    if (free.every((j) => Math.abs(gradient[j]) <= 1e-13 * lengths[j] * residual)) {
      return { x, point, iterations: iteration - 1, stopped: 'converged' };
    }
    const step = dampedStep(residuals, jacobian, n, free, lengths, damping);
    const trial = x.map((value, j) => Math.min(high[j], Math.max(low[j], value + step[j])));
    const small = trial.every(
      (value, j) => Math.abs(value - x[j]) <= 1e-12 * (Math.abs(x[j]) + 1e-3 * scale[j]),
    );
    const taken = trial.map((value, j) => value - x[j]);
    const predicted = square - linearSumOfSquares(residuals, jacobian, taken);
    const next = problem.evaluate(trial);
    const actual = next === undefined ? Number.NEGATIVE_INFINITY : merit - (next.merit ?? next.sumOfSquares);
    // There the gradient, which has more digits, says whether a step is one forward.
    const within =
      next !== undefined &&
      predicted <= noiseLevel * magnitude &&
      Math.abs(actual) <= 10 * noiseLevel * magnitude &&
      steepness(next, free, lengths, n) < steepness(point, free, lengths, n);
    if (next !== undefined && (actual > 0 || within)) {
      const ratio = predicted > 0 && !within ? actual / predicted : 1;
      damping = Math.max(smallestDamping, damping * Math.max(1 / 3, 1 - (2 * ratio - 1) ** 3));
      growth = 2;
      x = trial;
      point = next;
      if (small || (predicted <= tolerance * magnitude && damping < 1e-2)) {
        return { x, point, iterations: iteration, stopped: 'converged' };
      }
    } else {
      if (small || (predicted <= stalled * magnitude && damping > 1)) {
        return { x, point, iterations: iteration, stopped: 'converged' };
      }
      damping *= growth;
      growth *= 2;
    }
  }
  return { x, point, iterations: maxIterations, stopped: 'iterations' };
}

/**
 * min ‖J s + r‖² + damping·‖D s‖² over the free parameters, D the lengths of the columns, by Householder
 * reflections: Golub & Van Loan, Matrix Computations, 4th ed., section 5.2.
 */
function dampedStep(
  residuals: Float64Array,
  jacobian: Float64Array,
  n: number,
  free: readonly number[],
  lengths: Float64Array,
  damping: number,
): Float64Array {
  const m = residuals.length;
  const columns = free.length;
  const rows = m + columns;
  // Column-major, the right-hand side last.
  const a = new Float64Array(rows * (columns + 1));
  for (let k = 0; k < columns; k++) {
    const j = free[k];
    for (let i = 0; i < m; i++) a[k * rows + i] = jacobian[i * n + j] / lengths[j];
    a[k * rows + m + k] = Math.sqrt(damping);
  }
  for (let i = 0; i < m; i++) a[columns * rows + i] = -residuals[i];
  const diagonal = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    let square = 0;
    for (let i = k; i < rows; i++) square += a[k * rows + i] ** 2;
    const pivot = a[k * rows + k];
    diagonal[k] = pivot > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    a[k * rows + k] = pivot - diagonal[k];
    const half = square - pivot * diagonal[k];
    for (let c = k + 1; c <= columns; c++) {
      let product = 0;
      for (let i = k; i < rows; i++) product += a[k * rows + i] * a[c * rows + i];
      const factor = product / half;
      for (let i = k; i < rows; i++) a[c * rows + i] -= factor * a[k * rows + i];
    }
  }
  const step = new Float64Array(n);
  for (let k = columns - 1; k >= 0; k--) {
    let value = a[columns * rows + k];
    for (let c = k + 1; c < columns; c++) value -= a[c * rows + k] * step[free[c]];
    step[free[k]] = value / diagonal[k];
  }
  free.forEach((j) => {
    step[j] /= lengths[j];
  });
  return step;
}

/** Squared length of the scaled gradient. */
function steepness(
  { residuals, jacobian }: ResidualPoint,
  free: readonly number[],
  lengths: Float64Array,
  n: number,
): number {
  let sum = 0;
  for (const j of free) {
    let slope = 0;
    for (let i = 0; i < residuals.length; i++) slope += jacobian[i * n + j] * residuals[i];
    sum += (slope / lengths[j]) ** 2;
  }
  return sum;
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
