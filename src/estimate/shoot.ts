import { ProblemError, SolveError } from '../errors.ts';
import type { Problem } from '../problem/problem.ts';
import { type Intervals, intervalsAt } from './intervals.ts';
import { LeastSquaresProblem } from './least-squares-problem.ts';
import { type LikelihoodMaximum, maximizeLikelihood } from './maximum-likelihood.ts';
import { TrajectoryLikelihood } from './trajectory-likelihood.ts';

export interface ShootingOptions {
  /** Starting values; default: each unknown's `initial`. */
  readonly start?: Readonly<Record<string, number>>;
  /** Confidence level of the intervals; default 0.95. */
  readonly level?: number;
  /** Default 200. */
  readonly maxIterations?: number;
  /** Relative tolerance of the integration; default 1e-10. */
  readonly rtol?: number;
  readonly signal?: Pick<AbortSignal, 'aborted'>;
}

export interface ShootingResult extends Intervals {
  readonly iterations: number;
  readonly stopped: 'converged' | 'iterations';
  /** Unknowns that ended at one of their bounds: their intervals do not know of it. */
  readonly atBounds: readonly string[];
  readonly negativeLogLikelihood: number;
  /** Akaike's criterion 2k − 2ℓ; k counts the unknowns and the noise parameters that are estimated. */
  readonly aic: number;
  /** The observed quantities as predicted, (N) by observation. */
  readonly predicted: readonly Float64Array[];
  readonly trajectory: {
    /** The fields at a value of the coordinate. */
    at(t: number): Record<string, number>;
  };
}

/**
 * Estimates the unknowns of an initial value problem by maximum likelihood over its observations (least squares
 * where the noise is Gaussian), each trial trajectory integrated from the initial conditions (shooting). Initial
 * conditions may hold unknowns.
 *
 * @throws NotSupportedError where the problem is no such problem; ProblemError for bad options or values that
 * the noise model cannot give; SolveError where the trajectory cannot be integrated at the start
 */
export function shoot(problem: Problem, options: ShootingOptions = {}): ShootingResult {
  const likelihood = likelihoodOf(problem, options.rtol);
  const level = checkLevel(options.level);
  const initial = Object.fromEntries(problem.unknowns.map(({ name, initial }) => [name, initial]));
  const start = likelihood.start.slice();
  start.set(valuesOf(problem, { ...initial, ...options.start }));
  const { maxIterations, signal } = options;
  return resultOf(likelihood, maximizeLikelihood(likelihood, { start, maxIterations, signal }), level);
}

/**
 * The best of several shootings; starts from which there is no trajectory are passed over.
 *
 * @throws as {@link shoot}; SolveError where none of the starts has a trajectory
 */
export function shootFrom(
  problem: Problem,
  starts: readonly Readonly<Record<string, number>>[],
  options: Omit<ShootingOptions, 'start'> = {},
): ShootingResult {
  let best: ShootingResult | undefined;
  for (const start of starts) {
    try {
      const fit = shoot(problem, { ...options, start });
      if (best === undefined || fit.negativeLogLikelihood < best.negativeLogLikelihood) best = fit;
    } catch (error) {
      if (!(error instanceof SolveError) || options.signal?.aborted) throw error;
    }
  }
  if (best === undefined) throw new SolveError(`none of ${starts.length} starts has a trajectory`);
  return best;
}

/**
 * Likelihood and intervals at given values of the unknowns, found by whatever means; noise parameters are those
 * of maximum likelihood there.
 *
 * @throws as {@link shoot}
 */
export function fitAt(
  problem: Problem,
  values: Readonly<Record<string, number>>,
  options: Pick<ShootingOptions, 'rtol' | 'level'> = {},
): ShootingResult {
  const likelihood = likelihoodOf(problem, options.rtol);
  const level = checkLevel(options.level);
  const start = likelihood.start.slice();
  start.set(valuesOf(problem, values));
  if (likelihood.names.length === likelihood.unknowns) {
    const point = likelihood.evaluate(start);
    return resultOf(likelihood, { x: start, point, iterations: 0, stopped: 'converged' }, level);
  }
  const held = new Map(problem.unknowns.map((_, i) => [i, start[i]]));
  return resultOf(likelihood, maximizeLikelihood(likelihood, { start, held }), level);
}

/**
 * The sum of squared (weighted) residuals of the integrated trajectory at given values of the unknowns.
 *
 * @throws as {@link shoot}
 */
export function trajectorySumOfSquares(
  problem: Problem,
  values: Readonly<Record<string, number>>,
  options: Pick<ShootingOptions, 'rtol'> = {},
): number {
  const leastSquares = new LeastSquaresProblem(problem, options.rtol ?? 1e-10);
  return leastSquares.evaluate(valuesOf(problem, values), false).sumOfSquares;
}

/**
 * Intervals around given values of the unknowns, found by whatever means.
 *
 * @throws as {@link shoot}
 */
export function gaussNewtonIntervals(
  problem: Problem,
  values: Readonly<Record<string, number>>,
  options: Pick<ShootingOptions, 'rtol' | 'level'> = {},
): Intervals {
  return fitAt(problem, values, options);
}

function likelihoodOf(problem: Problem, rtol: number | undefined): TrajectoryLikelihood {
  const likelihood = new TrajectoryLikelihood(problem, { rtol });
  if (likelihood.unknowns > 0) return likelihood;
  throw new ProblemError('there are no unknowns to estimate', { path: 'unknowns' });
}

function resultOf(
  likelihood: TrajectoryLikelihood,
  { x, point, iterations, stopped }: LikelihoodMaximum,
  level: number,
): ShootingResult {
  const { unknowns } = likelihood.problem;
  const { negativeLogLikelihood, predicted, trajectory } = point;
  const parameters = unknowns.length + likelihood.noiseParameters.length;
  return {
    ...intervalsAt(likelihood, point, level),
    iterations,
    stopped,
    atBounds: unknowns.filter(({ min, max }, i) => x[i] === min || x[i] === max).map(({ name }) => name),
    negativeLogLikelihood,
    aic: 2 * (parameters + negativeLogLikelihood),
    predicted,
    trajectory,
  };
}

function valuesOf(problem: Problem, values: Readonly<Record<string, number>>): Float64Array {
  const names = problem.unknowns.map(({ name }) => name);
  for (const name of Object.keys(values)) {
    if (names.includes(name)) continue;
    throw new ProblemError(`${name} is not an unknown of the problem`, {
      hint: `unknowns are ${names.join(', ')}`,
    });
  }
  return Float64Array.from(names, (name) => {
    const value = values[name];
    if (!Number.isFinite(value)) throw new ProblemError(`${value} is no value for the unknown ${name}`);
    return value;
  });
}

function checkLevel(level = 0.95): number {
  if (level > 0 && level < 1) return level;
  throw new ProblemError(`${level} is no confidence level`, {
    path: 'level',
    hint: 'use a number between 0 and 1',
  });
}
