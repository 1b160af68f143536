/** The gradient of a convolution with respect to its input, as a convolution. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';

/**
 * ∂L/∂x of y = W ∗ x with stride 1: ∂L/∂y, with a rim of zeros, convolved with the filters turned by half a turn,
 *
 *   ∂L/∂x(n, u, v, c) = Σ_{i, j, f} ∂L/∂y(n, u − i + t, v − j + l, f) W(i, j, c, f),   t, l the padding above and left.
 *
 * @param dy  ∂L/∂y, (N, outputs high, outputs wide, filters)
 * @param filter  (filter height, filter width, channels, filters)
 * @param inputShape  (N, height, width, channels)
 * @param padding  zeros above and to the left of x in the forward convolution
 */
export function convolutionInputGradient(
  tf: TensorLibrary,
  dy: TensorFlow.Tensor4D,
  filter: TensorFlow.Tensor4D,
  inputShape: readonly [number, number, number, number],
  { top, left }: { readonly top: number; readonly left: number },
): TensorFlow.Tensor4D {
  const [tapsHigh, tapsWide] = filter.shape;
  const [, height, width] = inputShape;
  const [, outHeight, outWidth] = dy.shape;
  return tf.tidy(() => {
    const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) as TensorFlow.Tensor4D;
    const rim = tf.pad(dy, [
      [0, 0],
      [tapsHigh - 1 - top, height + top - outHeight],
      [tapsWide - 1 - left, width + left - outWidth],
      [0, 0],
    ]);
    return tf.conv2d(rim, turned, 1, 'valid');
  });
}
