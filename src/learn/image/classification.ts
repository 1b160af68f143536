/** What a trained network says of images. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import type { LabelledImages } from '../data/labelled-images.ts';

export interface Classification {
  /** (count, classes), row-major. */
  readonly probabilities: Float32Array;
  /** The likeliest class of each image, (count). */
  readonly classes: Uint8Array;
  /** Its probability, (count). */
  readonly certainty: Float32Array;
}

/** @param model  takes (N, height, width, 1), gives (N, classes) */
export async function classification(
  tf: TensorLibrary,
  model: TensorFlow.LayersModel,
  { images, count, size: [height, width] }: Omit<LabelledImages, 'labels'>,
): Promise<Classification> {
  const output = tf.tidy(() => {
    const inputs = tf.tensor4d(images, [count, height, width, 1]);
    return model.predict(inputs, { batchSize: 256 }) as TensorFlow.Tensor2D;
  });
  const probabilities = Float32Array.from(await output.data());
  const kinds = output.shape[1];
  output.dispose();
  const classes = new Uint8Array(count);
  const certainty = new Float32Array(count);
  for (let n = 0; n < count; n++) {
    const row = probabilities.subarray(n * kinds, (n + 1) * kinds);
    certainty[n] = Math.max(...row);
    classes[n] = row.indexOf(certainty[n]);
  }
  return { probabilities, classes, certainty };
}
