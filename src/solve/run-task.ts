/** What a run solves, and where it starts. */
import type { TrialSolution } from '../network/trial-solution.ts';
import type { Problem, SolveSettings } from '../problem/index.ts';
import type { AvailableReference } from '../reference/index.ts';
import type { Scaling } from '../residual/index.ts';
import type { ResolvedSettings } from './settings.ts';
import type { TrainingProgress } from './training-progress.ts';

/** What is solved, and how. */
export interface RunTask {
  readonly problem: Problem;
  readonly settings: ResolvedSettings;
  /** Settings as they were given, which a stored solution keeps. */
  readonly settingsGiven: SolveSettings;
  /** A coarse classical solution, where there is one. */
  readonly march?: AvailableReference;
}

/** Where a run starts. */
export interface RunStart {
  readonly trial: TrialSolution;
  readonly scaling: Scaling;
  /** To go on from; default: parameters drawn anew. */
  readonly progress?: TrainingProgress;
  /** Seconds that were spent before a run that begins anew. */
  readonly elapsed?: number;
}
