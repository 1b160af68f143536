/** How far the gradient of a batch is from that of all samples. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { ProblemError } from '../../errors.ts';
import { streamSeed } from '../../random/generator.ts';
import { permutation } from '../data/split.ts';

export interface GradientNoiseOptions {
  /** Of targets and predictions; its mean over the samples is what is differentiated. */
  readonly loss: (targets: TensorFlow.Tensor, predictions: TensorFlow.Tensor) => TensorFlow.Tensor;
  readonly batchSizes: readonly number[];
  /** Batches drawn of each size; default 50. */
  readonly draws?: number;
  readonly seed: number;
}

export interface GradientNoise {
  /** |∇L|, the length of the gradient of the mean loss over all samples, with respect to all trainable weights. */
  readonly gradientNorm: number;
  /** σ, with σ² the mean of |∇Lₙ − ∇L|² over the samples n. */
  readonly sampleDeviation: number;
  /** σ²/|∇L|²: the batch size from which the noise is smaller than what it hides. */
  readonly noiseScale: number;
  readonly batches: readonly {
    readonly size: number;
    /** Root of the mean of |g − ∇L|² over the batches drawn, g the gradient of a batch. */
    readonly deviation: number;
    /** What σ says that it is: σ √((N − B) / (B (N − 1))). */
    readonly expected: number;
    /** Mean cosine of the angle between g and ∇L. */
    readonly alignment: number;
  }[];
}

const squared = (v: Float64Array): number => v.reduce((sum, value) => sum + value * value, 0);
const product = (u: Float64Array, v: Float64Array): number =>
  u.reduce((sum, value, i) => sum + value * v[i], 0);
const difference = (u: Float64Array, v: Float64Array): Float64Array => u.map((value, i) => value - v[i]);

/**
 * The gradient of a batch of B samples, drawn from N without replacement, has the right mean and the variance
 * σ²(N − B)/(B(N − 1)): a step on it goes downhill on average, with an error that falls like 1/√B while its price grows
 * like B (Bottou, Curtis & Nocedal, Optimization methods for large-scale machine learning, SIAM Review 60 (2018)). Larger
 * batches than the noise scale gain little (McCandlish, Kaplan & Amodei, An empirical model of large-batch training, 2018).
 * The model is used as outside training: without dropout.
 *
 * @throws ProblemError for a batch size below 1 or above the number of samples
 */
export function gradientNoise(
  tf: TensorLibrary,
  model: TensorFlow.LayersModel,
  { inputs, targets }: { readonly inputs: TensorFlow.Tensor; readonly targets: TensorFlow.Tensor },
  { loss, batchSizes, draws = 50, seed }: GradientNoiseOptions,
): GradientNoise {
  const count = inputs.shape[0];
  const bad = batchSizes.findIndex((size) => !(Number.isInteger(size) && size >= 1 && size <= count));
  if (bad >= 0)
    throw new ProblemError(`a batch of ${batchSizes[bad]} out of ${count} samples`, {
      path: `batchSizes[${bad}]`,
      hint: `give 1 to ${count}`,
    });
  const weights = model.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
  const gradientOf = (rows: ArrayLike<number>): Float64Array => {
    const gradient = tf.tidy(() => {
      const positions = tf.tensor1d(Int32Array.from(rows), 'int32');
      const [x, y] = [tf.gather(inputs, positions), tf.gather(targets, positions)];
      const { grads } = tf.variableGrads(
        () => loss(y, model.predictOnBatch(x) as TensorFlow.Tensor).mean() as TensorFlow.Scalar,
        weights,
      );
      return tf.concat1d(weights.map(({ name }) => grads[name].flatten() as TensorFlow.Tensor1D));
    });
    const values = Float64Array.from(gradient.dataSync());
    gradient.dispose();
    return values;
  };

  const whole = new Float64Array(weights.reduce((sum, { size }) => sum + size, 0));
  const each = Array.from({ length: count }, (_, n) => gradientOf([n]));
  for (const own of each) for (let i = 0; i < whole.length; i++) whole[i] += own[i] / count;
  const norm = Math.sqrt(squared(whole));
  const variance = each.reduce((sum, own) => sum + squared(difference(own, whole)) / count, 0);
  const batches = batchSizes.map((size, k) => {
    let [square, cosine] = [0, 0];
    for (let draw = 0; draw < draws; draw++) {
      const own = gradientOf(permutation(count, streamSeed(seed, k, draw)).subarray(0, size));
      square += squared(difference(own, whole)) / draws;
      cosine += product(own, whole) / (Math.sqrt(squared(own)) * norm || 1) / draws;
    }
    return {
      size,
      deviation: Math.sqrt(square),
      expected: Math.sqrt((variance * (count - size)) / (size * Math.max(count - 1, 1))),
      alignment: cosine,
    };
  });
  return {
    gradientNorm: norm,
    sampleDeviation: Math.sqrt(variance),
    noiseScale: variance / norm ** 2,
    batches,
  };
}
