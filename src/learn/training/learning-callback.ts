/** What can be done while a model trains. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';

/** A training at the end of a batch or of an epoch. */
export interface LearningState {
  readonly tf: TensorLibrary;
  readonly model: TensorFlow.LayersModel;
  /** From 1. */
  readonly epoch: number;
  /** All epochs that were asked for. */
  readonly epochs: number;
  /** Batches so far, in all epochs. */
  readonly step: number;
  /** Mean over the batches of this epoch so far. */
  readonly loss: number;
  /** Loss on the held-out samples, at the end of an epoch, where there are some. */
  readonly heldOutLoss?: number;
  readonly seconds: number;
  /** Rate of the optimizer. May be set. */
  learningRate: number;
  /** Ends the training after this call. @param reason  as it stands in the history */
  stop(reason: string): void;
}

/**
 * Called as the training goes on; everything is optional. What a callback keeps it disposes of in `onEnd`, which is
 * called however the training ends.
 *
 * @example
 * // Lab 4: a callback of one's own.
 * const loudest: LearningCallback = { onBatch: ({ step, loss }) => { if (loss > 10) console.log(step, loss); } };
 */
export interface LearningCallback {
  onStart?(state: LearningState): void | Promise<void>;
  onBatch?(state: LearningState): void | Promise<void>;
  onEpoch?(state: LearningState): void | Promise<void>;
  onEnd?(state: LearningState): void | Promise<void>;
}
