/** Weights of a model as plain numbers, so that nothing has to be disposed of. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';

export type StoredWeights = readonly { readonly shape: number[]; readonly values: Float32Array }[];

export async function storedWeights(model: TensorFlow.LayersModel): Promise<StoredWeights> {
  return Promise.all(
    model.getWeights().map(async (weight) => ({
      shape: weight.shape.slice(),
      values: Float32Array.from(await weight.data()),
    })),
  );
}

export function restoreWeights(
  tf: TensorLibrary,
  model: TensorFlow.LayersModel,
  stored: StoredWeights,
): void {
  tf.tidy(() => {
    model.setWeights(stored.map(({ shape, values }) => tf.tensor(values, shape)));
  });
}
