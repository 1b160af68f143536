/** Layers whose initial weights follow from one seed. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { streamSeed } from '../../random/generator.ts';

type DenseArguments = Parameters<TensorLibrary['layers']['dense']>[0];
type ConvolutionArguments = Parameters<TensorLibrary['layers']['conv2d']>[0];

export interface SeededLayers {
  dense(own: DenseArguments): TensorFlow.layers.Layer;
  convolution(own: ConvolutionArguments): TensorFlow.layers.Layer;
}

/**
 * Makes the layers of a network one after the other: the k-th layer's weights are drawn from a seed of its own. By
 * He's rule before a ReLU and by Glorot's elsewhere, unless the layer is given an initializer.
 *
 * @example
 * const { dense } = seededLayers(tf, 1);
 * const model = tf.sequential({ layers: [dense({ units: 32, activation: 'relu', inputShape: [4] }), dense({ units: 1 })] });
 */
export function seededLayers(tf: TensorLibrary, seed: number): SeededLayers {
  let made = 0;
  const initializer = (activation: DenseArguments['activation']) => {
    made += 1;
    const own = { seed: streamSeed(seed, made) % 2 ** 31 };
    return activation === 'relu' ? tf.initializers.heNormal(own) : tf.initializers.glorotUniform(own);
  };
  return {
    dense: (own) =>
      tf.layers.dense({ ...own, kernelInitializer: own.kernelInitializer ?? initializer(own.activation) }),
    convolution: (own) =>
      tf.layers.conv2d({
        padding: 'same',
        ...own,
        kernelInitializer: own.kernelInitializer ?? initializer(own.activation),
      }),
  };
}
