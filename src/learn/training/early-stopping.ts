/** Stopping when the held-out loss no longer falls, and keeping the best weights. */
import { ProblemError } from '../../errors.ts';
import type { LearningCallback } from './learning-callback.ts';
import { restoreWeights, type StoredWeights, storedWeights } from './stored-weights.ts';

export interface EarlyStoppingOptions {
  /** Epochs without a new least loss after which to stop; default 5. */
  readonly patience?: number;
  /** By how much a loss must be lower to count; default 0. */
  readonly atLeast?: number;
  /** Whether the model ends with the weights of its best epoch; default true. */
  readonly restore?: boolean;
}

/**
 * Early stopping: training on after the held-out loss has turned up only fits the noise (Prechelt, Early stopping, but
 * when?, 1998).
 */
export class EarlyStopping implements LearningCallback {
  readonly #patience: number;
  readonly #atLeast: number;
  readonly #restore: boolean;
  #best: { epoch: number; loss: number; weights: StoredWeights } | undefined;

  constructor({ patience = 5, atLeast = 0, restore = true }: EarlyStoppingOptions = {}) {
    if (!(patience >= 1))
      throw new ProblemError(`a patience of ${patience} epochs`, {
        path: 'patience',
        hint: 'give 1 or more',
      });
    this.#patience = patience;
    this.#atLeast = atLeast;
    this.#restore = restore;
  }

  /** The epoch of the least loss so far, from 1. */
  get bestEpoch(): number | undefined {
    return this.#best?.epoch;
  }

  onStart(): void {
    this.#best = undefined;
  }

  async onEpoch({
    epoch,
    heldOutLoss,
    model,
    stop,
  }: Parameters<NonNullable<LearningCallback['onEpoch']>>[0]): Promise<void> {
    if (heldOutLoss === undefined)
      throw new ProblemError('early stopping needs a held-out loss', {
        path: 'heldOut',
        hint: 'give trainModel samples to hold out',
      });
    if (this.#best === undefined || heldOutLoss < this.#best.loss - this.#atLeast) {
      this.#best = { epoch, loss: heldOutLoss, weights: await storedWeights(model) };
      return;
    }
    if (epoch - this.#best.epoch >= this.#patience)
      stop(`the held-out loss was least in epoch ${this.#best.epoch}`);
  }

  onEnd({ tf, model }: Parameters<NonNullable<LearningCallback['onEnd']>>[0]): void {
    if (this.#restore && this.#best !== undefined) restoreWeights(tf, model, this.#best.weights);
  }
}
