/** Least squares over random features, and the usual network where that is not enough. */
import { SolveError } from '../../errors.ts';
import { defaultTrial } from '../default-trial.ts';
import type { RunStart, RunTask } from '../run-task.ts';
import { type ResolvedSettings, resolveSettings } from '../settings.ts';
import { Solution } from '../solution.ts';
import { spectralSolution, wavesInPlaceOfFeatures } from '../spectral/spectral-solution.ts';
import { type RunHooks, trainedSolution } from '../trained-solution.ts';
import type { StopReason } from '../training-progress.ts';
import { marchedSolution } from '../windows/march.ts';
import { withWindows } from '../windows/window-count.ts';
import { marchedFeatures } from './feature-march.ts';
import { searchFrequencies } from './frequency-search.ts';
import { acceptedResidual, heldOutResidual } from './held-out-residual.ts';
import { isMarchable, searchWindows } from './window-search.ts';

/** Up to this share of the time limit goes into the search for frequencies. */
const searchShare = 0.3;

/** So much of it for all of time at once, where there are windows to try afterwards, and the residual where it ends. */
const wholeShare = 0.6;
const wholeReach = 0.3;

/** In more coordinates a network holds with its few neurons what features do not in any number that can be solved for. */
const mostMarchedCoordinates = 4;

/** Seconds that a trained network is given at least, where one is trained. */
const leastSeconds = 0.1;

const now = (): number => performance.now() / 1000;

/** The solution with its residual at held-out points on record. */
export async function withHeldOutResidual(solution: Solution, task: RunTask): Promise<Solution> {
  const { trial, scaling, theta, run } = solution;
  return recorded(solution, run.settings, await heldOutResidual(task, { trial, scaling }, theta));
}

/** The solution with its residual on record, and the settings as they were for the run as a whole. */
function recorded(solution: Solution, { timeLimit }: ResolvedSettings, heldOut: number): Solution {
  const { problem, trial, scaling, theta, position, windows } = solution;
  const run = {
    ...solution.run,
    ...(windows === undefined ? { heldOutResidual: heldOut } : {}),
    settings: { ...solution.run.settings, timeLimit },
  };
  return new Solution(problem, trial, scaling, theta, run, position, windows);
}

function after(solution: Solution, seconds: number, stopped: StopReason): Solution {
  const { problem, trial, scaling, theta, position } = solution;
  return new Solution(problem, trial, scaling, theta, { ...solution.run, seconds, stopped }, position);
}

/** What waves leave of the equations where nothing else is tried: it varies fast, and the solution hardly knows of it. */
const acceptedOfWaves = 0.1;

/**
 * Solves a problem in waves where they hold the solution, else by least squares over random features: a linear problem by
 * those first, which need no windows.
 */
export async function directSolution(
  task: RunTask,
  scaling: RunStart['scaling'],
  hooks: RunHooks,
): Promise<Solution> {
  const { settings } = task;
  const begun = now();
  const modal = wavesInPlaceOfFeatures(task);
  const waves = async (): Promise<Solution | undefined> =>
    modal && (await spectralSolution(task, modal, begun, hooks));
  if (settings.linear) return featureSolution(task, scaling, begun, waves, hooks);
  const first = await waves();
  const { heldOutResidual = 0, stopped = 'time-limit' } = first?.run ?? {};
  const ended = stopped === 'interrupted' || stopped === 'callback' || now() - begun > settings.timeLimit;
  if (first !== undefined && (ended || heldOutResidual <= acceptedOfWaves)) return first;
  const other = await featureSolution(task, scaling, begun, async () => undefined, hooks);
  if (first === undefined) return other;
  return heldOutResidual <= (other.run.heldOutResidual ?? Number.POSITIVE_INFINITY) ? first : other;
}

/**
 * Solves a problem by least squares over random features whose frequencies are searched for: over all of time, or
 * where that leaves a residual, in windows of it. Where neither does, and nothing else was asked for, the usual
 * network is trained in the time that is left, and the better by the residual at held-out points is returned.
 */
async function featureSolution(
  task: RunTask,
  scaling: RunStart['scaling'],
  begun: number,
  waves: () => Promise<Solution | undefined>,
  hooks: RunHooks,
): Promise<Solution> {
  const { problem, settings, settingsGiven } = task;
  const left = (): number => settings.timeLimit - (now() - begun);
  const spent = (share: number): boolean =>
    hooks.signal?.aborted === true || left() < (1 - share) * settings.timeLimit;
  const searched = (): boolean => spent(searchShare);
  const marchable = isMarchable(problem) && problem.coordinates.length <= mostMarchedCoordinates;
  const found = marchable
    ? await searchFrequencies(task, scaling, () => spent(wholeShare * searchShare), { reach: wholeReach })
    : await searchFrequencies(task, scaling, searched);
  const own = { ...task, settings: { ...found.settings, timeLimit: left() } };
  const progress = { ...found.progress, seconds: now() - begun };
  const solution = await trainedSolution(own, { ...found.start, progress }, hooks);
  // Weights and points of its own make the run's parameters others than those of the search.
  const { weighting, causal, resampling } = settings;
  const same = weighting.kind === 'fixed' && causal === undefined && resampling === undefined;
  const residual = same ? found.residual : await heldOutResidual(own, found.start, solution.theta);
  const direct = recorded(solution, settings, residual);
  const { stopped } = direct.run;
  const missed = settings.target !== undefined && stopped !== 'target';
  const ended = stopped === 'interrupted' || stopped === 'callback' || left() < leastSeconds;
  if (ended || (residual <= acceptedResidual && !missed)) return direct;
  const inWaves = await waves();
  if (inWaves !== undefined && (inWaves.run.heldOutResidual ?? 0) <= residual) return inWaves;

  const choice =
    !marchable || (missed && residual <= acceptedResidual)
      ? undefined
      : await searchWindows(task, left, searched);
  const marched = choice && (await marchedFeatures(task, choice, begun, hooks));
  if (marched !== undefined) return marched;
  if (settings.optimizerReason === 'asked for') return direct;
  const usual = withWindows(
    problem,
    {
      ...resolveSettings(problem, { ...settingsGiven, optimizer: 'lm' }),
      optimizerReason: `${settings.linear ? 'the problem is linear, but random' : 'random'} features left a residual of ${residual.toExponential(0)}`,
    },
    settingsGiven,
    task.march,
  );
  const start = { trial: defaultTrial(problem, usual), scaling };
  const second = { ...task, settings: { ...usual, timeLimit: left() } };
  const train = usual.windows > 1 ? marchedSolution : trainedSolution;
  try {
    const trained = await train(second, { ...start, elapsed: now() - begun }, hooks);
    const remains =
      trained.windows === undefined
        ? await heldOutResidual(second, { ...start, trial: trained.trial }, trained.theta)
        : Math.sqrt(Math.max(...trained.windows.map(({ loss }) => loss)));
    if (remains < residual) return recorded(trained, settings, remains);
    const { stopped: end } = trained.run;
    return after(direct, now() - begun, end === 'interrupted' ? end : stopped);
  } catch (error) {
    if (error instanceof SolveError) return after(direct, now() - begun, stopped);
    throw error;
  }
}
