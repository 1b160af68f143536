/** Weights handed on as the training goes, to be stored. */
import { ProblemError } from '../../errors.ts';
import type { LearningCallback } from './learning-callback.ts';
import { type StoredWeights, storedWeights } from './stored-weights.ts';

/**
 * Hands the weights to `store` every so many epochs, and at the end; see `restoreWeights`.
 *
 * @param every  epochs; default 1
 */
export function checkpoint(
  store: (weights: StoredWeights, epoch: number) => void | Promise<void>,
  { every = 1 }: { readonly every?: number } = {},
): LearningCallback {
  if (!(Number.isInteger(every) && every >= 1))
    throw new ProblemError(`every ${every} epochs`, { path: 'every', hint: 'give 1 or more' });
  let stored = 0;
  const keep: NonNullable<LearningCallback['onEpoch']> = async ({ model, epoch }) => {
    stored = epoch;
    await store(await storedWeights(model), epoch);
  };
  return {
    onEpoch: (state) => (state.epoch % every === 0 ? keep(state) : undefined),
    onEnd: (state) => (state.epoch > stored ? keep(state) : undefined),
  };
}
