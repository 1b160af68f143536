/** Rosenblatt's perceptron and its training rule. */
import { ProblemError } from '../../errors.ts';
import { permutation } from '../data/split.ts';
import { requireRows } from './rows.ts';

export interface PerceptronOptions {
  /** η of the rule; default 1. It scales the weights and changes no decision. */
  readonly learningRate?: number;
  /** Passes over the data after which to give up; default 1000. */
  readonly epochs?: number;
  /** Of the order in which samples are shown. */
  readonly seed: number;
}

/** What a perceptron decides. */
export interface LinearClassifier {
  readonly weights: Float64Array;
  readonly bias: number;
  /** w·x + b. */
  activation(point: ArrayLike<number>): number;
  /** 1 where the activation is positive, else 0. */
  classify(point: ArrayLike<number>): 0 | 1;
}

export interface TrainedPerceptron extends LinearClassifier {
  /** Whether a whole pass went by without a mistake: the data are then separated. */
  readonly converged: boolean;
  /** Mistakes, each corrected at once, of every pass. */
  readonly mistakes: readonly number[];
  /** Weights and bias after every pass, to be looked at. */
  readonly path: readonly { readonly weights: Float64Array; readonly bias: number }[];
}

export function linearClassifier(weights: Float64Array, bias: number): LinearClassifier {
  const activation = (point: ArrayLike<number>): number =>
    weights.reduce((sum, weight, k) => sum + weight * point[k], bias);
  return { weights, bias, activation, classify: (point) => (activation(point) > 0 ? 1 : 0) };
}

/**
 * Shows the samples one by one and corrects each mistake by w ← w + η (y − ŷ) x, b ← b + η (y − ŷ). On data that a
 * plane separates with margin γ, lengthened by the bias' coordinate and of length at most R, it makes no more than
 * (R/γ)² mistakes (Novikoff, On convergence proofs on perceptrons, 1962); on others, such as the exclusive or, it
 * never ends. Rosenblatt, The perceptron, Psychological Review 65 (1958).
 *
 * @param points  (count, dimension), row-major
 * @param labels  0 or 1, (count)
 * @throws ProblemError where numbers do not fit each other or a label is neither 0 nor 1
 */
export function trainPerceptron(
  points: ArrayLike<number>,
  labels: ArrayLike<number>,
  { learningRate = 1, epochs = 1000, seed }: PerceptronOptions,
): TrainedPerceptron {
  const dimension = requireRows(points, labels, { classes: 2 });
  if (!(learningRate > 0))
    throw new ProblemError(`${learningRate} is no rate`, {
      path: 'learningRate',
      hint: 'give a positive number',
    });
  const weights = new Float64Array(dimension);
  let bias = 0;
  const mistakes: number[] = [];
  const path: { weights: Float64Array; bias: number }[] = [];
  while (mistakes.length < epochs && mistakes[mistakes.length - 1] !== 0) {
    let wrong = 0;
    for (const n of permutation(labels.length, seed + mistakes.length)) {
      let activation = bias;
      for (let k = 0; k < dimension; k++) activation += weights[k] * points[n * dimension + k];
      const error = labels[n] - (activation > 0 ? 1 : 0);
      if (error === 0) continue;
      wrong += 1;
      for (let k = 0; k < dimension; k++) weights[k] += learningRate * error * points[n * dimension + k];
      bias += learningRate * error;
    }
    mistakes.push(wrong);
    path.push({ weights: weights.slice(), bias });
  }
  return {
    ...linearClassifier(weights, bias),
    converged: mistakes[mistakes.length - 1] === 0,
    mistakes,
    path,
  };
}
