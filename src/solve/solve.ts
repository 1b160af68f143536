/** solve(): a problem in, a trained and checkable solution out. */
import { SolveError } from '../errors.ts';
import { initialize } from '../network/index.ts';
import { trialSize } from '../network/trial-solution.ts';
import type { Problem, SolveSettings } from '../problem/index.ts';
import { reference } from '../reference/index.ts';
import { buildResidualSystem, fieldRanges, scalingOf } from '../residual/index.ts';
import type { TrainingCallback } from './callbacks.ts';
import { coarseRanges } from './coarse-march.ts';
import { defaultTrial, periodicCoordinates } from './default-trial.ts';
import { comparisonSides, domainGrid, evaluateExact, fieldError } from './error-norms.ts';
import { planPhases } from './plan.ts';
import { resolveSettings } from './settings.ts';
import { Solution } from './solution.ts';
import type { StoredSolution } from './stored-solution.ts';
import { restoreSolution, saveSolution } from './stored-solution.ts';
import { type TrainingProgress, type TrainingResult, train } from './training.ts';

/** Options of a run: plain settings, and what connects it to its surroundings. */
export interface SolveOptions extends SolveSettings {
  /** Called after every optimizer step. */
  readonly callbacks?: readonly TrainingCallback[];
  /** Ends the run at the next step; what has been reached is returned, with `stopped: 'interrupted'`. */
  readonly signal?: AbortSignal;
  /** Called every ten seconds with all that is needed to resume. */
  readonly onCheckpoint?: (stored: StoredSolution) => void;
  /** A stored solution of the same problem to go on from. Its network and seed hold; other settings may be new. */
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
 * brought to order one inside. With the same seed on the same engine the result is the same.
 *
 * @throws ProblemError for an option or a network that cannot be.
 * @throws SolveError where no usable answer was reached.
 */
export async function solve(problem: Problem, options: SolveOptions = {}): Promise<Solution> {
  const { callbacks = [], signal, onCheckpoint, resume, ...given } = options;
  const settings = resolveSettings(
    problem,
    resume === undefined ? given : { ...resume.given, ...given, seed: resume.given.seed },
  );
  const restored = resume === undefined ? undefined : restoreSolution(resume, problem);
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
  const settingsGiven = { ...problem.definition.solve, ...resume?.given, ...given, seed: settings.seed };
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
    restored?.progress,
  );
  const solution = solutionAt(result, result);
  assertUsable(solution, resume === undefined ? result.history.entries[0]?.loss : undefined);
  return solution;
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
}
