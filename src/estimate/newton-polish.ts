import type { LeastSquaresMinimum, ResidualPoint } from './bounded-levenberg-marquardt.ts';

interface PolishProblem<Point> {
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Squared distance from the minimum, in standard errors, at which it is at an end. */
  readonly tolerance: number;
  evaluate(x: Float64Array): Point | undefined;
}

const rounds = 4;
const chords = 6;
/** Of a difference quotient of the gradient, in standard errors. */
const differenceStep = 1e-4;

/**
 * Newton's method from near a minimum, the second derivatives by differences of the exact gradient Jᵀr, kept for
 * several steps: where the model does not describe the data, expected second derivatives may be so far from the
 * actual ones that scoring creeps or circles. Deuflhard (2004), Newton Methods for Nonlinear Problems, section 2.1.
 *
 * @returns undefined where it does not converge, as far from a minimum
 */
export function polishMinimum<Point extends ResidualPoint>(
  problem: PolishProblem<Point>,
  start: Float64Array,
): LeastSquaresMinimum<Point> | undefined {
  let x = start;
  let point = problem.evaluate(x);
  const first = point?.merit ?? point?.sumOfSquares ?? Number.NaN;
  let iterations = 0;
  for (let round = 0; round < rounds && point !== undefined; round++) {
    const free = freeParameters(problem, x, gradientOf(point, x.length));
    const solve = secondDerivatives(problem, x, point, free);
    if (solve === undefined) return undefined;
    let gradient = free.map((j) => gradientOf(point!, x.length)[j]);
    let step = solve(gradient);
    let distance = dot(gradient, step);
    for (let chord = 0; chord < chords; chord++) {
      if (distance <= problem.tolerance) return converged(x, point, iterations, first);
      const trial = x.slice();
      free.forEach((j, k) => {
        trial[j] = Math.min(problem.high[j], Math.max(problem.low[j], x[j] - step[k]));
      });
      const next = problem.evaluate(trial);
      iterations++;
      if (next === undefined) return undefined;
      const nextGradient = gradientOf(next, x.length);
      const nextFree = freeParameters(problem, trial, nextGradient);
      const left = free.map((j) => nextGradient[j]);
      const nextStep = solve(left);
      const nextDistance = dot(left, nextStep);
      const sameBounds = nextFree.length === free.length && nextFree.every((j, k) => j === free[k]);
      // What no longer falls is as small as the digits of the trajectory allow, or calls for new derivatives.
      if (sameBounds && !(nextDistance < 0.5 * distance)) {
        if (distance < 1e-9) return converged(x, point, iterations, first);
        if (round > 0 && nextDistance > distance) return undefined;
      }
      x = trial;
      point = next;
      if (!sameBounds || !(nextDistance < 0.5 * distance)) break;
      [gradient, step, distance] = [left, nextStep, nextDistance];
    }
  }
  return undefined;
}

/** Undefined where the way led uphill, to another minimum. */
function converged<Point extends ResidualPoint>(
  x: Float64Array,
  point: Point,
  iterations: number,
  first: number,
): LeastSquaresMinimum<Point> | undefined {
  const merit = point.merit ?? point.sumOfSquares;
  if (!(merit <= first + 1e-9 * (Math.abs(first) + 1))) return undefined;
  return { x, point, iterations, stopped: 'converged' };
}

function gradientOf({ residuals, jacobian }: ResidualPoint, n: number): Float64Array {
  const gradient = new Float64Array(n);
  for (let i = 0; i < residuals.length; i++) {
    for (let j = 0; j < n; j++) gradient[j] += jacobian[i * n + j] * residuals[i];
  }
  return gradient;
}

function freeParameters<Point>(
  { low, high }: PolishProblem<Point>,
  x: Float64Array,
  gradient: Float64Array,
): number[] {
  return [...x.keys()].filter(
    (j) => low[j] < high[j] && !(x[j] <= low[j] && gradient[j] > 0) && !(x[j] >= high[j] && gradient[j] < 0),
  );
}

/** Solves with the Cholesky factor of the second derivatives; undefined where they are not positive definite. */
function secondDerivatives<Point extends ResidualPoint>(
  problem: PolishProblem<Point>,
  x: Float64Array,
  point: Point,
  free: readonly number[],
): ((right: readonly number[]) => number[]) | undefined {
  const { jacobian, residuals } = point;
  const n = x.length;
  const count = free.length;
  const base = gradientOf(point, n);
  const matrix = free.map(() => new Array<number>(count).fill(0));
  for (const [k, j] of free.entries()) {
    let length = 0;
    for (let i = 0; i < residuals.length; i++) length += jacobian[i * n + j] ** 2;
    if (!(length > 0)) return undefined;
    const room = Math.max(problem.high[j] - x[j], x[j] - problem.low[j]);
    const size = Math.min(differenceStep / Math.sqrt(length), 0.5 * room);
    const shifted = x.slice();
    shifted[j] += problem.high[j] - x[j] >= size ? size : -size;
    const other = problem.evaluate(shifted);
    if (other === undefined) return undefined;
    const gradient = gradientOf(other, n);
    free.forEach((i, row) => {
      const slope = (gradient[i] - base[i]) / (shifted[j] - x[j]);
      matrix[row][k] += 0.5 * slope;
      matrix[k][row] += 0.5 * slope;
    });
  }
  const scale = free.map((_, k) => 1 / Math.sqrt(matrix[k][k]));
  for (let i = 0; i < count; i++) {
    for (let k = 0; k <= i; k++) {
      let value = matrix[i][k] * scale[i] * scale[k];
      for (let q = 0; q < k; q++) value -= matrix[i][q] * matrix[k][q];
      if (i === k) {
        // Directions that the data hardly determine are left to the damped steps.
        if (!(value > 1e-10)) return undefined;
        matrix[i][i] = Math.sqrt(value);
      } else matrix[i][k] = value / matrix[k][k];
    }
  }
  return (right) => {
    const out = right.map((value, i) => value * scale[i]);
    for (let i = 0; i < count; i++) {
      for (let q = 0; q < i; q++) out[i] -= matrix[i][q] * out[q];
      out[i] /= matrix[i][i];
    }
    for (let i = count - 1; i >= 0; i--) {
      for (let q = i + 1; q < count; q++) out[i] -= matrix[q][i] * out[q];
      out[i] /= matrix[i][i];
    }
    return out.map((value, i) => value * scale[i]);
  };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
