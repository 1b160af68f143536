/** Coefficients of the solutions of many functions, found from the equations alone. */
import type { Problem } from '../../problem/index.ts';
import type { CoefficientSet } from '../training/coefficient-set.ts';
import { EquationSolutions } from './equation-solutions.ts';
import type { Resolution } from './function-solver.ts';

export interface PhysicsOptions {
  /** Number of functions; default 300. */
  readonly functions?: number;
  /** Of the draws; default 0. */
  readonly seed?: number;
  /** Number of the first draw; default 0. */
  readonly first?: number;
  /** 1: in this thread. Default: as many as there are cores, where there is work enough for them. */
  readonly threads?: number;
  /**
   * Seconds; default 300. The search for a resolution takes up to a fifth of it, and settles for one with which all
   * functions can be solved; those that are not solved by its end are left out.
   */
  readonly timeLimit?: number;
  /** Relative error of solutions, root mean square, that is aimed at; default 3e-5. */
  readonly target?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PhysicsProgress) => void;
}

export interface PhysicsProgress {
  /** Functions solved, and how many there will be. */
  readonly done: number;
  readonly wanted: number;
  readonly seconds: number;
}

/** A coefficient set, and how it was found. */
export interface PhysicsCoefficients extends CoefficientSet {
  /** Numbers of the draws, ascending. */
  readonly draws: readonly number[];
  /** Draws for which no solution was found. */
  readonly failures: readonly number[];
  readonly resolution: Resolution;
  /** Relative error of the solutions that the search expects, root mean square. */
  readonly expectedError: number;
  /** Largest residual of all functions, relative to the largest term of each equation and condition. */
  readonly residual: number;
}

/**
 * Solves the problem for draws of its input functions, by Gauss–Newton steps on its residuals over fixed sine features
 * that all functions have in common; no solution from elsewhere is used. The derivatives of the features are computed
 * once for all functions (as in Leng et al., Zero coordinate shift, J. Comput. Phys. 505, 2024), and the solutions are
 * handed over in few combinations of them.
 *
 * @throws ProblemError, NotSupportedError for a problem that is not to be solved so; SolveError where solutions are
 * not found; InterruptedError once the signal is aborted
 */
export async function physicsCoefficients(
  problem: Problem,
  options: PhysicsOptions = {},
): Promise<PhysicsCoefficients> {
  const { functions = 300, timeLimit = 300 } = options;
  const begun = performance.now();
  const solutions = await EquationSolutions.searched(problem, { ...options, functions });
  const left = timeLimit - (performance.now() - begun) / 1000;
  await solutions.extend(functions, { ...options, timeLimit: left });
  return solutions.coefficients();
}
