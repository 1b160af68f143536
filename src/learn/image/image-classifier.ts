/** Two networks that say what an image shows: one of dense layers, one of convolutions. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { streamSeed } from '../../random/generator.ts';
import { seededDropout } from '../training/seeded-dropout.ts';

export interface ImageClassifierOptions {
  readonly seed: number;
  /** Height and width in pixels; default 28, 28. */
  readonly size?: readonly [number, number];
  /** Default 10. */
  readonly classes?: number;
  /** Share of the units of the last hidden layer left out in training; default 0. */
  readonly dropout?: number;
}

export interface ImagePerceptronOptions extends ImageClassifierOptions {
  /** Units of each hidden layer; default 128, 64. */
  readonly hidden?: readonly number[];
}

export interface ConvolutionalOptions extends ImageClassifierOptions {
  /** Filters of each convolution; default 8, 16. */
  readonly filters?: readonly number[];
  /** Units of the dense layer on top; default 64. */
  readonly units?: number;
}

/** Seeds of kernels, He's deviations for ReLU and Glorot's for the softmax. */
function initializers(tf: TensorLibrary, seed: number) {
  let layer = 0;
  const next = (): number => streamSeed(seed, layer++) % 2 ** 31;
  return {
    hidden: () => tf.initializers.heNormal({ seed: next() }),
    last: () => tf.initializers.glorotNormal({ seed: next() }),
    dropout: next,
  };
}

/**
 * A multilayer perceptron: pixels are numbers in a row, and which of them are neighbours has to be learnt.
 * Takes (N, height, width, 1), gives probabilities (N, classes).
 */
export function imagePerceptron(
  tf: TensorLibrary,
  {
    seed,
    size: [height, width] = [28, 28],
    classes = 10,
    hidden = [128, 64],
    dropout = 0,
  }: ImagePerceptronOptions,
): TensorFlow.Sequential {
  const initial = initializers(tf, seed);
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [height, width, 1] }),
      ...hidden.map((units) =>
        tf.layers.dense({ units, activation: 'relu', kernelInitializer: initial.hidden() }),
      ),
      ...(dropout > 0 ? [seededDropout(tf, { rate: dropout, seed: initial.dropout() })] : []),
      tf.layers.dense({ units: classes, activation: 'softmax', kernelInitializer: initial.last() }),
    ],
  });
}

/**
 * A convolutional network: 3×3 filters, ReLU and max-pooling in turn, then a dense layer and the softmax (LeCun, Bottou,
 * Bengio & Haffner, Gradient-based learning applied to document recognition, Proc. IEEE 86 (1998)). A filter looks for the
 * same thing everywhere: shifting the image shifts what it finds,
 *
 *   (W ∗ S_a x) = S_a (W ∗ x),   (S_a x)(p) = x(p − a),
 *
 * except at the rim; pooling then forgets where exactly it was. Takes (N, height, width, 1), gives probabilities
 * (N, classes). Its convolutions are named convolution-1, convolution-2, ….
 */
export function convolutionalNetwork(
  tf: TensorLibrary,
  {
    seed,
    size: [height, width] = [28, 28],
    classes = 10,
    filters = [8, 16],
    units = 64,
    dropout = 0,
  }: ConvolutionalOptions,
): TensorFlow.Sequential {
  const initial = initializers(tf, seed);
  return tf.sequential({
    layers: [
      ...filters.flatMap((count, k) => [
        tf.layers.conv2d({
          ...(k === 0 ? { inputShape: [height, width, 1] } : {}),
          name: `convolution-${k + 1}`,
          filters: count,
          kernelSize: 3,
          activation: 'relu',
          kernelInitializer: initial.hidden(),
        }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
      ]),
      tf.layers.flatten(),
      tf.layers.dense({ units, activation: 'relu', kernelInitializer: initial.hidden() }),
      ...(dropout > 0 ? [seededDropout(tf, { rate: dropout, seed: initial.dropout() })] : []),
      tf.layers.dense({ units: classes, activation: 'softmax', kernelInitializer: initial.last() }),
    ],
  });
}
