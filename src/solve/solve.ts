/** solve(): a problem in, a trained and checkable solution out. */
import { NotSupportedError, ProblemError, SolveError } from '../errors.ts';
import { parseNetworkSize } from '../network/index.ts';
import { requireInputsGiven } from '../problem/given-inputs.ts';
import type { Problem, SolveSettings } from '../problem/index.ts';
import { solveOptionsSchema } from '../problem/solve-options.ts';
import { validate } from '../problem/validate.ts';
import { fieldRanges, scalingOf } from '../residual/index.ts';
import type { TrainingCallback } from './callbacks.ts';
import { coarseRanges, coarseReference } from './coarse-march.ts';
import { defaultTrial } from './default-trial.ts';
import { inverseSolution, withUncertainty } from './inverse-features/inverse-solution.ts';
import { networkOption, networkSettings } from './network-settings.ts';
import { isDirect, isJoint, isSpectral } from './optimizer-choice.ts';
import { type PlannedPhase, planPhases, warmEntry } from './plan.ts';
import { directSolution, withHeldOutResidual } from './random-features/direct-solution.ts';
import type { RunTask } from './run-task.ts';
import { type ResolvedSettings, resolveSettings } from './settings.ts';
import { Solution } from './solution.ts';
import { spectralProblem, spectralSolution } from './spectral/spectral-solution.ts';
import type { StoredSolution } from './stored-format.ts';
import { loadSolution, restoreSolution, saveSolution } from './stored-solution.ts';
import { progressFrom, type RunHooks, trainedSolution } from './trained-solution.ts';
import type { TrainingProgress } from './training-progress.ts';
import { assertUsable } from './usability.ts';
import { heldOnStart, warmStart } from './warm-start.ts';
import { marchedSolution } from './windows/march.ts';
import type { SolvedWindow } from './windows/solved-window.ts';
import { withWindows } from './windows/window-count.ts';

/** Options of a run: plain settings, and what connects it to its surroundings. */
export interface SolveOptions extends SolveSettings {
  /** Called after every optimizer step. */
  readonly callbacks?: readonly TrainingCallback[];
  /** Ends the run at the next step; what has been reached is returned, with `stopped: 'interrupted'`. */
  readonly signal?: AbortSignal;
  /** Called every ten seconds, and at the end before the result is judged, with all that is needed to resume. */
  readonly onCheckpoint?: (stored: StoredSolution) => void;
  /**
   * A stored solution of the same problem to go on from. Its network, activation and seed hold; other settings
   * may be new. `iterations` counts from the very start, the time limit anew.
   */
  readonly resume?: StoredSolution;
  /**
   * A trained solution of a similar problem to start from, in place of parameters drawn by the seed: of yesterday's
   * problem, which had a row of data less, of a shorter domain, of other constants. Coordinates and fields are the
   * same ones; its network and activation hold. Unlike `resume` it begins a run, with a history of its own.
   */
  readonly start?: Solution | StoredSolution;
}

/**
 * Solves a problem by training a trial solution on its residuals.
 *
 * The engine, network, optimizer and points have sensible defaults; coordinates, fields and residuals are
 * brought to order one inside. With the same seed on the same engine the result is the same, unless the clock
 * ends a phase: a run that meets its time limit is not repeated bit by bit.
 *
 * @throws ProblemError for an option or a network that cannot be.
 * @throws SolveError where no usable answer was reached.
 */
export async function solve(problem: Problem, options: SolveOptions = {}): Promise<Solution> {
  requireInputsGiven(problem, 'solve()');
  const { callbacks = [], signal, onCheckpoint, resume, start, ...plainOptions } = options;
  const given = validate(
    solveOptionsSchema,
    Object.fromEntries(Object.entries(plainOptions).filter(([, value]) => value !== undefined)),
  );
  const restored = resume === undefined ? undefined : restoreSolution(resume, problem);
  if (resume !== undefined && start !== undefined)
    throw new ProblemError('a run either resumes or starts anew from a solution', {
      path: 'start',
      hint: 'give `resume` for the same problem, `start` for a similar one',
    });
  const before = start instanceof Solution || start === undefined ? start : loadSolution(start);
  const settingsGiven = {
    ...problem.definition.solve,
    ...resume?.given,
    ...given,
    ...heldOnResume(resume, given, problem),
    ...(before === undefined ? {} : heldOnStart(before, { size: sizeOf(given.network), settings: given })),
  };
  const resolved = {
    ...resolveSettings(problem, settingsGiven),
    ...(resume !== undefined && given.optimizer === undefined
      ? { optimizerReason: resume.settings.optimizerReason }
      : {}),
  };
  // A resumed run has its scaling, but windows to come want theirs.
  const wanted = restored === undefined || restored.windows !== undefined;
  const march = wanted ? await coarseReference(problem) : undefined;
  const scaling = restored?.scaling ?? scalingOf(problem, fieldRanges(problem, coarseRanges(problem, march)));
  const settings =
    before === undefined && restored === undefined
      ? withWindows(problem, resolved, settingsGiven, march)
      : resolved;
  const task = { problem, settings, settingsGiven, march };
  const hooks = { callbacks, signal, onCheckpoint };
  if (before !== undefined && (isDirect(settings) || isSpectral(settings)))
    throw new ProblemError('random features, and waves, are found in one step, whatever they start from', {
      path: 'start',
      hint: 'leave the start out',
    });
  const warm = before === undefined ? undefined : warmStart(before, problem, scaling, settings);
  const searched = isDirect(settings) && settings.randomFeatures === undefined;
  const run = settings.windows > 1 ? marchedSolution : trainedSolution;
  const reached =
    restored === undefined && isDirect(settings) && isJoint(problem)
      ? await inverseSolution(task, scaling, hooks)
      : restored === undefined && searched
        ? await directSolution(task, scaling, hooks)
        : isSpectral(settings) && !reachesEnd(restored?.windows, problem)
          ? await spectralOnly(task, hooks)
          : restored?.windows !== undefined && (isDirect(settings) || isSpectral(settings))
            ? loadSolution(resume)
            : await run(
                task,
                {
                  trial: restored?.trial ?? warm?.trial ?? defaultTrial(problem, settings),
                  scaling,
                  windows: restored?.windows,
                  progress:
                    restored !== undefined
                      ? fitting(restored.progress, planPhases(problem, settings), settings, resume!.settings)
                      : warm === undefined
                        ? undefined
                        : { ...progressFrom(warm.theta), ...warmEntry(planPhases(problem, settings)) },
                },
                hooks,
              );
  // What a stored run had left of its problem is measured anew.
  const solution =
    restored === undefined || restored.windows !== undefined || !isDirect(settings)
      ? reached
      : isJoint(problem)
        ? withUncertainty(reached, resume!.run)
        : await withHeldOutResidual(reached, task);
  onCheckpoint?.(saveSolution(solution));
  const cold = resume === undefined && start === undefined;
  assertUsable(solution, cold ? solution.run.history.entries[0]?.loss : undefined);
  return solution;
}

function reachesEnd(windows: readonly SolvedWindow[] | undefined, { coordinates, time }: Problem): boolean {
  return windows !== undefined && windows.at(-1)!.high === coordinates[time!].high;
}

/** @throws ProblemError, SolveError where waves do not hold the solution, or not in the time there is */
async function spectralOnly(task: RunTask, hooks: RunHooks): Promise<Solution> {
  const modal = spectralProblem(task.problem);
  if (typeof modal === 'string')
    throw new NotSupportedError(`spectral does not solve this problem: ${modal}`, {
      path: 'solve.optimizer',
      hint: 'leave the optimizer out',
    });
  const found = await spectralSolution(task, modal, performance.now() / 1000, hooks);
  if (found === undefined)
    throw new SolveError('waves in space did not resolve the solution in the time there was');
  return found;
}

/**
 * Settings that a resumed run takes from the stored one: the parameters belong to them.
 *
 * @throws ProblemError where another network or activation is asked for
 */
function heldOnResume(
  resume: StoredSolution | undefined,
  asked: SolveSettings,
  problem: Problem,
): SolveSettings {
  if (resume === undefined) return {};
  const { settings } = resume;
  // It has no network, and windows of its own.
  if (settings.optimizers.join() === 'spectral' && asked.optimizer === undefined)
    return { optimizer: 'spectral' };
  const size = { width: settings.width, depth: settings.depth, ...sizeOf(asked.network) };
  // Without a network given it may have grown.
  const now = networkOption(settings, problem);
  if (size.width !== settings.width || size.depth !== settings.depth)
    throw new ProblemError(
      `the stored solution has a network ${settings.width}x${settings.depth}, not ${size.width}x${size.depth}`,
      {
        path: 'solve.network',
        hint: 'leave the network out, or begin anew without resuming',
      },
    );
  const wanted =
    typeof asked.network === 'object'
      ? networkOption({ ...networkSettings(asked.network, problem), ...size }, problem)
      : now;
  if (JSON.stringify(wanted) !== JSON.stringify(now))
    throw new ProblemError('the stored solution has another kind of network', {
      path: 'solve.network',
      hint: `it is ${JSON.stringify(now)}: leave the network out, or begin anew without resuming`,
    });
  if (asked.activation !== undefined && asked.activation !== settings.activation)
    throw new ProblemError(`the stored solution has the activation ${settings.activation}`, {
      path: 'solve.activation',
      hint: 'leave the activation out, or begin anew without resuming',
    });
  if (asked.seed !== undefined && asked.seed !== settings.seed)
    throw new ProblemError(`the stored solution was begun with seed ${settings.seed}`, {
      path: 'solve.seed',
      hint: 'leave the seed out, or begin anew without resuming',
    });
  const windows = settings.windows ?? 1;
  if (asked.windows !== undefined && asked.windows !== windows)
    throw new ProblemError(`the stored solution has ${windows} window${windows === 1 ? '' : 's'} of time`, {
      path: 'solve.windows',
      hint: 'leave the windows out, or begin anew without resuming',
    });
  const { seed, network, activation } = { ...resume.problem.solve, ...resume.given };
  const held = {
    seed: seed ?? settings.seed,
    windows,
    optimizer: asked.optimizer ?? settings.optimizers.join('+'),
  };
  if (settings.randomFeatures === undefined) return { ...held, network: network ?? now, activation };
  return {
    ...held,
    network: now,
    activation: undefined,
    points: asked.points ?? settings.points,
    conditionPoints: asked.conditionPoints ?? settings.conditionPoints,
    ...(isJoint(problem) && isDirect(settings) ? { weights: asked.weights ?? settings.weights } : {}),
  };
}

/** What is said of width and depth. */
function sizeOf(network: SolveSettings['network']): { width?: number; depth?: number } {
  if (typeof network === 'string') return parseNetworkSize(network);
  if (network === undefined) return {};
  if ('randomFeatures' in network) return { width: network.randomFeatures.count, depth: 1 };
  const { width, depth } = network;
  return { ...(width !== undefined && { width }), ...(depth !== undefined && { depth }) };
}

/**
 * Where a stored run stands in the plan of the new one: the optimizer goes on where it works on the same
 * objective, the plan where its phases are the same; else the parameters begin its last phase.
 */
function fitting(
  progress: TrainingProgress,
  phases: readonly PlannedPhase[],
  now: ResolvedSettings,
  before: ResolvedSettings,
): TrainingProgress {
  const samePlan =
    now.optimizers.join() === before.optimizers.join() &&
    now.curriculum === before.curriculum &&
    now.weighting.kind === (before.weighting ?? now.weighting).kind;
  const samePoints = (['points', 'conditionPoints', 'sampling'] as const).every((k) => now[k] === before[k]);
  const sameSlabs = now.causal?.slabs === before.causal?.slabs;
  const kinds = ['equations', 'conditions', 'data'] as const;
  const sameWeights = kinds.every((kind) => now.weights[kind] === before.weights?.[kind]);
  if (samePlan && samePoints && sameSlabs && sameWeights) return progress;
  const anew = {
    ...progress,
    iterationInPhase: 0,
    optimizer: undefined,
    memory: undefined,
    weighting: undefined,
  };
  const multipliers = samePoints ? progress.multipliers : undefined;
  return {
    ...anew,
    multipliers,
    points: samePoints ? progress.points : undefined,
    phase: samePlan ? progress.phase : phases.length - 1,
  };
}
