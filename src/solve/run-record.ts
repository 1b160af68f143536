import type { HistoryRecord } from './history.ts';
import type { ResolvedSettings } from './settings.ts';
import type { StopReason } from './training-progress.ts';

/** How a solution came about: what a report states, and what is needed to make the run again. */
export interface RunRecord {
  readonly settings: ResolvedSettings;
  readonly backend: string;
  readonly precision: 'float32' | 'float64';
  /** Trained parameters, unknowns included. */
  readonly parameters: number;
  /** Seconds of training, earlier parts of a resumed run included. */
  readonly seconds: number;
  readonly iterations: number;
  readonly loss: number;
  readonly stopped: StopReason;
  /**
   * Of random features: the largest residual of an equation or condition at points never trained on, relative
   * to its largest term.
   */
  readonly heldOutResidual?: number;
  /** Of unknowns fitted together with fields over random features: how they scatter with the observations' noise. */
  readonly uncertainty?: {
    /** Of the raw unknowns, (p, p) row-major. */
    readonly covariance: readonly number[];
    readonly degreesOfFreedom: number;
  };
  /** The blocks of the loss, in the order of `terms` in the history. */
  readonly blocks: readonly {
    readonly path: string;
    readonly kind: 'equation' | 'condition' | 'data';
    readonly points: number;
  }[];
  /** Mean square of each block at the end, weights taken out; NaN where a block did not count. */
  readonly terms: readonly number[];
  readonly history: HistoryRecord;
}
