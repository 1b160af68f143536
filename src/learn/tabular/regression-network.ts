/** A network of dense layers for rows of numbers, as something that learns and predicts. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { streamSeed } from '../../random/generator.ts';
import { cosineDecay, learningRateSchedule } from '../training/learning-rate-schedule.ts';
import { trainModel } from '../training/train-model.ts';
import type { TabularLearner } from './cross-validation.ts';

export interface RegressionNetworkOptions {
  /** Numbers of a row. */
  readonly inputs: number;
  /** Hidden layers; default 2. */
  readonly layers?: number;
  /** Units of each; default 32. */
  readonly units?: number;
  /** Of the hidden layers, by its name in tfjs; default 'relu'. */
  readonly activation?: 'relu' | 'tanh' | 'sigmoid' | 'elu' | 'swish' | 'linear';
  /** λ of λ Σ w² over all kernels, added to the loss; default 0. */
  readonly decay?: number;
  readonly seed: number;
}

/** Takes (N, inputs), gives (N, 1). Kernels by He's rule where the activation is ReLU, else by Glorot's. */
export function regressionNetwork(
  tf: TensorLibrary,
  { inputs, layers = 2, units = 32, activation = 'relu', decay = 0, seed }: RegressionNetworkOptions,
): TensorFlow.Sequential {
  const initializer = (k: number) => {
    const own = { seed: streamSeed(seed, k) % 2 ** 31 };
    return activation === 'relu' && k < layers
      ? tf.initializers.heNormal(own)
      : tf.initializers.glorotNormal(own);
  };
  return tf.sequential({
    layers: Array.from({ length: layers + 1 }, (_, k) =>
      tf.layers.dense({
        units: k === layers ? 1 : units,
        activation: k === layers ? 'linear' : activation,
        kernelInitializer: initializer(k),
        ...(decay > 0 ? { kernelRegularizer: tf.regularizers.l2({ l2: decay }) } : {}),
        ...(k === 0 ? { inputShape: [inputs] } : {}),
      }),
    ),
  });
}

export interface NetworkLearnerOptions extends Omit<RegressionNetworkOptions, 'inputs'> {
  /** Makes the optimizer of one training, which is disposed of after it; default Adam. */
  readonly optimizer?: (tf: TensorLibrary, learningRate: number) => TensorFlow.Optimizer;
  /** At the start; it falls to zero by half a cosine. Default 0.005. */
  readonly learningRate?: number;
  /** Default 40. */
  readonly epochs?: number;
  /** Default 32. */
  readonly batchSize?: number;
}

/** The network trained on the mean square error, a new one from its own seed for every fold. */
export function networkLearner(
  tf: TensorLibrary,
  {
    optimizer = (own, rate) => own.train.adam(rate),
    learningRate = 0.005,
    epochs = 40,
    batchSize = 32,
    seed,
    ...network
  }: NetworkLearnerOptions,
): TabularLearner {
  return async ({ rows, targets, count }, fold) => {
    const columns = rows.length / count;
    const model = regressionNetwork(tf, { ...network, inputs: columns, seed: streamSeed(seed, fold) });
    const own = optimizer(tf, learningRate);
    const tensors = {
      inputs: tf.tensor2d(Float32Array.from(rows), [count, columns]),
      targets: tf.tensor2d(Float32Array.from(targets), [count, 1]),
    };
    try {
      model.compile({ optimizer: own, loss: 'meanSquaredError' });
      await trainModel(tf, model, tensors, {
        epochs,
        batchSize,
        seed,
        callbacks: [learningRateSchedule(cosineDecay())],
      });
    } catch (error) {
      model.dispose();
      throw error;
    } finally {
      own.dispose();
      tf.dispose(tensors);
    }
    return {
      predict: (others) => {
        const values = tf.tidy(() => {
          const inputs = tf.tensor2d(Float32Array.from(others), [others.length / columns, columns]);
          return (model.predict(inputs) as TensorFlow.Tensor).flatten();
        });
        const predicted = Float64Array.from(values.dataSync());
        values.dispose();
        return predicted;
      },
      dispose: () => model.dispose(),
    };
  };
}
