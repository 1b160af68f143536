/** Logistic regression: the probability of a class as a sigmoid of a linear function. */
import { Matrix, solve } from 'ml-matrix';
import { ProblemError } from '../../errors.ts';
import { baseFunctions } from '../../network/activation/evaluate.ts';
import { linearModel } from './linear-regression.ts';
import { requireRows } from './rows.ts';

const { sigmoid, softplus } = baseFunctions;

export interface LogisticModel {
  readonly weights: Float64Array;
  readonly bias: number;
  /** P(y = 1 | x) = σ(w·x + b) for each row, (count). */
  probabilities(points: ArrayLike<number>): Float64Array;
}

export function logisticModel(weights: Float64Array, bias: number): LogisticModel {
  const { predict } = linearModel(weights, bias);
  return { weights, bias, probabilities: (points) => predict(points).map(sigmoid) };
}

/** θ = (w, b), the loss there, its gradient and its curvature. */
interface Expansion {
  readonly loss: number;
  readonly gradient: Float64Array;
  readonly curvature: Matrix;
}

/**
 * The log loss −(1/N) Σ [y ln p + (1 − y) ln(1 − p)] + (λ/2)|w|², with a = w·x + b written as
 * ln(1 + eᵃ) − y a, which no large activation overflows.
 */
function expand(
  points: ArrayLike<number>,
  labels: ArrayLike<number>,
  theta: Float64Array,
  ridge: number,
): Expansion {
  const dimension = theta.length - 1;
  const count = labels.length;
  const gradient = new Float64Array(dimension + 1);
  const curvature = Matrix.zeros(dimension + 1, dimension + 1);
  let loss = 0;
  for (let k = 0; k < dimension; k++) {
    loss += (ridge / 2) * theta[k] ** 2;
    gradient[k] = ridge * theta[k];
    curvature.set(k, k, ridge);
  }
  const row = new Float64Array(dimension + 1).fill(1);
  for (let n = 0; n < count; n++) {
    for (let k = 0; k < dimension; k++) row[k] = points[n * dimension + k];
    const activation = row.reduce((sum, x, k) => sum + x * theta[k], 0);
    const p = sigmoid(activation);
    loss += (softplus(activation) - labels[n] * activation) / count;
    for (let k = 0; k <= dimension; k++) {
      gradient[k] += ((p - labels[n]) * row[k]) / count;
      for (let l = 0; l <= dimension; l++)
        curvature.set(k, l, curvature.get(k, l) + (p * (1 - p) * row[k] * row[l]) / count);
    }
  }
  return { loss, gradient, curvature };
}

export interface LogisticFit {
  readonly model: LogisticModel;
  /** The log loss, the penalty included, before every step and at last. */
  readonly losses: readonly number[];
}

const fitOf = (theta: Float64Array, losses: readonly number[]): LogisticFit => ({
  model: logisticModel(theta.slice(0, -1), theta[theta.length - 1]),
  losses,
});

/**
 * The minimum of the log loss by Newton's method, each step a weighted least-squares problem (iteratively reweighted
 * least squares; McCullagh & Nelder, Generalized Linear Models, 2nd ed. 1989, section 2.5), halved until the loss
 * falls.
 *
 * @param points  (count, dimension), row-major
 * @param labels  0 or 1, (count)
 * @param ridge  λ of (λ/2)|w|²; default 0
 * @throws ProblemError where a line separates the classes and there is no ridge: the weights then grow without end
 */
export function logisticRegression(
  points: ArrayLike<number>,
  labels: ArrayLike<number>,
  { ridge = 0 }: { readonly ridge?: number } = {},
): LogisticFit {
  const dimension = requireRows(points, labels, { classes: 2 });
  let theta = new Float64Array(dimension + 1);
  let here = expand(points, labels, theta, ridge);
  const losses = [here.loss];
  for (let step = 0; step < 100; step++) {
    if (Math.max(...here.gradient.map(Math.abs)) < 1e-13) return fitOf(theta, losses);
    // Where activations are beyond 20 the classes lie on either side of a plane, as far as numbers tell.
    if (here.loss < 1e-9)
      throw new ProblemError('a plane separates the classes, so that no finite weights are best', {
        path: 'labels',
        hint: 'give a ridge, e.g. 1e-3',
      });
    const direction = solve(here.curvature, Matrix.columnVector(Array.from(here.gradient)), true).to1DArray();
    let size = 1;
    const at = (scale: number): Float64Array<ArrayBuffer> =>
      theta.map((value, k) => value - scale * direction[k]);
    let next = expand(points, labels, at(size), ridge);
    while (!(next.loss <= here.loss) && size > 1e-10) {
      size /= 2;
      next = expand(points, labels, at(size), ridge);
    }
    if (size <= 1e-10) return fitOf(theta, losses);
    theta = at(size);
    here = next;
    losses.push(here.loss);
  }
  return fitOf(theta, losses);
}

/**
 * The same minimum by gradient descent from zero: w ← w − η (1/N) Σ (pₙ − yₙ) xₙ.
 *
 * @throws ProblemError where it diverges
 */
export function logisticRegressionByDescent(
  points: ArrayLike<number>,
  labels: ArrayLike<number>,
  {
    learningRate,
    steps,
    ridge = 0,
  }: { readonly learningRate: number; readonly steps: number; readonly ridge?: number },
): LogisticFit {
  const dimension = requireRows(points, labels, { classes: 2 });
  const theta = new Float64Array(dimension + 1);
  const losses: number[] = [];
  for (let step = 0; ; step++) {
    const { loss, gradient } = expand(points, labels, theta, ridge);
    if (!Number.isFinite(loss))
      throw new ProblemError(`gradient descent diverged after ${step} steps`, {
        path: 'learningRate',
        hint: `give less than ${learningRate}, or standardize the columns`,
      });
    losses.push(loss);
    if (step === steps) return fitOf(theta, losses);
    for (let k = 0; k <= dimension; k++) theta[k] -= learningRate * gradient[k];
  }
}
