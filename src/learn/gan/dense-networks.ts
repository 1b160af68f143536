/** A generator and a discriminator of dense layers, for samples that are a few numbers. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { streamSeed } from '../../random/generator.ts';

interface DenseOptions {
  /** Units of each hidden layer; default 64, 64. */
  readonly hidden?: readonly number[];
  readonly seed: number;
}

export interface DenseGeneratorOptions extends DenseOptions {
  /** Dimension of the latent space; default 100. */
  readonly latent?: number;
  /** Numbers of a sample; default 1. */
  readonly outputs?: number;
}

export interface DenseDiscriminatorOptions extends DenseOptions {
  /** Numbers of a sample; default 1. */
  readonly inputs?: number;
}

/** Hidden layers of leaky ReLU, whose slope below zero lets gradients through to the generator, and a linear one. */
function layersOf(
  tf: TensorLibrary,
  inputs: number,
  hidden: readonly number[],
  outputs: number,
  seed: number,
): TensorFlow.Sequential {
  const initializer = (k: number) => tf.initializers.glorotNormal({ seed: streamSeed(seed, k) % 2 ** 31 });
  return tf.sequential({
    layers: [
      ...hidden.flatMap((units, k) => [
        tf.layers.dense({
          units,
          kernelInitializer: initializer(k),
          ...(k === 0 ? { inputShape: [inputs] } : {}),
        }),
        tf.layers.leakyReLU({ alpha: 0.2 }),
      ]),
      tf.layers.dense({ units: outputs, kernelInitializer: initializer(hidden.length) }),
    ],
  });
}

/** Latent draws (count, latent) to samples (count, outputs). */
export function denseGenerator(
  tf: TensorLibrary,
  { latent = 100, hidden = [64, 64], outputs = 1, seed }: DenseGeneratorOptions,
): TensorFlow.Sequential {
  return layersOf(tf, latent, hidden, outputs, seed);
}

/** Samples (count, inputs) to scores (count, 1). */
export function denseDiscriminator(
  tf: TensorLibrary,
  { inputs = 1, hidden = [64, 64], seed }: DenseDiscriminatorOptions,
): TensorFlow.Sequential {
  return layersOf(tf, inputs, hidden, 1, seed);
}
