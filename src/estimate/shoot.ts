import { InterruptedError, ProblemError, SolveError } from '../errors.ts';
import type { Problem } from '../problem/problem.ts';
import { minimizeLeastSquares } from './bounded-levenberg-marquardt.ts';
import { type Intervals, intervalsAt } from './intervals.ts';
import { type LeastSquaresPoint, LeastSquaresProblem } from './least-squares-problem.ts';

export interface ShootingOptions {
  /** Starting values; default: each unknown's `initial`. */
  readonly start?: Readonly<Record<string, number>>;
  /** Confidence level of the intervals; default 0.95. */
  readonly level?: number;
  /** Default 200. */
  readonly maxIterations?: number;
  /** Relative tolerance of the integration; default 1e-10. */
  readonly rtol?: number;
  readonly signal?: AbortSignal;
}

export interface ShootingResult extends Intervals {
  readonly iterations: number;
  readonly stopped: 'converged' | 'iterations';
  /** Unknowns that ended at one of their bounds: their intervals do not know of it. */
  readonly atBounds: readonly string[];
  readonly trajectory: {
    /** The fields at a value of the coordinate. */
    at(t: number): Record<string, number>;
  };
}

/**
 * Estimates the unknowns of an initial value problem by least squares over its observations, each trial
 * trajectory integrated from the initial conditions (shooting). Initial conditions may hold unknowns.
 *
 * @throws NotSupportedError where the problem is no such problem; ProblemError for bad options; SolveError
 * where the trajectory cannot be integrated at the start
 */
export function shoot(problem: Problem, options: ShootingOptions = {}): ShootingResult {
  const leastSquares = new LeastSquaresProblem(problem, options.rtol ?? 1e-10);
  const { unknowns } = problem;
  if (unknowns.length === 0)
    throw new ProblemError('there are no unknowns to estimate', { path: 'unknowns' });
  const initial = Object.fromEntries(unknowns.map(({ name, initial }) => [name, initial]));
  const start = valuesOf(problem, { ...initial, ...options.start });
  const level = checkLevel(options.level);
  let failure: SolveError | undefined;
  const minimum = minimizeLeastSquares<LeastSquaresPoint>(
    {
      low: Float64Array.from(unknowns, ({ min }) => min ?? Number.NEGATIVE_INFINITY),
      high: Float64Array.from(unknowns, ({ max }) => max ?? Number.POSITIVE_INFINITY),
      scale: Float64Array.from(unknowns, ({ scale, initial }) => scale ?? (Math.abs(initial) || 1)),
      maxIterations: options.maxIterations ?? 200,
      evaluate: (x) => {
        if (options.signal?.aborted) throw new InterruptedError('the estimation was interrupted');
        try {
          return leastSquares.evaluate(x);
        } catch (error) {
          if (!(error instanceof SolveError) || error instanceof InterruptedError) throw error;
          failure = error;
          return undefined;
        }
      },
    },
    start,
  );
  if (minimum === undefined) throw failure ?? new SolveError('the trajectory has no value at the start');
  const { point, x } = minimum;
  return {
    ...intervalsAt(problem, point, level),
    iterations: minimum.iterations,
    stopped: minimum.stopped,
    atBounds: unknowns.filter(({ min, max }, i) => x[i] === min || x[i] === max).map(({ name }) => name),
    trajectory: { at: point.trajectory.at },
  };
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
 * Gauss–Newton intervals around given values of the unknowns, found by whatever means.
 *
 * @throws as {@link shoot}
 */
export function gaussNewtonIntervals(
  problem: Problem,
  values: Readonly<Record<string, number>>,
  options: Pick<ShootingOptions, 'rtol' | 'level'> = {},
): Intervals {
  const leastSquares = new LeastSquaresProblem(problem, options.rtol ?? 1e-10);
  return intervalsAt(problem, leastSquares.evaluate(valuesOf(problem, values)), checkLevel(options.level));
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
