/** Training window after window: each a run of its own, together one solution. */
import { SolveError } from '../../errors.ts';
import { initialize } from '../../network/index.ts';
import { trialSize } from '../../network/trial-solution.ts';
import type { Scaling } from '../../residual/index.ts';
import { rangesOf } from '../coarse-march.ts';
import { periodicCoordinates } from '../default-trial.ts';
import { errorWatch, truthOf } from '../error-watch.ts';
import { isDirect } from '../optimizer-choice.ts';
import { fieldsOfPiece } from '../piece.ts';
import { type PlannedPhase, planPhases } from '../plan.ts';
import type { RunStart, RunTask } from '../run-task.ts';
import type { ResolvedSettings } from '../settings.ts';
import { Solution } from '../solution.ts';
import { saveSolution } from '../stored-solution.ts';
import { progressFrom, type RunHooks, trainingSystem } from '../trained-solution.ts';
import { train } from '../training.ts';
import type { StopReason, TrainingProgress, TrainingResult } from '../training-progress.ts';
import { marchedWindows } from './initial-layers.ts';
import type { SolvedWindow } from './solved-window.ts';
import { assertMarchable, windowProblem } from './window-problem.ts';
import { windowScaling, withCarriedState } from './window-system.ts';

export interface MarchStart extends RunStart {
  /** Windows trained before, the last of them where `progress` stands. */
  readonly windows?: readonly SolvedWindow[];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean square of the residuals above which a window is tried further before the next one begins. */
const poorLoss = 1e-6;

/** Windows also take time to set up, which is not training; beyond this there are too many of them for the limit. */
const setupFactor = 2;
const setupSeconds = 10;

/** Of what each would have of the time, windows to come keep so much when one before them gets more. */
const keptShare = 0.8;

/** Parts of time within a window that is tried anew. */
const retryParts = 5;

/** A run from parameters at the beginning of a phase. */
function startOf(theta: Float64Array, phase = 0): Partial<TrainingProgress> {
  const { seconds, iteration, history, ...start } = progressFrom(theta);
  return { ...start, phase };
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
  const intervals = marchedWindows(problem, count);
  const march = rangesOf(problem, task.march);
  const periodic = periodicCoordinates(problem, settings);
  const truth = settings.target === undefined ? undefined : await truthOf(problem);
  const phases = planPhases(problem, settings);
  const retryPhases = planPhases(problem, { ...settings, curriculum: settings.curriculum ?? retryParts });
  const size = trialSize(trial);
  const reasons: StopReason[] = [];
  const resumed = start.windows ?? [];
  let solved: readonly SolvedWindow[] = resumed.slice(0, -1);
  let progress = start.progress;
  let firstScaling: Scaling | undefined = resumed[0]?.scaling;
  let secondsLeft = settings.timeLimit;
  let solution: Solution | undefined;

  const first = solved.length;
  const overdue =
    performance.now() + 1000 * Math.max(setupFactor * settings.timeLimit, settings.timeLimit + setupSeconds);

  for (let k = first; k < count; k++) {
    if (k > first && performance.now() > overdue)
      throw new SolveError(
        `no usable answer: the time limit ends in window ${k + 1} of ${count}, at ${problem.coordinates[problem.time!].name} = ${intervals[k].low.toPrecision(3)}; more time or fewer windows may help`,
      );
    const window = windowProblem(problem, intervals[k], k === 0);
    const last = solved.at(-1);
    const before = last && { piece: last, window: windowProblem(problem, last, solved.length === 1) };
    const own: Scaling =
      resumed[k]?.scaling ?? windowScaling(window, trial, march(intervals[k]), before, firstScaling);
    firstScaling ??= own;
    const plain = trainingSystem({ ...task, problem: window }, { trial, scaling: own }, periodic);
    const system = last === undefined ? plain : withCarriedState(plain, window, own, trial, last);
    // What oscillates goes on oscillating: the parameters of the window before are a start near the end.
    const theta0 = last?.theta ?? initialize(trial, { seed: settings.seed, scheme: settings.initialization });
    const begun: TrainingProgress =
      k === resumed.length - 1 && progress !== undefined
        ? progress
        : {
            ...progressFrom(theta0),
            seconds: progress?.seconds ?? start.elapsed ?? 0,
            iteration: progress?.iteration ?? 0,
            history: progress?.history ?? { entries: [], phases: [] },
          };
    const left = count - k;
    const name = `window ${k + 1} of ${count}`;
    const opened =
      begun.history.phases.find((phase) => phase.name.startsWith(name))?.start ?? begun.iteration;
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
    const attempt = (
      from: TrainingProgress,
      plan: readonly PlannedPhase[],
      limits: Pick<ResolvedSettings, 'timeLimit' | 'lossGoal'>,
      resumable: (at: TrainingProgress) => TrainingProgress,
    ): Promise<TrainingResult> =>
      train(
        system,
        own,
        plan.map((phase) => ({ ...phase, name: `${name}, ${phase.name}` })),
        {
          ...settings,
          ...limits,
          iterations:
            iterations === undefined
              ? undefined
              : opened + Math.max(1, Math.floor((iterations - opened) / left)),
          target: target === undefined ? undefined : (target * (k + 1)) / count,
        },
        theta0,
        problem.time,
        {
          signal: hooks.signal,
          solutionAt,
          callbacks: hooks.callbacks.map(
            (callback) => (state) => callback({ ...state, progress: (k + state.progress) / count }),
          ),
          onCheckpoint:
            hooks.onCheckpoint === undefined
              ? undefined
              : (at) => hooks.onCheckpoint!(saveSolution(solutionAt(resumable(at)))),
          errorAt:
            truth === undefined
              ? undefined
              : errorWatch(window, truth, (theta) => ({
                  unknowns: {},
                  evaluateFields: (points) => fieldsOfPiece(window, trial, { scaling: own, theta }, points),
                })),
        },
        from,
      );
    const timeLimit = secondsLeft / left;
    let result = await attempt(begun, phases, { timeLimit, lossGoal: settings.lossGoal }, (at) => at);
    secondsLeft -= result.seconds - begun.seconds;
    const { stopped } = result;
    // The least-squares solution over given features is what it is.
    const final = settings.linear && isDirect(settings) && stopped === 'converged';
    const more = (secondsLeft - (keptShare * settings.timeLimit * (left - 1)) / count) / left;
    if (
      result.loss > poorLoss &&
      more > 0 &&
      !final &&
      (stopped === 'converged' || stopped === 'time-limit')
    ) {
      // A window that fails spoils all that follow: it gets time of theirs, from new parameters where it was stuck.
      const limits = { timeLimit: more, lossGoal: Math.max(poorLoss, settings.lossGoal) };
      const anew = initialize(trial, { seed: settings.seed + 1 + k, scheme: settings.initialization });
      const again =
        stopped === 'time-limit'
          ? attempt(result, phases, limits, (at) => at)
          : attempt({ ...result, ...startOf(anew) }, retryPhases, limits, (at) => ({
              ...at,
              ...startOf(at.theta, phases.length - 1),
            }));
      const further = await again.catch((failure) => {
        // New parameters at which the equations have no value: there is still what the first try has reached.
        if (failure instanceof SolveError) return result;
        throw failure;
      });
      secondsLeft -= further.seconds - result.seconds;
      const { theta, loss, terms } = further.loss < result.loss ? further : result;
      const end = stopped === 'time-limit' ? {} : startOf(theta, phases.length - 1);
      result = { ...further, ...end, theta, loss, terms };
    }
    solution = solutionAt(result, result);
    reasons.push(result.stopped);
    solved = solution.windows!;
    progress = result;
    if (result.stopped === 'interrupted' || result.stopped === 'callback') break;
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
