/** Where a training run stands, what it is connected to and what it ends with. */
import type { OptimizerState } from '../optimizer/index.ts';
import type { TrainingCallback } from './callbacks.ts';
import type { HistoryRecord } from './history.ts';
import type { PhaseWeights } from './plan.ts';
import type { Solution } from './solution.ts';
import type { LossWeightsState } from './weighting/loss-weights.ts';

export type StopReason = 'target' | 'converged' | 'iterations' | 'time-limit' | 'callback' | 'interrupted';

/** Where a run stands: what is needed to go on. */
export interface TrainingProgress {
  readonly theta: Float64Array;
  readonly phase: number;
  readonly iterationInPhase: number;
  readonly iteration: number;
  readonly seconds: number;
  readonly optimizer: OptimizerState | undefined;
  /** Of the phase, by block, (N, outputs) row-major. */
  readonly multipliers: readonly Float64Array[] | undefined;
  /** Of the blocks whose points have been drawn anew, by block; undefined before that. */
  readonly points: readonly (Float64Array | null)[] | undefined;
  /** Weights that training sets; undefined where it sets none, or before the start. */
  readonly weighting: LossWeightsState | undefined;
  /** Mean of the parameters at the ends of phases that are averaged, and of how many. */
  readonly average: { readonly theta: Float64Array; readonly count: number } | undefined;
  /** Weights of the last phase that was kept. */
  readonly reached: PhaseWeights;
  /** Whether phases are left out up to the next one with 'reached' weights. */
  readonly skipping: boolean;
  /** Of the phase; undefined where it has not begun. */
  readonly memory: PhaseMemory | undefined;
  readonly history: HistoryRecord;
}

/** What a phase remembers beside its optimizer. */
export interface PhaseMemory {
  readonly best: { readonly loss: number; readonly theta: Float64Array };
  /** The loss that counted as progress last, and the iteration that reached it. */
  readonly progress: { readonly loss: number; readonly iteration: number };
  /** Parameters and mean square of the data at the start, of phases that may be undone. */
  readonly start: { readonly theta: Float64Array; readonly data: number } | undefined;
}

export interface TrainingResult extends TrainingProgress {
  readonly loss: number;
  /** Mean square of each block, weights taken out. */
  readonly terms: readonly number[];
  readonly stopped: StopReason;
  readonly backend: string;
  readonly precision: 'float32' | 'float64';
}

export interface TrainingHooks {
  readonly callbacks: readonly TrainingCallback[];
  /** The solution where the run stands. */
  readonly solutionAt: (progress: TrainingProgress) => Solution;
  readonly signal: AbortSignal | undefined;
  /** Called from time to time with all that is needed to resume. */
  readonly onCheckpoint: ((progress: TrainingProgress) => void) | undefined;
  /** Estimate of the relative error at θ, to be held against the target; undefined where there is none. */
  readonly errorAt: ((theta: Float64Array) => number | undefined) | undefined;
}
