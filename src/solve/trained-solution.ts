/** One training run from a trial solution to a Solution. */
import { initialize, widened } from '../network/index.ts';
import { type TrialSolution, trialSize } from '../network/trial-solution.ts';
import type { Problem } from '../problem/index.ts';
import {
  buildResidualSystem,
  type CollocationOptions,
  type ResidualSystem,
  type Scaling,
} from '../residual/index.ts';
import type { TrainingCallback } from './callbacks.ts';
import { periodicCoordinates } from './default-trial.ts';
import { errorWatch, truthOf } from './error-watch.ts';
import { stagesOf } from './growth/stages.ts';
import { fieldsOfPiece } from './piece.ts';
import { planPhases } from './plan.ts';
import type { RunStart, RunTask } from './run-task.ts';
import type { ResolvedSettings } from './settings.ts';
import { Solution } from './solution.ts';
import type { StoredSolution } from './stored-format.ts';
import { saveSolution } from './stored-solution.ts';
import { train } from './training.ts';
import type { TrainingProgress, TrainingResult } from './training-progress.ts';

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

type SolutionAt = (at: TrainingProgress, result?: TrainingResult) => Solution;

/** The solution at parameters of the run's trial solution. */
function solutionsOf(
  { problem, settings, settingsGiven }: RunTask,
  { trial, scaling }: RunStart,
  system: ResidualSystem,
): SolutionAt {
  const blocks = system.blocks.map(({ path, kind, count }) => ({ path, kind, points: count }));
  return (at, result) =>
    new Solution(
      problem,
      trial,
      scaling,
      at.theta,
      {
        settings,
        backend: result?.backend ?? settings.engine,
        precision: result?.precision ?? (settings.engine === 'f64' ? 'float64' : 'float32'),
        parameters: at.theta.length,
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
}

/**
 * Trains a trial solution, through networks of several widths where the settings say so; whether the result is usable
 * is not judged.
 *
 * @throws SolveError where the loss is not finite from the start.
 */
export async function trainedSolution(task: RunTask, start: RunStart, hooks: RunHooks): Promise<Solution> {
  const { problem, settings } = task;
  const truth = settings.target === undefined ? undefined : await truthOf(problem);
  const { stages, whole } =
    start.progress === undefined
      ? stagesOf(task, start)
      : { stages: [{ task, start, phases: planPhases(problem, settings) }], whole: 0 };
  let progress: TrainingProgress = start.progress ?? {
    ...progressFrom(initialParameters(stages[0].task, stages[0].start)),
    seconds: start.elapsed ?? 0,
  };
  let { timeLimit } = settings;
  const wholeSystem = trainingSystem(stages[whole].task, stages[whole].start);
  for (const [s, stage] of stages.entries()) {
    const { trial, scaling } = stage.start;
    const system = s === whole ? wholeSystem : trainingSystem(stage.task, stage.start);
    // Whatever leaves the run is of the network that was asked for, or of a wider one.
    const returned = stages[Math.max(s, whole)];
    const inReturned = (at: TrainingProgress): TrainingProgress =>
      s >= whole ? at : inWider(at, trial, returned.start.trial, settings);
    const solutionAt = solutionsOf(returned.task, returned.start, s >= whole ? system : wholeSystem);
    // Of the whole run, whose stages each have what time is left.
    const passed = Math.min(1, 1 - timeLimit / settings.timeLimit);
    const result = await train(
      system,
      scaling,
      stage.phases,
      { ...stage.task.settings, timeLimit },
      progress.theta,
      problem.time,
      {
        callbacks: hooks.callbacks.map(
          (callback) => (state) => callback({ ...state, progress: passed + (1 - passed) * state.progress }),
        ),
        solutionAt: solutionsOf(stage.task, stage.start, system),
        signal: hooks.signal,
        onCheckpoint:
          hooks.onCheckpoint === undefined
            ? undefined
            : (at) => hooks.onCheckpoint!(saveSolution(solutionAt(inReturned(at)))),
        errorAt:
          truth === undefined
            ? undefined
            : errorWatch(problem, truth, (theta) => ({
                unknowns: unknownsIn(theta, trial, scaling),
                evaluateFields: (points) => fieldsOfPiece(problem, trial, { scaling, theta }, points),
              })),
      },
      progress,
    );
    if (s === stages.length - 1 || result.stopped !== 'converged')
      return solutionAt(inReturned(result), result);
    timeLimit -= result.seconds - progress.seconds;
    progress = inWider(result, trial, stages[s + 1].start.trial, settings);
  }
  throw new Error('a run has at least one stage');
}

function unknownsIn(theta: Float64Array, trial: TrialSolution, scaling: Scaling): Record<string, number> {
  const first = trialSize(trial);
  return Object.fromEntries(scaling.unknowns.map((t, i) => [t.name, t.value(theta[first + i])]));
}

/** Where a wider network begins, with the same fields as the narrow one at its end. */
function inWider(
  { theta, seconds, iteration, history }: TrainingProgress,
  narrow: TrialSolution,
  wide: TrialSolution,
  { seed, initialization }: ResolvedSettings,
): TrainingProgress {
  const options = { seed, scheme: initialization };
  return { ...progressFrom(widened(narrow, wide, theta, options)), seconds, iteration, history };
}
