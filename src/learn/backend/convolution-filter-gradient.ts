/** The gradient of a convolution with respect to its filter, for backends that come without it. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad:
    | 'same'
    | 'valid'
    | number
    | [[number, number], [number, number], [number, number], [number, number]];
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterShape: [number, number, number, number];
}

/** The range of an image that one tap of the filter sees, padded, by slices of unit stride. */
interface Tap {
  readonly row: number;
  readonly column: number;
}

/**
 * ∂L/∂W of y = W ∗ x as one matrix product. Filter tap (i, j) meets the pixels x(s·p + i, s·q + j) of all outputs
 * (p, q); written one tap below the other these patches are a matrix (taps · channels, N · outputs), and
 *
 *   ∂L/∂W = patches · ∂L/∂y,  ∂L/∂y as (N · outputs, filters).
 *
 * Channels go first before patches are cut out, so that neither factor has to be transposed inside the product,
 * which the wasm backend does slowly. Chellapilla, Puri & Simard, High performance convolutional neural
 * networks for document processing, IWFHR 2006 (convolution by unrolling).
 *
 * @param x  (N, height, width, channels), or channels second where the format is NCHW
 * @param dy  ∂L/∂y, (N, outputs high, outputs wide, filters), or filters second
 * @returns (filter height, filter width, channels, filters)
 */
export function convolutionFilterGradient(
  tf: TensorLibrary,
  x: TensorFlow.Tensor4D,
  dy: TensorFlow.Tensor4D,
  { strides, pad, dataFormat, dimRoundingMode, filterShape }: Attributes,
): TensorFlow.Tensor4D {
  const format = tf.backend_util.convertConv2DDataFormat(dataFormat);
  const info = tf.backend_util.computeConv2DInfo(
    x.shape,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
    false,
    format,
  );
  const { batchSize, inChannels, outChannels, outHeight, outWidth, strideHeight, strideWidth, padInfo } =
    info;
  const [tapsHigh, tapsWide] = filterShape;
  return tf.tidy(() => {
    const first = dataFormat === 'NHWC' ? [3, 0, 1, 2] : [1, 0, 2, 3];
    // Beyond what the padding says, the last stride may reach a little further.
    const high = (outHeight - 1) * strideHeight + tapsHigh;
    const wide = (outWidth - 1) * strideWidth + tapsWide;
    const below = Math.max(0, high - info.inHeight - padInfo.top);
    const right = Math.max(0, wide - info.inWidth - padInfo.left);
    const channelsFirst = tf.transpose(x, first).pad([
      [0, 0],
      [0, 0],
      [padInfo.top, below],
      [padInfo.left, right],
    ]);
    const count = batchSize * outHeight * outWidth;
    const patch = ({ row, column }: Tap): TensorFlow.Tensor2D =>
      tf
        .stridedSlice(
          channelsFirst,
          [0, 0, row, column],
          [
            inChannels,
            batchSize,
            row + (outHeight - 1) * strideHeight + 1,
            column + (outWidth - 1) * strideWidth + 1,
          ],
          [1, 1, strideHeight, strideWidth],
        )
        .reshape([inChannels, count]);
    const taps = Array.from({ length: tapsHigh * tapsWide }, (_, k) =>
      patch({ row: Math.floor(k / tapsWide), column: k % tapsWide }),
    );
    const filtersLast = dataFormat === 'NHWC' ? dy : tf.transpose(dy, [0, 2, 3, 1]);
    return tf
      .matMul(tf.concat(taps, 0), filtersLast.reshape([count, outChannels]))
      .reshape(filterShape) as TensorFlow.Tensor4D;
  });
}
