/** Labelled images as tensors that a network is trained on. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { ProblemError } from '../../errors.ts';
import type { LabelledImages } from '../data/labelled-images.ts';

export interface ImageSamples {
  /** (count, height, width, 1). */
  readonly inputs: TensorFlow.Tensor4D;
  /** One-hot, (count, classes). */
  readonly targets: TensorFlow.Tensor2D;
}

/**
 * To be disposed of by the caller: `tf.dispose(samples)`.
 *
 * @throws ProblemError where a label is not below `classes`
 */
export function imageSamples(
  tf: TensorLibrary,
  { images, labels, count, size: [height, width] }: LabelledImages,
  classes = 10,
): ImageSamples {
  const beyond = labels.find((label) => label >= classes);
  if (beyond !== undefined)
    throw new ProblemError(`a label ${beyond} among ${classes} classes`, {
      path: 'labels',
      hint: `labels go from 0 to ${classes - 1}`,
    });
  return {
    inputs: tf.tensor4d(images, [count, height, width, 1]),
    targets: tf.tidy(() =>
      tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), classes).toFloat(),
    ) as TensorFlow.Tensor2D,
  };
}
