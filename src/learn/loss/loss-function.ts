/** Losses to be looked at: value and slope by prediction. */
import { ProblemError } from '../../errors.ts';

export interface LossFunction {
  readonly name: string;
  readonly tex: string;
  /** L(y, ŷ) of one target and one prediction. */
  value(target: number, prediction: number): number;
  /** ∂L/∂ŷ. */
  slope(target: number, prediction: number): number;
  readonly remark: string;
}

/** Of one number each; their means over samples and outputs are what networks are trained on. */
export const lossFunctions: readonly LossFunction[] = [
  {
    name: 'squared error',
    tex: 'L = (\\hat y - y)^2',
    value: (y, p) => (p - y) ** 2,
    slope: (y, p) => 2 * (p - y),
    remark: 'The negative logarithm of a normal density: it looks for the mean.',
  },
  {
    name: 'absolute error',
    tex: 'L = |\\hat y - y|',
    value: (y, p) => Math.abs(p - y),
    slope: (y, p) => Math.sign(p - y),
    remark: 'It looks for the median: one outlier does not pull it.',
  },
  {
    name: 'Huber',
    tex: 'L = \\tfrac12 e^2 \\text{ for } |e| \\le 1,\\ |e| - \\tfrac12 \\text{ beyond}, \\quad e = \\hat y - y',
    value: (y, p) => (Math.abs(p - y) <= 1 ? (p - y) ** 2 / 2 : Math.abs(p - y) - 0.5),
    slope: (y, p) => Math.max(-1, Math.min(1, p - y)),
    remark: 'Squares near the target, straight beyond: smooth, and robust.',
  },
  {
    name: 'binary cross-entropy',
    tex: 'L = -y \\ln \\hat y - (1 - y) \\ln(1 - \\hat y)',
    value: (y, p) => -(y === 0 ? 0 : y * Math.log(p)) - (y === 1 ? 0 : (1 - y) * Math.log(1 - p)),
    slope: (y, p) => (p - y) / (p * (1 - p)),
    remark: 'For probabilities: to be sure and wrong costs without bound.',
  },
];

/**
 * −Σ yₖ ln pₖ of one sample: a distribution over classes, mostly a one among zeros, against predicted probabilities.
 *
 * @throws ProblemError where the two differ in length
 */
export function categoricalCrossEntropy(target: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  if (target.length !== probabilities.length)
    throw new ProblemError(`${probabilities.length} probabilities for ${target.length} classes`, {
      path: 'probabilities',
    });
  let sum = 0;
  for (let k = 0; k < target.length; k++) if (target[k] > 0) sum -= target[k] * Math.log(probabilities[k]);
  return sum;
}
