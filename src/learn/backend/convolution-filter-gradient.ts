/** The gradient of a convolution with respect to its filter, for backends that come without it. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';

/** How a convolution was computed, as tfjs hands it to the kernels of its gradients. */
export interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad:
    | 'same'
    | 'valid'
    | number
    | [[number, number], [number, number], [number, number], [number, number]];
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * ∂L/∂W of y = W ∗ x, which is a convolution itself: of the images with ∂L/∂y, where samples take the place of channels and
 * channels that of samples, and the stride becomes a dilation,
 *
 *   ∂L/∂W(i, j, c, f) = Σ_{n, p, q} x(n, s·p + i, s·q + j, c) ∂L/∂y(n, p, q, f).
 *
 * So the fast kernel of the forward convolution does the work. Goodfellow, Bengio & Courville, Deep Learning (2016),
 * section 9.5.
 *
 * @param x  (N, height, width, channels), or channels second where the format is NCHW
 * @param dy  ∂L/∂y, (N, outputs high, outputs wide, filters), or filters second
 * @returns (filter height, filter width, channels, filters)
 */
export function convolutionFilterGradient(
  tf: TensorLibrary,
  x: TensorFlow.Tensor4D,
  dy: TensorFlow.Tensor4D,
  {
    strides,
    pad,
    dataFormat,
    dimRoundingMode,
    filterShape,
  }: ConvolutionAttributes & {
    readonly filterShape: [number, number, number, number];
  },
): TensorFlow.Tensor4D {
  const { inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth, padInfo } =
    tf.backend_util.computeConv2DInfo(
      x.shape,
      filterShape,
      strides,
      1,
      pad,
      dimRoundingMode,
      false,
      tf.backend_util.convertConv2DDataFormat(dataFormat),
    );
  const [tapsHigh, tapsWide, channels, filters] = filterShape;
  return tf.tidy(() => {
    const [samplesLast, taps] =
      dataFormat === 'NHWC'
        ? [tf.transpose(x, [3, 1, 2, 0]), tf.transpose(dy, [1, 2, 0, 3])]
        : [tf.transpose(x, [1, 2, 3, 0]), tf.transpose(dy, [2, 3, 0, 1])];
    // Beyond what the padding says, the last stride may reach a little further, or not reach the rim.
    const below = Math.max(0, (outHeight - 1) * strideHeight + tapsHigh - inHeight - padInfo.top);
    const right = Math.max(0, (outWidth - 1) * strideWidth + tapsWide - inWidth - padInfo.left);
    const padded = tf.pad(samplesLast, [
      [0, 0],
      [padInfo.top, below],
      [padInfo.left, right],
      [0, 0],
    ]);
    return tf
      .conv2d(padded, taps, 1, 'valid', 'NHWC', [strideHeight, strideWidth])
      .slice([0, 0, 0, 0], [channels, tapsHigh, tapsWide, filters])
      .transpose<TensorFlow.Tensor4D>([1, 2, 0, 3]);
  });
}
