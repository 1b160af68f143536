/** A training logged for TensorBoard. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { LearningCallback, LearningState } from '../training/learning-callback.ts';
import { eventFileHeader, eventRecord } from './event-record.ts';
import { gradientNorms, weightHistograms } from './layer-weights.ts';

export interface EventLogOptions {
  /** Bins of the histograms of weights; 0 logs none; default 30. */
  readonly bins?: number;
  /** Where given, the norms of gradients on them are logged by layer; the caller disposes of them. */
  readonly gradients?: { readonly inputs: TensorFlow.Tensor; readonly targets: TensorFlow.Tensor };
  /** Seconds since 1970; default the clock. */
  readonly now?: () => number;
}

/**
 * After every epoch the losses, the learning rate, histograms of each layer's weights, and norms of gradients; the step is the
 * epoch. `openEventFile` of ansatz/learn/node gives a place to write to.
 *
 * @param write  takes the bytes of one record, to be put behind those before it
 */
export function eventLog(
  write: (record: Uint8Array) => void | Promise<void>,
  { bins = 30, gradients, now = () => Date.now() / 1000 }: EventLogOptions = {},
): LearningCallback {
  const log = async ({ tf, model, epoch, loss, heldOutLoss, learningRate }: LearningState): Promise<void> => {
    const norms = gradients === undefined ? [] : await gradientNorms(tf, model, gradients);
    const weights = bins === 0 ? [] : await weightHistograms(model, { bins });
    await write(
      eventRecord({
        step: epoch,
        time: now(),
        scalars: {
          ...(Number.isFinite(loss) ? { 'loss/training': loss } : {}),
          ...(heldOutLoss === undefined ? {} : { 'loss/held-out': heldOutLoss }),
          'learning-rate': learningRate,
          ...Object.fromEntries(norms.map(({ name, norm }) => [`gradient-norm/${name}`, norm])),
        },
        histograms: Object.fromEntries(weights.map(({ name, histogram }) => [`weights/${name}`, histogram])),
      }),
    );
  };
  return {
    onStart: async (state) => {
      await write(eventFileHeader(now()));
      await log(state);
    },
    onEpoch: log,
  };
}
