/** How much of its inputs a layer still tells apart. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';

export interface LayerSignal {
  readonly name: string;
  /** Root of the variance over the samples, averaged over the layer's outputs. */
  readonly deviation: number;
}

/**
 * The deviation of the outputs of every layer that has weights, over the samples: where it is near zero, all inputs look alike
 * to the layers above (Glorot & Bengio, AISTATS 2010, section 3).
 *
 * @param inputs  samples along the first axis, two or more
 */
export async function signalDeviations(
  tf: TensorLibrary,
  model: TensorFlow.LayersModel,
  inputs: TensorFlow.Tensor,
): Promise<readonly LayerSignal[]> {
  const layers = model.layers.filter(({ trainableWeights }) => trainableWeights.length > 0);
  const part = tf.model({
    inputs: model.inputs,
    outputs: layers.map(({ output }) => output as TensorFlow.SymbolicTensor),
  });
  const deviations = tf.tidy(() => {
    const outputs = [part.predict(inputs, { batchSize: 256 })].flat() as TensorFlow.Tensor[];
    return tf.stack(outputs.map((own) => tf.sqrt(tf.mean(tf.moments(own, 0).variance))));
  });
  const values = await deviations.data();
  deviations.dispose();
  return layers.map(({ name }, k) => ({ name, deviation: values[k] }));
}
