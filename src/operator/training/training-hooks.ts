/** What runs while an operator is trained. */

export interface OperatorProgress {
  /**
   * `solutions`: training functions solved; `trunk`, `branch`: the two steps; `training`: optimizer steps; `test`: test
   * functions solved.
   */
  readonly phase: 'solutions' | 'trunk' | 'branch' | 'training' | 'test';
  readonly done: number;
  readonly total: number;
  /** Since the start. */
  readonly seconds: number;
  /** Relative error of functions left out, as far as it is known. */
  readonly validation?: number;
}

export interface TrainingHooks {
  readonly signal: AbortSignal | undefined;
  readonly show: (progress: Omit<OperatorProgress, 'seconds'>) => void;
  /** Since the start. */
  readonly seconds: () => number;
}
