/** Training window after window: each a run of its own, together one solution. */
import { initialize } from '../../network/index.ts';
import { trialSize } from '../../network/trial-solution.ts';
import type { Scaling } from '../../residual/index.ts';
import { coarseMarch } from '../coarse-march.ts';
import { periodicCoordinates } from '../default-trial.ts';
import { errorWatch, truthOf } from '../error-watch.ts';
import { fieldsOfPiece } from '../piece.ts';
import { planPhases } from '../plan.ts';
import { Solution } from '../solution.ts';
import { saveSolution } from '../stored-solution.ts';
import {
  progressFrom,
  type RunHooks,
  type RunStart,
  type RunTask,
  trainingSystem,
} from '../trained-solution.ts';
import { train } from '../training.ts';
import type { StopReason, TrainingProgress, TrainingResult } from '../training-progress.ts';
import type { SolvedWindow } from './solved-window.ts';
import { assertMarchable, timeWindows, windowProblem } from './window-problem.ts';
import { windowScaling, withCarriedState } from './window-system.ts';

export interface MarchStart extends RunStart {
  /** Windows trained before, the last of them where `progress` stands. */
  readonly windows?: readonly SolvedWindow[];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What ended the windows, as one reason. */
function reasonOf(reasons: readonly StopReason[]): StopReason {
  const before: readonly StopReason[] = ['interrupted', 'time-limit', 'iterations', 'callback'];
  return before.find((reason) => reasons.includes(reason)) ?? 'converged';
}

/**
 * Trains the windows one after another; whether the result is usable is not judged. Time and iterations left are
 * shared out equally over the windows left. Errors add up from window to window: of a target for the whole, the
 * k-th of n windows has to meet the share k/n.
 *
 * @throws ProblemError for a problem that has no windows.
 * @throws SolveError where the loss is not finite from the start.
 */
export async function marchedSolution(task: RunTask, start: MarchStart, hooks: RunHooks): Promise<Solution> {
  const { problem, settings, settingsGiven } = task;
  const { trial, scaling } = start;
  assertMarchable(problem);
  const count = settings.windows;
  const intervals = timeWindows(problem, count);
  const march = await coarseMarch(problem);
  const periodic = periodicCoordinates(problem, settings);
  const truth = settings.target === undefined ? undefined : await truthOf(problem);
  const phases = planPhases(problem, settings);
  const size = trialSize(trial);
  const reasons: StopReason[] = [];
  const resumed = start.windows ?? [];
  let solved: readonly SolvedWindow[] = resumed.slice(0, -1);
  let progress = start.progress;
  let firstScaling: Scaling | undefined = resumed[0]?.scaling;
  let secondsLeft = settings.timeLimit;
  let solution: Solution | undefined;

  for (let k = solved.length; k < count; k++) {
    const window = windowProblem(problem, intervals[k], k === 0);
    const last = solved.at(-1);
    const before = last && { piece: last, window: windowProblem(problem, last, solved.length === 1) };
    const own: Scaling =
      resumed[k]?.scaling ?? windowScaling(window, trial, march(intervals[k]), before, firstScaling);
    firstScaling ??= own;
    const plain = trainingSystem({ ...task, problem: window }, { trial, scaling: own }, periodic);
    const system = last === undefined ? plain : withCarriedState(plain, window, own, trial, last);
    const theta0 = initialize(trial, { seed: settings.seed + k, scheme: settings.initialization });
    const begun: TrainingProgress =
      k === resumed.length - 1 && progress !== undefined
        ? progress
        : {
            ...progressFrom(theta0),
            seconds: progress?.seconds ?? 0,
            iteration: progress?.iteration ?? 0,
            history: progress?.history ?? { entries: [], phases: [] },
          };
    const left = count - k;
    const { iterations, target } = settings;
    const solutionAt = (at: TrainingProgress, result?: TrainingResult): Solution => {
      const loss = result?.loss ?? at.history.entries.at(-1)?.loss ?? Number.NaN;
      const windows = [
        ...solved,
        { ...intervals[k], scaling: own, theta: at.theta, loss, terms: result?.terms ?? [] },
      ];
      return new Solution(
        problem,
        trial,
        scaling,
        at.theta,
        {
          settings,
          backend: result?.backend ?? settings.engine,
          precision: result?.precision ?? (settings.engine === 'f64' ? 'float64' : 'float32'),
          parameters: count * size,
          seconds: at.seconds,
          iterations: at.iteration,
          loss: meanOf(windows.map((w) => w.loss)),
          stopped: result === undefined ? 'interrupted' : reasonOf([...reasons, result.stopped]),
          blocks: system.blocks.map(({ path, kind, count: points }) => ({ path, kind, points })),
          terms: system.blocks.map((_, b) => meanOf(windows.map(({ terms }) => terms[b] ?? Number.NaN))),
          history: at.history,
        },
        { given: settingsGiven, ...at },
        windows,
      );
    };
    const result = await train(
      system,
      own,
      phases.map((phase) => ({ ...phase, name: `window ${k + 1} of ${count}, ${phase.name}` })),
      {
        ...settings,
        seed: settings.seed + k,
        timeLimit: secondsLeft / left,
        iterations:
          iterations === undefined
            ? undefined
            : begun.iteration + Math.max(1, Math.floor((iterations - begun.iteration) / left)),
        target: target === undefined ? undefined : (target * (k + 1)) / count,
      },
      theta0,
      problem.time,
      {
        signal: hooks.signal,
        callbacks: hooks.callbacks.map(
          (callback) => (state) => callback({ ...state, progress: (k + state.progress) / count }),
        ),
        onCheckpoint:
          hooks.onCheckpoint === undefined
            ? undefined
            : (at) => hooks.onCheckpoint!(saveSolution(solutionAt(at))),
        errorAt:
          truth === undefined
            ? undefined
            : errorWatch(window, truth, (theta) => ({
                unknowns: {},
                evaluateFields: (points) => fieldsOfPiece(window, trial, { scaling: own, theta }, points),
              })),
      },
      begun,
    );
    solution = solutionAt(result, result);
    secondsLeft = Math.max(0, secondsLeft - (result.seconds - begun.seconds));
    reasons.push(result.stopped);
    solved = solution.windows!;
    progress = result;
    if (result.stopped === 'interrupted') break;
  }
  return withTarget(solution!, truth, settings.target);
}

/** The solution with the reason 'target' where it meets it. */
function withTarget(
  solution: Solution,
  truth: Awaited<ReturnType<typeof truthOf>>,
  target: number | undefined,
): Solution {
  const { run, problem, trial, scaling, theta, position, windows } = solution;
  if (truth === undefined || target === undefined || run.stopped === 'interrupted') return solution;
  const error = errorWatch(problem, truth, () => solution)(theta);
  if (!(error <= target)) return solution;
  return new Solution(problem, trial, scaling, theta, { ...run, stopped: 'target' }, position, windows);
}
