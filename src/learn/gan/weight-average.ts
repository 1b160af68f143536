/** A generator whose weights are an average over the training. */
import { ProblemError } from '../../errors.ts';
import { type StoredWeights, storedWeights } from '../training/stored-weights.ts';
import type { AdversarialCallback } from './adversarial-training.ts';

export interface WeightAverage extends AdversarialCallback {
  /** Weights to be put into a network of the same layers by `restoreWeights`. */
  weights(): StoredWeights;
}

/**
 * Adversaries circle around their balance; the mean of the path lies closer to it than its end. After every step
 * w̄ ← δ w̄ + (1 − δ) w, with smaller δ in the first steps so that the start is soon forgotten (Yazıcı et al., The
 * unusual effectiveness of averaging in GAN training, ICLR 2019).
 *
 * @param decay  δ; default 0.999: a memory of about a thousand steps
 */
export function weightAverage({ decay = 0.999 } = {}): WeightAverage {
  if (!(decay >= 0 && decay < 1))
    throw new ProblemError(`a decay of ${decay}`, { path: 'decay', hint: 'give at least 0 and less than 1' });
  let average: StoredWeights = [];
  return {
    async onStep({ generator, step }) {
      const now = await storedWeights(generator);
      if (average.length === 0) {
        average = now;
        return;
      }
      const share = Math.min(decay, (1 + step) / (10 + step));
      for (const [k, { values }] of average.entries())
        for (let i = 0; i < values.length; i++)
          values[i] = share * values[i] + (1 - share) * now[k].values[i];
    },
    weights() {
      if (average.length === 0)
        throw new ProblemError('there is no average before the first step', { path: 'weights' });
      return average;
    },
  };
}
