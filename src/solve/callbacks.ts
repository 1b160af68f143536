/** Callbacks of a training run, and the ready-made ones. */
import type { HistoryEntry } from './history.ts';
import type { Solution } from './solution.ts';

/** What a callback sees after each optimizer step. */
export interface TrainingState {
  readonly iteration: number;
  readonly phase: string;
  /** Share of the run that is done, in [0, 1], as far as can be told. */
  readonly progress: number;
  readonly seconds: number;
  readonly loss: number;
  /** The parameters reached, of the network that is being trained; a copy may be kept. */
  readonly theta: Float64Array;
  /** The solution as it stands. */
  solution(): Solution;
  /** Terms of the loss and unknowns at this step. */
  entry(): HistoryEntry;
}

/** Returns 'stop' to end the run with what has been reached. */
export type TrainingCallback = (state: TrainingState) => 'stop' | undefined;

/** Ends a run whose loss has not fallen by the factor 1 − improvement over `patience` steps. */
export function earlyStopping({
  patience,
  improvement = 1e-3,
}: {
  patience: number;
  improvement?: number;
}): TrainingCallback {
  let best = Number.POSITIVE_INFINITY;
  let since = 0;
  let phase = '';
  return (state) => {
    if (state.phase !== phase)
      [phase, best, since] = [state.phase, Number.POSITIVE_INFINITY, state.iteration];
    if (state.loss < best * (1 - improvement)) [best, since] = [state.loss, state.iteration];
    return state.iteration - since >= patience ? 'stop' : undefined;
  };
}
