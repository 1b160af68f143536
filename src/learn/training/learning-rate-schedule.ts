/** A learning rate that changes as the training goes. */
import type { LearningCallback } from './learning-callback.ts';

/** The rate by share of the training done, from 0 to 1, given the rate at its start. */
export type RateSchedule = (share: number, rate: number) => number;

/** Half a cosine from the rate down to a share of it (Loshchilov & Hutter, SGDR, ICLR 2017); default: to zero. */
export function cosineDecay(lastShare = 0): RateSchedule {
  return (share, rate) => rate * (lastShare + ((1 - lastShare) * (1 + Math.cos(Math.PI * share))) / 2);
}

/** From the rate to a share of it, in equal ratios: η·q^s. */
export function exponentialDecay(lastShare: number): RateSchedule {
  return (share, rate) => rate * lastShare ** share;
}

/** Multiplied by `factor` at each of the shares given. */
export function stepDecay(shares: readonly number[], factor: number): RateSchedule {
  return (share, rate) => rate * factor ** shares.filter((s) => share >= s).length;
}

/** A straight rise from nearly nothing over the first `length` of the training, then another schedule. */
export function warmUp(length: number, then: RateSchedule): RateSchedule {
  return (share, rate) =>
    share < length ? rate * Math.max(share / length, 1e-3) : then((share - length) / (1 - length), rate);
}

/** Sets the rate after every epoch. */
export function learningRateSchedule(schedule: RateSchedule): LearningCallback {
  let first = 0;
  const set: NonNullable<LearningCallback['onEpoch']> = (state) => {
    state.learningRate = schedule(state.epoch / state.epochs, first);
  };
  return {
    onStart: (state) => {
      first = state.learningRate;
      set(state);
    },
    onEpoch: set,
    onEnd: (state) => {
      state.learningRate = first;
    },
  };
}
