/** Penalties on weights that can be added to any loss. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { ProblemError } from '../../errors.ts';

/** A loss of targets and predictions, a scalar. */
export type Loss = (targets: TensorFlow.Tensor, predictions: TensorFlow.Tensor) => TensorFlow.Scalar;

export interface PenaltyOptions {
  /** λ₁ of λ₁ Σ|w|: many weights become exactly zero or nearly so (Tibshirani, J. R. Statist. Soc. B 58 (1996)). */
  readonly l1?: number;
  /** λ₂ of λ₂ Σw²: all weights are kept small (Hoerl & Kennard, Technometrics 12 (1970)). */
  readonly l2?: number;
}

/** λ₁ Σ|w| + λ₂ Σw² over all entries, a scalar. */
export function weightPenalty(
  tf: TensorLibrary,
  weights: readonly TensorFlow.Tensor[],
  { l1 = 0, l2 = 0 }: PenaltyOptions,
): TensorFlow.Scalar {
  for (const [name, value] of Object.entries({ l1, l2 }))
    if (!(value >= 0))
      throw new ProblemError(`${value} is no penalty`, { path: name, hint: 'give 0 or more' });
  return tf.tidy(() => {
    let sum: TensorFlow.Tensor = tf.scalar(0);
    for (const w of weights) {
      if (l1 > 0) sum = sum.add(w.abs().sum().mul(l1));
      if (l2 > 0) sum = sum.add(w.square().sum().mul(l2));
    }
    return sum as TensorFlow.Scalar;
  });
}

/**
 * A loss with a penalty on the kernels (not the biases) of a model's layers, for `model.compile({ loss })` or a loop of
 * one's own. Its gradient reaches the weights through the penalty as well.
 *
 * @example
 * model.compile({ optimizer: 'adam', loss: penalized(tf, tf.losses.meanSquaredError, model, { l1: 1e-4 }) });
 */
export function penalized(
  tf: TensorLibrary,
  loss: (targets: TensorFlow.Tensor, predictions: TensorFlow.Tensor) => TensorFlow.Tensor,
  model: TensorFlow.LayersModel,
  options: PenaltyOptions,
): Loss {
  return (targets, predictions) =>
    tf.tidy(() => {
      const kernels = model.layers.flatMap(({ trainableWeights }) =>
        trainableWeights.filter(({ shape }) => shape.length > 1).map((weight) => weight.read()),
      );
      // A loss by sample, as tfjs' own by name are, becomes their mean.
      return loss(targets, predictions)
        .mean()
        .add(weightPenalty(tf, kernels, options)) as TensorFlow.Scalar;
    });
}
