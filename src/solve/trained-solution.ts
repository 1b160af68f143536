/** One training run from a trial solution to a Solution. */
import { initialize } from '../network/index.ts';
import { type TrialSolution, trialSize } from '../network/trial-solution.ts';
import type { Problem, SolveSettings } from '../problem/index.ts';
import {
  buildResidualSystem,
  type CollocationOptions,
  type ResidualSystem,
  type Scaling,
} from '../residual/index.ts';
import type { TrainingCallback } from './callbacks.ts';
import { periodicCoordinates } from './default-trial.ts';
import { errorWatch, truthOf } from './error-watch.ts';
import { planPhases } from './plan.ts';
import type { ResolvedSettings } from './settings.ts';
import { Solution } from './solution.ts';
import type { StoredSolution } from './stored-format.ts';
import { saveSolution } from './stored-solution.ts';
import { train } from './training.ts';
import type { TrainingProgress, TrainingResult } from './training-progress.ts';

/** What is solved, and how. */
export interface RunTask {
  readonly problem: Problem;
  readonly settings: ResolvedSettings;
  /** Settings as they were given, which a stored solution keeps. */
  readonly settingsGiven: SolveSettings;
}

/** Where a run starts. */
export interface RunStart {
  readonly trial: TrialSolution;
  readonly scaling: Scaling;
  /** To go on from; default: parameters drawn anew. */
  readonly progress?: TrainingProgress;
}

/** What connects a run to its surroundings, as in `SolveOptions`. */
export interface RunHooks {
  readonly callbacks: readonly TrainingCallback[];
  readonly signal: AbortSignal | undefined;
  readonly onCheckpoint: ((stored: StoredSolution) => void) | undefined;
}

/** How the terms of the loss are laid out for the weights that training sets. */
export function termOptions(
  problem: Problem,
  { weighting, engine }: ResolvedSettings,
): Pick<CollocationOptions, 'separateTerms' | 'multipliers'> {
  const probed = weighting.kind === 'ntk' && engine === 'tfjs';
  return {
    separateTerms: weighting.kind === 'gradient-norm' || weighting.kind === 'ntk',
    multipliers: weighting.kind === 'fixed' ? problem.observations.length > 0 : probed,
  };
}

/** The residuals that a run trains on. */
export function trainingSystem(
  { problem, settings }: RunTask,
  { trial, scaling }: RunStart,
  periodic: ReadonlySet<number> = periodicCoordinates(problem, settings),
): ResidualSystem {
  return buildResidualSystem(problem, scaling, trial, {
    points: settings.points,
    conditionPoints: settings.conditionPoints,
    sampling: settings.sampling,
    seed: settings.seed,
    weights: { equations: 1, conditions: 1, data: 1 },
    periodicCoordinates: periodic,
    ...termOptions(problem, settings),
  });
}

/** Parameters drawn by the seed, and the unknowns' starting values. */
export function initialParameters(
  { problem, settings }: RunTask,
  { trial, scaling }: RunStart,
): Float64Array {
  const size = trialSize(trial);
  const theta = new Float64Array(size + problem.unknowns.length);
  theta.set(initialize(trial, { seed: settings.seed, scheme: settings.initialization }));
  scaling.unknowns.forEach((transform, i) => {
    theta[size + i] = transform.initialRaw;
  });
  return theta;
}

/** The progress of a run that has not begun, from `theta`. */
export function progressFrom(theta: Float64Array): TrainingProgress {
  return {
    theta,
    seconds: 0,
    iteration: 0,
    history: { entries: [], phases: [] },
    phase: 0,
    iterationInPhase: 0,
    optimizer: undefined,
    multipliers: undefined,
    points: undefined,
    weighting: undefined,
    average: undefined,
    reached: { equation: 1, condition: 1, data: 1 },
    skipping: false,
    memory: undefined,
  };
}

/**
 * Trains a trial solution; whether the result is usable is not judged.
 *
 * @throws SolveError where the loss is not finite from the start.
 */
export async function trainedSolution(task: RunTask, start: RunStart, hooks: RunHooks): Promise<Solution> {
  const { problem, settings, settingsGiven } = task;
  const { trial, scaling, progress } = start;
  const { callbacks, signal, onCheckpoint } = hooks;
  const system = trainingSystem(task, start);
  const theta0 = initialParameters(task, start);
  const blocks = system.blocks.map(({ path, kind, count }) => ({ path, kind, points: count }));
  const phases = planPhases(problem, settings);
  const solutionAt = (at: TrainingProgress, result?: TrainingResult): Solution =>
    new Solution(
      problem,
      trial,
      scaling,
      at.theta,
      {
        settings,
        backend: result?.backend ?? settings.engine,
        precision: result?.precision ?? (settings.engine === 'f64' ? 'float64' : 'float32'),
        parameters: theta0.length,
        seconds: at.seconds,
        iterations: at.iteration,
        loss: result?.loss ?? at.history.entries.at(-1)?.loss ?? Number.NaN,
        stopped: result?.stopped ?? 'interrupted',
        blocks,
        terms: result?.terms ?? [],
        history: at.history,
      },
      { given: settingsGiven, ...at },
    );
  const plain = (theta: Float64Array): Solution => solutionAt(progressFrom(theta));
  const truth = settings.target === undefined ? undefined : await truthOf(problem);
  const result = await train(
    system,
    scaling,
    phases,
    settings,
    theta0,
    problem.time,
    {
      callbacks,
      signal,
      onCheckpoint:
        onCheckpoint === undefined ? undefined : (at) => onCheckpoint(saveSolution(solutionAt(at))),
      errorAt: truth === undefined ? undefined : errorWatch(problem, truth, plain),
    },
    progress,
  );
  return solutionAt(result, result);
}
