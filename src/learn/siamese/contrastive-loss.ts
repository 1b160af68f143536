/** The contrastive loss: like pairs are pulled together, unlike ones pushed apart. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { ProblemError } from '../../errors.ts';

/**
 * The mean over pairs of
 *
 *   ½ y d² + ½ (1 − y) max(0, m − d)²,
 *
 * y = 1 for a like pair and 0 for an unlike one, d its distance, m the margin: unlike pairs further apart than that
 * are left alone (Hadsell, Chopra & LeCun, Dimensionality reduction by learning an invariant mapping, CVPR 2006).
 *
 * @param options.margin  default 1
 * @returns a loss of targets (N, 1) and distances (N, 1), for `model.compile({ loss })`
 * @throws ProblemError for a margin that is not positive
 */
export function contrastiveLoss(
  tf: TensorLibrary,
  { margin = 1 }: { readonly margin?: number } = {},
): (same: TensorFlow.Tensor, distances: TensorFlow.Tensor) => TensorFlow.Scalar {
  if (!(margin > 0))
    throw new ProblemError(`a margin of ${margin}`, { path: 'margin', hint: 'give a positive number' });
  return (same, distances) =>
    tf.tidy(() => {
      const pulled = same.mul(distances.square());
      const lacking = tf.relu(distances.neg().add(margin));
      const pushed = tf.scalar(1).sub(same).mul(lacking.square());
      return pulled.add(pushed).mean().mul(0.5) as TensorFlow.Scalar;
    });
}
