/** What a convolution looks for, and where it finds it. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { ProblemError } from '../../errors.ts';

/** Pictures of one size. */
export interface PictureStack {
  readonly size: readonly [number, number];
  /** Each (height, width), row-major. */
  readonly pictures: readonly Float32Array[];
}

/** Pictures out of (height, width, last), one for each index of the last axis. */
function unstacked(values: ArrayLike<number>, [height, width, last]: readonly number[]): PictureStack {
  return {
    size: [height, width],
    pictures: Array.from({ length: last }, (_, k) =>
      Float32Array.from({ length: height * width }, (_, i) => values[i * last + k]),
    ),
  };
}

/**
 * The filters of a convolution, for one of its input channels (default the first).
 *
 * @throws ProblemError where the layer has no filters
 */
export async function filterPictures(
  tf: TensorLibrary,
  model: TensorFlow.LayersModel,
  layer: string,
  channel = 0,
): Promise<PictureStack> {
  const [kernel] = model.getLayer(layer).getWeights();
  if (kernel?.shape.length !== 4)
    throw new ProblemError(`the layer ${layer} has no filters`, { hint: 'name a convolution' });
  const [height, width, , filters] = kernel.shape;
  const own = tf.tidy(() => kernel.slice([0, 0, channel, 0], [height, width, 1, filters]));
  const values = await own.data();
  own.dispose();
  return unstacked(values, [height, width, filters]);
}

/**
 * The output of a layer for one image, a picture for each of its channels.
 *
 * @param pixels  (height, width), row-major, as the model takes them
 * @throws ProblemError where the output of the layer is no picture
 */
export async function featureMaps(
  tf: TensorLibrary,
  model: TensorFlow.LayersModel,
  layer: string,
  pixels: ArrayLike<number>,
): Promise<PictureStack> {
  const [, height, width, channels] = model.inputs[0].shape;
  const part = tf.model({
    inputs: model.inputs,
    outputs: model.getLayer(layer).output as TensorFlow.SymbolicTensor,
  });
  const output = tf.tidy(
    () =>
      part.predict(
        tf.tensor(Float32Array.from(pixels), [1, height ?? 1, width ?? 1, channels ?? 1]),
      ) as TensorFlow.Tensor,
  );
  const { shape } = output;
  const values = await output.data();
  output.dispose();
  if (shape.length !== 4)
    throw new ProblemError(`the layer ${layer} gives ${shape.slice(1).join(' × ')}, no pictures`, {
      hint: 'name a convolution or a pooling layer',
    });
  return unstacked(values, shape.slice(1));
}
