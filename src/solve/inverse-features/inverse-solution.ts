/** Inverse problems by Gauss–Newton over random features, and by the usual network where that is not enough. */
import { createEngine } from '../../engine/create-engine.ts';
import { SolveError } from '../../errors.ts';
import type { TrialSolution } from '../../network/trial-solution.ts';
import type { Scaling } from '../../residual/index.ts';
import { defaultTrial } from '../default-trial.ts';
import { heldOutSystem } from '../random-features/held-out-residual.ts';
import type { RunTask } from '../run-task.ts';
import { resolveSettings } from '../settings.ts';
import { Solution } from '../solution.ts';
import {
  initialParameters,
  progressFrom,
  type RunHooks,
  trainedSolution,
  trainingSystem,
} from '../trained-solution.ts';
import { searchInverse } from './inverse-search.ts';
import { type JointFit, largestFit } from './joint-fit.ts';

/** Up to this share of the time limit goes into the search for features. */
const searchShare = 0.6;

/** Seconds that a network is given at least, where one is trained. */
const leastSeconds = 0.1;

/** Equations that leave less hold well enough, whatever the observations say. */
const acceptedResidual = 1e-6;

const now = (): number => performance.now() / 1000;

/**
 * Fields and unknowns over random features that are searched for. Where equations leave more than the observations'
 * noise would have it, the usual network is trained in the time that is left, and the better of both is returned.
 */
export async function inverseSolution(task: RunTask, scaling: Scaling, hooks: RunHooks): Promise<Solution> {
  const { problem, settings, settingsGiven } = task;
  const begun = now();
  const left = (): number => settings.timeLimit - (now() - begun);
  const alone = settings.optimizerReason === 'asked for';
  const share = alone ? 1 : searchShare;
  const ended = (): boolean => hooks.signal?.aborted === true || left() < (1 - share) * settings.timeLimit;
  const searched = await searchInverse(task, scaling, ended);
  const good = searched.unresolved < 1 || searched.residual < acceptedResidual;
  // Equations that do not hold move the unknowns by more than the noise does.
  const found = good ? searched : { ...searched, uncertainty: undefined };
  const direct = await solutionOf(found, task, scaling, hooks, begun);
  const { stopped } = direct.run;
  if (good || alone || stopped === 'interrupted' || stopped === 'callback' || left() < leastSeconds)
    return direct;
  const usual = {
    ...resolveSettings(problem, { ...settingsGiven, optimizer: 'lm' }),
    optimizerReason: `random features left a residual of ${found.residual.toExponential(0)}`,
    timeLimit: left(),
  };
  const second = { ...task, settings: usual };
  const cold = { trial: defaultTrial(problem, usual), scaling, elapsed: now() - begun };
  const start = { ...cold, progress: progressFrom(withUnknownsOf(found, initialParameters(second, cold))) };
  try {
    const trained = await trainedSolution(second, start, hooks);
    const [one, other] = [
      await misfitOf(second, trained.trial, scaling, trained.theta),
      await misfitOf({ ...task, settings: found.settings }, direct.trial, scaling, direct.theta),
    ];
    const better = one < other ? trained : direct;
    const { position, trial, theta } = better;
    const run = {
      ...better.run,
      seconds: now() - begun,
      stopped: trained.run.stopped,
      settings: { ...better.run.settings, timeLimit: settings.timeLimit },
    };
    return new Solution(problem, trial, scaling, theta, run, position);
  } catch (error) {
    if (error instanceof SolveError) return direct;
    throw error;
  }
}

/** A network's first parameters with the unknowns of a fit, as far as those have not run away. */
function withUnknownsOf({ theta, problem }: JointFit, initial: Float64Array): Float64Array {
  const p = problem.unknowns.length;
  const found = theta.subarray(theta.length - p);
  return initial.map((value, i) => {
    const own = found[i - initial.length + p];
    return own !== undefined && Math.abs(own - value) < largestFit ? own : value;
  });
}

/** The fit as the solution of a run that has nothing left to do. */
async function solutionOf(
  { settings, start, theta, weights, problem, residual, uncertainty, steps }: JointFit,
  task: RunTask,
  scaling: Scaling,
  hooks: RunHooks,
  begun: number,
): Promise<Solution> {
  const factors = { equations: weights.equation, conditions: weights.condition, data: weights.data };
  const own = { ...task, problem, settings: { ...settings, weights: factors } };
  const optimizer = {
    name: 'random-features',
    // What Gauss–Newton steps have left is left.
    numbers: { solved: 1, gradientNorm: 0 },
    vectors: { theta },
  };
  const progress = {
    ...progressFrom(theta),
    optimizer,
    iteration: steps,
    seconds: now() - begun,
    history: { entries: [], phases: [{ name: 'random-features', start: 0 }] },
  };
  const solution = await trainedSolution(own, { ...start, progress }, hooks);
  const { run, position } = solution;
  const record = {
    ...run,
    heldOutResidual: residual,
    ...(uncertainty === undefined
      ? {}
      : { uncertainty: { ...uncertainty, covariance: [...uncertainty.covariance] } }),
  };
  return new Solution(task.problem, start.trial, scaling, theta, record, position);
}

/** A resumed solution, of which nothing was left to find, with what its run had on record. */
export function withUncertainty(
  { problem, trial, scaling, theta, run, position, windows }: Solution,
  { heldOutResidual, uncertainty }: Pick<Solution['run'], 'heldOutResidual' | 'uncertainty'>,
): Solution {
  const kept = {
    ...(heldOutResidual === undefined ? {} : { heldOutResidual }),
    ...(uncertainty === undefined ? {} : { uncertainty }),
  };
  return new Solution(problem, trial, scaling, theta, { ...run, ...kept }, position, windows);
}

/** What a trial solution misses of observations and leaves of equations and conditions, at points of its own. */
async function misfitOf(
  task: RunTask,
  trial: TrialSolution,
  scaling: Scaling,
  theta: Float64Array,
): Promise<number> {
  const start = { trial, scaling };
  const plain = trainingSystem(task, start);
  const system = heldOutSystem(task, start, plain);
  const engine = await createEngine('f64', system, { threads: 1 });
  try {
    const { terms } = await engine.loss(theta);
    let data = 0;
    let rest = 0;
    system.blocks.forEach(({ kind, weight, noise }, b) => {
      if (noise !== undefined) data += terms[b];
      else if (kind !== 'data') rest = Math.max(rest, weight === 0 ? 0 : terms[b] / weight);
    });
    const misfit = Math.sqrt(data + 4 * rest);
    return Number.isFinite(misfit) ? misfit : Number.POSITIVE_INFINITY;
  } finally {
    await engine.dispose();
  }
}
