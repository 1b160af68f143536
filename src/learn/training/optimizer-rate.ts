/** The learning rate of a tfjs optimizer, which its classes keep as a protected member. */
import type * as TensorFlow from '@tensorflow/tfjs';

interface Rated {
  learningRate: number;
  /** Gradient descent keeps the rate as a tensor as well, and has to be told of a new one. */
  setLearningRate?(rate: number): void;
}

export function learningRateOf(optimizer: TensorFlow.Optimizer): number {
  return (optimizer as unknown as Rated).learningRate;
}

export function setLearningRate(optimizer: TensorFlow.Optimizer, rate: number): void {
  const rated = optimizer as unknown as Rated;
  if (rated.setLearningRate === undefined) rated.learningRate = rate;
  else rated.setLearningRate(rate);
}
