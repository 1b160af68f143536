/** solve(): a problem in, a trained and checkable solution out. */
import { ProblemError, SolveError } from '../errors.ts';
import { initialize, parseNetworkSize } from '../network/index.ts';
import { trialSize } from '../network/trial-solution.ts';
import type { Problem, SolveSettings } from '../problem/index.ts';
import { solveOptionsSchema } from '../problem/solve-options.ts';
import { validate } from '../problem/validate.ts';
import { reference } from '../reference/index.ts';
import { buildResidualSystem, fieldRanges, scalingOf } from '../residual/index.ts';
import type { TrainingCallback } from './callbacks.ts';
import { coarseRanges } from './coarse-march.ts';
import { defaultTrial, periodicCoordinates } from './default-trial.ts';
import { checkEquations } from './equation-check.ts';
import { comparisonSides, domainGrid, evaluateExact, fieldError } from './error-norms.ts';
import { type PlannedPhase, planPhases } from './plan.ts';
import { type ResolvedSettings, resolveSettings } from './settings.ts';
import { Solution } from './solution.ts';
import type { StoredSolution } from './stored-format.ts';
import { restoreSolution, saveSolution } from './stored-solution.ts';
import { train } from './training.ts';
import type { TrainingProgress, TrainingResult } from './training-progress.ts';

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
}

/** Points on which the error is watched during training; fewer than for the final comparison. */
const watchedPoints = 1500;

/** The largest relative L2 error over the fields at θ, against the exact solution or the classical reference. */
async function errorWatch(problem: Problem, make: (theta: Float64Array) => Solution) {
  const d = problem.coordinates.length;
  const side = Math.min(comparisonSides(problem)[0], Math.max(8, Math.round(watchedPoints ** (1 / d))));
  const points = domainGrid(problem, new Array<number>(d).fill(side));
  const covered = problem.fields.every(({ name }) => problem.exact.has(name));
  const worst = (theta: Float64Array, truth: Record<string, Float64Array>): number => {
    const values = make(theta).evaluateFields(points);
    return Math.max(...Object.keys(truth).map((name) => fieldError(values[name], truth[name]).relativeL2));
  };
  if (covered)
    return (theta: Float64Array) => worst(theta, evaluateExact(problem, points, make(theta).unknowns));
  if (problem.unknowns.length > 0 || problem.fields.some((f) => f.unknown)) return undefined;
  const classical = await reference(problem);
  if (!classical.available) return undefined;
  const truth = classical.evaluate(points);
  return (theta: Float64Array) => worst(theta, truth);
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
  const { callbacks = [], signal, onCheckpoint, resume, ...plainOptions } = options;
  const given = validate(
    solveOptionsSchema,
    Object.fromEntries(Object.entries(plainOptions).filter(([, value]) => value !== undefined)),
  );
  const restored = resume === undefined ? undefined : restoreSolution(resume, problem);
  const settingsGiven = {
    ...problem.definition.solve,
    ...resume?.given,
    ...given,
    ...heldOnResume(resume, given),
  };
  const settings = resolveSettings(problem, settingsGiven);
  const trial = restored?.trial ?? defaultTrial(problem, settings);
  const scaling = restored?.scaling ?? scalingOf(problem, fieldRanges(problem, await coarseRanges(problem)));
  const system = buildResidualSystem(problem, scaling, trial, {
    points: settings.points,
    conditionPoints: settings.conditionPoints,
    sampling: settings.sampling,
    seed: settings.seed,
    weights: { equations: 1, conditions: 1, data: 1 },
    periodicCoordinates: periodicCoordinates(problem, settings),
  });
  const size = trialSize(trial);
  const theta0 = new Float64Array(size + problem.unknowns.length);
  theta0.set(initialize(trial, { seed: settings.seed, scheme: settings.initialization }));
  scaling.unknowns.forEach((transform, i) => {
    theta0[size + i] = transform.initialRaw;
  });
  const blocks = system.blocks.map(({ path, kind, count }) => ({ path, kind, points: count }));
  const phases = planPhases(problem, settings);
  const solutionAt = (progress: TrainingProgress, result?: TrainingResult): Solution =>
    new Solution(
      problem,
      trial,
      scaling,
      progress.theta,
      {
        settings,
        backend: result?.backend ?? settings.engine,
        precision: result?.precision ?? (settings.engine === 'f64' ? 'float64' : 'float32'),
        parameters: theta0.length,
        seconds: progress.seconds,
        iterations: progress.iteration,
        loss: result?.loss ?? progress.history.entries.at(-1)?.loss ?? Number.NaN,
        stopped: result?.stopped ?? 'interrupted',
        blocks,
        terms: result?.terms ?? [],
        history: progress.history,
      },
      { given: settingsGiven, ...progress },
    );
  const plain = (theta: Float64Array): Solution =>
    solutionAt({
      theta,
      seconds: 0,
      iteration: 0,
      history: { entries: [], phases: [] },
      phase: 0,
      iterationInPhase: 0,
      optimizer: undefined,
      multipliers: undefined,
      points: undefined,
      average: undefined,
      reached: { equation: 1, condition: 1, data: 1 },
      skipping: false,
      memory: undefined,
    });
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
        onCheckpoint === undefined
          ? undefined
          : (progress) => onCheckpoint(saveSolution(solutionAt(progress))),
      errorAt: settings.target === undefined ? undefined : await errorWatch(problem, plain),
    },
    restored === undefined ? undefined : fitting(restored.progress, phases, settings, resume!.settings),
  );
  const solution = solutionAt(result, result);
  onCheckpoint?.(saveSolution(solution));
  assertUsable(solution, resume === undefined ? result.history.entries[0]?.loss : undefined);
  return solution;
}

/**
 * Settings that a resumed run takes from the stored one: the parameters belong to them.
 *
 * @throws ProblemError where another network or activation is asked for
 */
function heldOnResume(resume: StoredSolution | undefined, asked: SolveSettings): SolveSettings {
  if (resume === undefined) return {};
  const { settings } = resume;
  const size =
    typeof asked.network === 'string' ? parseNetworkSize(asked.network) : (asked.network ?? settings);
  if (size.width !== settings.width || size.depth !== settings.depth)
    throw new ProblemError(
      `the stored solution has a network ${settings.width}x${settings.depth}, not ${size.width}x${size.depth}`,
      {
        path: 'solve.network',
        hint: 'leave the network out, or begin anew without resuming',
      },
    );
  if (asked.activation !== undefined && asked.activation !== settings.activation)
    throw new ProblemError(`the stored solution has the activation ${settings.activation}`, {
      path: 'solve.activation',
      hint: 'leave the activation out, or begin anew without resuming',
    });
  const { seed, network, activation } = { ...resume.problem.solve, ...resume.given };
  return { seed: seed ?? resume.settings.seed, network, activation };
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
  const samePlan = now.optimizers.join() === before.optimizers.join();
  const samePoints = (['points', 'conditionPoints', 'sampling'] as const).every((k) => now[k] === before[k]);
  if (samePlan && samePoints) return progress;
  const anew = { ...progress, iterationInPhase: 0, optimizer: undefined, memory: undefined };
  const multipliers = samePoints ? progress.multipliers : undefined;
  return {
    ...anew,
    multipliers,
    points: samePoints ? progress.points : undefined,
    phase: samePlan ? progress.phase : phases.length - 1,
  };
}

/** A residual that is so large a share of the equation's largest term leaves no doubt that the answer is wrong. */
const largestShare = 0.3;

/** The same for points at which the equation has no value. */
const largestUndefinedShare = 0.01;

/** @throws SolveError where the equations do not hold between the points of training. */
function assertEquationsHold(solution: Solution): void {
  for (const { path, text, share, undefinedShare } of checkEquations(solution)) {
    const percent = (value: number): string => `${Number((100 * value).toPrecision(2))}%`;
    if (undefinedShare > largestUndefinedShare)
      throw new SolveError(
        `no usable answer: ${path} (${text}) has no finite value at ${percent(undefinedShare)} of the domain`,
      );
    if (!(share < largestShare))
      throw new SolveError(
        `no usable answer: at points never trained on, ${path} (${text}) is violated by ${percent(share)} of its largest term; more time, points or a larger network may help, unless there is no solution on the whole domain`,
      );
  }
}

/** A fit that leaves this share of the data's standard deviation has not found what made the data vary. */
const largestMisfit = 0.9;
const fewestObservations = 5;

/** @throws SolveError where a solution misses data by as much as they vary, unless the noise is said to be so large. */
function assertDataMet(solution: Solution): void {
  for (const { path, expression, points, values, count, noise } of solution.problem.observations) {
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
    if (count < fewestObservations || !(deviation > 0) || (noise ?? 0) > deviation / 2) continue;
    const model = solution.evaluateExpression(expression, points);
    const misfit = Math.sqrt(values.reduce((sum, value, n) => sum + (model[n] - value) ** 2, 0) / count);
    if (!(misfit < largestMisfit * deviation))
      throw new SolveError(
        `no usable answer: the observations ${path} are missed by ${misfit.toPrecision(2)} where they vary by ${deviation.toPrecision(2)}; other starting values, more time or a larger network may help`,
      );
  }
}

/** @throws SolveError where values are not finite or training has led nowhere. */
function assertUsable(solution: Solution, firstLoss: number | undefined): void {
  const { fields } = solution.grid();
  for (const [name, values] of Object.entries(fields))
    if (!values.every(Number.isFinite))
      throw new SolveError(`the run diverged: ${name} is not finite everywhere`);
  for (const [name, value] of Object.entries(solution.unknowns))
    if (!Number.isFinite(value)) throw new SolveError(`the run diverged: the unknown ${name} is ${value}`);
  if (!Number.isFinite(solution.run.loss))
    throw new SolveError(`the run diverged: the loss is ${solution.run.loss}`);
  if (
    firstLoss !== undefined &&
    solution.run.history.phases.length === 1 &&
    solution.run.loss > 10 * firstLoss
  )
    throw new SolveError(`the run diverged: the loss rose from ${firstLoss} to ${solution.run.loss}`);
  if (solution.run.stopped === 'interrupted') return;
  assertEquationsHold(solution);
  assertDataMet(solution);
}
