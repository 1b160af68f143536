/** Linear regression: least squares in closed form, with a ridge, and by gradient descent. */
import { Matrix, QrDecomposition } from 'ml-matrix';
import { ProblemError } from '../../errors.ts';
import { requireRows } from './rows.ts';

export interface LinearModel {
  readonly weights: Float64Array;
  readonly bias: number;
  /** w·x + b for each row, (count). */
  predict(points: ArrayLike<number>): Float64Array;
}

export function linearModel(weights: Float64Array, bias: number): LinearModel {
  const dimension = weights.length;
  return {
    weights,
    bias,
    predict: (points) =>
      Float64Array.from({ length: points.length / dimension }, (_, n) =>
        weights.reduce((sum, weight, k) => sum + weight * points[n * dimension + k], bias),
      ),
  };
}

/** Mean of each column, and of the targets. */
function means(points: ArrayLike<number>, targets: ArrayLike<number>, dimension: number) {
  const count = targets.length;
  const center = new Float64Array(dimension);
  let level = 0;
  for (let n = 0; n < count; n++) {
    level += targets[n] / count;
    for (let k = 0; k < dimension; k++) center[k] += points[n * dimension + k] / count;
  }
  return { center, level };
}

/**
 * Minimises (1/N) Σ (w·xₙ + b − yₙ)² + λ|w|² in closed form: QR of the centered rows, with √(Nλ) I under them
 * (Hoerl & Kennard, Ridge regression, Technometrics 12 (1970)). The bias is not penalised.
 *
 * @param points  (count, dimension), row-major
 * @param ridge  λ; default 0: least squares
 * @throws ProblemError where columns depend on each other and there is no ridge
 */
export function linearRegression(
  points: ArrayLike<number>,
  targets: ArrayLike<number>,
  { ridge = 0 }: { readonly ridge?: number } = {},
): LinearModel {
  const dimension = requireRows(points, targets);
  if (!(ridge >= 0))
    throw new ProblemError(`${ridge} is no ridge`, { path: 'ridge', hint: 'give 0 or more' });
  const count = targets.length;
  const { center, level } = means(points, targets, dimension);
  const extra = ridge > 0 ? dimension : 0;
  const rows = Matrix.zeros(count + extra, dimension);
  const values = Matrix.zeros(count + extra, 1);
  for (let n = 0; n < count; n++) {
    values.set(n, 0, targets[n] - level);
    for (let k = 0; k < dimension; k++) rows.set(n, k, points[n * dimension + k] - center[k]);
  }
  for (let k = 0; k < extra; k++) rows.set(count + k, k, Math.sqrt(count * ridge));
  const factor = rows.rows >= dimension ? new QrDecomposition(rows) : undefined;
  const diagonal = factor?.upperTriangularMatrix.diagonal().map(Math.abs) ?? [0];
  if (factor === undefined || Math.min(...diagonal) <= 1e-12 * Math.max(...diagonal))
    throw new ProblemError('the columns depend on each other: no single best weights exist', {
      path: 'points',
      hint: 'leave one out, give more samples, or a ridge, e.g. 1e-6',
    });
  const weights = Float64Array.from(factor.solve(values).to1DArray());
  return linearModel(
    weights,
    weights.reduce((b, weight, k) => b - weight * center[k], level),
  );
}

export interface DescentOptions {
  readonly learningRate: number;
  readonly steps: number;
  /** λ of the ridge; default 0. */
  readonly ridge?: number;
}

export interface Descent {
  readonly model: LinearModel;
  /** The loss before every step, and at last. */
  readonly losses: readonly number[];
}

/**
 * The same minimum by gradient descent from zero, w ← w − η ∂L/∂w with ∂L/∂w = (2/N) Σ (w·xₙ + b − yₙ) xₙ + 2λw.
 * It converges where η is below 2 over the largest curvature of the loss.
 *
 * @throws ProblemError where it diverges
 */
export function linearRegressionByDescent(
  points: ArrayLike<number>,
  targets: ArrayLike<number>,
  { learningRate, steps, ridge = 0 }: DescentOptions,
): Descent {
  const dimension = requireRows(points, targets);
  const count = targets.length;
  const weights = new Float64Array(dimension);
  let bias = 0;
  const losses: number[] = [];
  for (let step = 0; ; step++) {
    const gradient = weights.map((weight) => 2 * ridge * weight);
    let shift = 0;
    let loss = ridge * weights.reduce((sum, weight) => sum + weight * weight, 0);
    for (let n = 0; n < count; n++) {
      let error = bias - targets[n];
      for (let k = 0; k < dimension; k++) error += weights[k] * points[n * dimension + k];
      loss += (error * error) / count;
      shift += (2 * error) / count;
      for (let k = 0; k < dimension; k++) gradient[k] += (2 * error * points[n * dimension + k]) / count;
    }
    if (!Number.isFinite(loss))
      throw new ProblemError(`gradient descent diverged after ${step} steps`, {
        path: 'learningRate',
        hint: `give less than ${learningRate}, or standardize the columns`,
      });
    losses.push(loss);
    if (step === steps) return { model: linearModel(weights, bias), losses };
    for (let k = 0; k < dimension; k++) weights[k] -= learningRate * gradient[k];
    bias -= learningRate * shift;
  }
}
