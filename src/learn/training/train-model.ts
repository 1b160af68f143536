/** Training a tfjs model in batches whose order a seed decides. */

import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { InterruptedError, ProblemError, SolveError } from '../../errors.ts';
import { permutation } from '../data/split.ts';
import type { LearningCallback, LearningState } from './learning-callback.ts';
import { learningRateOf, setLearningRate } from './optimizer-rate.ts';

type Tensors = TensorFlow.Tensor | readonly TensorFlow.Tensor[];

/** Samples along the first axis of every tensor; several inputs or outputs are lists. */
export interface Samples {
  readonly inputs: Tensors;
  readonly targets: Tensors;
}

export interface TrainingOptions {
  readonly epochs: number;
  /** Samples in a batch; 1 trains online, all of them is gradient descent; default 32. */
  readonly batchSize?: number;
  /** Of the order of the samples in every epoch. */
  readonly seed: number;
  /** Samples on which the loss is measured after every epoch, and never trained. */
  readonly heldOut?: Samples;
  readonly callbacks?: readonly LearningCallback[];
  readonly signal?: AbortSignal;
}

export interface TrainingHistory {
  /** Mean loss over the batches of every epoch, the penalties of layers included. */
  readonly losses: readonly number[];
  /** Loss on the held-out samples after every epoch; empty where there are none. */
  readonly heldOutLosses: readonly number[];
  readonly seconds: number;
  /** 'epochs', or what a callback said. */
  readonly stopped: string;
}

const listOf = (tensors: Tensors): readonly TensorFlow.Tensor[] =>
  Array.isArray(tensors) ? tensors : [tensors as TensorFlow.Tensor];

function countOf({ inputs, targets }: Samples, path: string): number {
  const counts = [...listOf(inputs), ...listOf(targets)].map(({ shape }) => shape[0]);
  if (counts.some((count) => count !== counts[0]))
    throw new ProblemError(`inputs and targets of ${counts.join(', ')} samples`, {
      path,
      hint: 'give as many of each',
    });
  return counts[0];
}

/** tfjs wants one tensor where there is one, and a list where there are more. */
const asGiven = (tensors: Tensors, list: TensorFlow.Tensor[]): TensorFlow.Tensor | TensorFlow.Tensor[] =>
  Array.isArray(tensors) ? list : list[0];

/** Mean of a compiled model's loss, without its metrics. */
function evaluated(
  tf: TensorLibrary,
  model: TensorFlow.LayersModel,
  samples: Samples,
  batchSize: number,
): number {
  return tf.tidy(() => {
    const result = model.evaluate(
      asGiven(samples.inputs, [...listOf(samples.inputs)]),
      asGiven(samples.targets, [...listOf(samples.targets)]),
      { batchSize },
    );
    return (Array.isArray(result) ? result[0] : result).dataSync()[0];
  });
}

/**
 * Trains a compiled model. tfjs' own `fit` draws the order of samples from Math.random; here the same seed gives the same
 * order, so that a training can be done again.
 *
 * @throws ProblemError where samples do not fit each other, or the model is not compiled
 * @throws SolveError where the loss is no number any more
 * @throws InterruptedError when the signal says so
 * @example
 * model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' });
 * const { losses } = await trainModel(tf, model, { inputs, targets }, { epochs: 5, seed: 0 });
 */
export async function trainModel(
  tf: TensorLibrary,
  model: TensorFlow.LayersModel,
  samples: Samples,
  { epochs, batchSize = 32, seed, heldOut, callbacks = [], signal }: TrainingOptions,
): Promise<TrainingHistory> {
  const count = countOf(samples, 'samples');
  if (heldOut !== undefined) countOf(heldOut, 'heldOut');
  const optimizer = model.optimizer as TensorFlow.Optimizer | undefined;
  if (optimizer === undefined)
    throw new ProblemError('the model is not compiled', { path: 'model', hint: 'call model.compile first' });
  const began = performance.now();
  const losses: number[] = [];
  const heldOutLosses: number[] = [];
  const progress = { epoch: 0, step: 0, loss: Number.NaN, heldOutLoss: undefined as number | undefined };
  let stopped: string | undefined;
  const state = (): LearningState => ({
    tf,
    model,
    epochs,
    ...progress,
    seconds: (performance.now() - began) / 1000,
    get learningRate() {
      return learningRateOf(optimizer);
    },
    set learningRate(rate: number) {
      setLearningRate(optimizer, rate);
    },
    stop: (reason) => {
      stopped ??= reason;
    },
  });
  const call = async (moment: keyof LearningCallback): Promise<void> => {
    for (const callback of callbacks) await callback[moment]?.(state());
  };
  const batchOf = (tensors: Tensors, rows: TensorFlow.Tensor1D): TensorFlow.Tensor[] =>
    listOf(tensors).map((tensor) => tf.gather(tensor, rows));
  const trainBatch = async (positions: Uint32Array): Promise<number> => {
    const rows = tf.tensor1d(Int32Array.from(positions), 'int32');
    const [inputs, targets] = [batchOf(samples.inputs, rows), batchOf(samples.targets, rows)];
    try {
      const result = await model.trainOnBatch(
        asGiven(samples.inputs, inputs),
        asGiven(samples.targets, targets),
      );
      return Array.isArray(result) ? result[0] : result;
    } finally {
      tf.dispose([rows, inputs, targets]);
    }
  };
  try {
    await call('onStart');
    while (progress.epoch < epochs && stopped === undefined) {
      progress.epoch += 1;
      const order = permutation(count, seed + progress.epoch);
      let sum = 0;
      let done = 0;
      for (let start = 0; start < count && stopped === undefined; start += batchSize) {
        if (signal?.aborted) throw new InterruptedError('the training was interrupted');
        const positions = order.subarray(start, start + batchSize);
        const loss = await trainBatch(positions);
        if (!Number.isFinite(loss))
          throw new SolveError(
            `the loss is ${loss} in epoch ${progress.epoch}; lower the learning rate, or look for targets that are no numbers`,
          );
        sum += loss * positions.length;
        done += positions.length;
        progress.step += 1;
        progress.loss = sum / done;
        await call('onBatch');
      }
      losses.push(progress.loss);
      if (heldOut !== undefined) {
        progress.heldOutLoss = evaluated(tf, model, heldOut, Math.max(batchSize, 256));
        heldOutLosses.push(progress.heldOutLoss);
      }
      await call('onEpoch');
    }
  } finally {
    await call('onEnd');
  }
  return { losses, heldOutLosses, seconds: (performance.now() - began) / 1000, stopped: stopped ?? 'epochs' };
}
