/** Coefficients of the solutions of many functions, found from the equations alone. */

import { kernelModule } from '../../engine/f64/kernel-module.ts';
import { LinearMemory } from '../../engine/f64/linear-memory.ts';
import { InterruptedError, NotSupportedError, ProblemError, SolveError } from '../../errors.ts';
import { withTypicalInputs } from '../../problem/given-inputs.ts';
import { hardAnsatz } from '../../problem/hard/index.ts';
import { type Problem, problem as readProblem } from '../../problem/index.ts';
import { drawInputs, sensorValues } from '../space/function-space.ts';
import type { CoefficientSet, SolutionBasis } from '../training/coefficient-set.ts';
import { compressed } from './compression.ts';
import { solveFunctions, threadsFor } from './function-pool.ts';
import type { Resolution, SolvedFunction } from './function-solver.ts';
import { type FunctionSetup, featureSeed, functionSolver } from './function-task.ts';
import { hardFit, isSoftened, softened } from './hard-coefficients.ts';
import { searchResolution } from './resolution-search.ts';
import { amplitudesOf, statedRanges } from './sizes.ts';

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

/** Functions that the search looks at. */
const pilotCount = 3;

/** Functions that tell how large inputs are. */
const sizedCount = 8;

const searchShare = 0.2;

/** Of the time that is left after the search. */
const solveShare = 0.8;

const mostFailures = 0.2;

const now = (): number => performance.now() / 1000;

/** @throws ProblemError, NotSupportedError for a problem that is not to be solved so */
function check(problem: Problem): void {
  if (problem.inputs.length === 0)
    throw new ProblemError(`${problem.name} has no input functions`, { path: 'inputs' });
  if (problem.observations.length > 0 || problem.unknowns.length > 0)
    throw new NotSupportedError('operators of a problem with unknowns');
  const cut = problem.fields.find(({ pieces }) => pieces !== undefined);
  if (cut !== undefined)
    throw new NotSupportedError(`\`${cut.name}\` is in pieces: its operator is trained on data`, {
      path: `fields.${cut.name}`,
      hint: 'let the loss be "data"',
    });
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
  asked: Problem,
  options: PhysicsOptions = {},
): Promise<PhysicsCoefficients> {
  const soft = asked.conditions.some((condition) => isSoftened(condition, asked));
  const problem = soft ? readProblem(softened(asked)) : asked;
  const { functions = 300, seed = 0, first = 0, threads, timeLimit = 300, target = 3e-5 } = options;
  const { signal, onProgress } = options;
  check(problem);
  const begun = now();
  const drawn = (count: number) =>
    Array.from({ length: count }, (_, k) => drawInputs(problem, seed, first + k));
  const pilots = drawn(Math.min(pilotCount, functions));
  const sizes = {
    ranges: statedRanges(problem, pilots),
    amplitudes: amplitudesOf(problem, drawn(sizedCount)),
  };
  const { module } = await kernelModule();
  const memory = new LinearMemory(module);
  const workers = await threadsFor(functions, { threads, seconds: Number.POSITIVE_INFINITY });
  const found = await searchResolution(problem, pilots, sizes, memory, {
    seed: featureSeed,
    goal: target,
    mostSeconds: (solveShare * (1 - searchShare) * timeLimit * workers) / functions,
    ended: () => signal?.aborted === true || now() - begun > searchShare * timeLimit,
  });
  if (signal?.aborted) throw new InterruptedError('the search for a resolution was interrupted');
  if (found === undefined)
    throw new SolveError(
      `no solution of ${problem.name} was found from its equations for the first functions; train it on data`,
    );
  const setup: FunctionSetup = {
    definition: problem.definition,
    seed,
    base: first,
    resolution: found.resolution,
    ranges: [...found.sizes.ranges],
    amplitudes: [...found.sizes.amplitudes],
  };
  const tasks = Array.from({ length: functions }, (_, k) => first + k);
  const solved = new Map<number, SolvedFunction>();
  const failures: number[] = [];
  const end = new AbortController();
  const stop = (): void => end.abort();
  signal?.addEventListener('abort', stop);
  try {
    await solveFunctions(
      setup,
      tasks,
      { threads, signal: end.signal, seconds: found.seconds },
      (index, outcome) => {
        if (outcome === null) failures.push(tasks[index]);
        else solved.set(tasks[index], outcome);
        onProgress?.({ done: solved.size, wanted: functions, seconds: now() - begun });
        if (now() - begun > timeLimit && solved.size > 0) end.abort();
      },
    );
  } catch (error) {
    if (!(error instanceof InterruptedError) || signal?.aborted) throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  if (failures.length > mostFailures * (failures.length + solved.size))
    throw new SolveError(
      `no solution of ${problem.name} was found from its equations for ${failures.length} of ${failures.length + solved.size} functions; train it on data`,
    );
  const draws = [...solved.keys()].sort((a, b) => a - b);
  const { bases, coefficients } = expansions(
    problem,
    setup,
    memory,
    draws.map((draw) => solved.get(draw)!),
  );
  if (soft)
    for (const name of hardAnsatz(withTypicalInputs(asked)).keys()) {
      const solution = { basis: bases[name], coefficients: coefficients[name] };
      const numbers = { seed, numbers: draws };
      const own = hardFit(asked, name, solution, numbers, found.resolution, memory);
      bases[name] = own.basis;
      coefficients[name] = own.coefficients;
    }
  return {
    bases,
    coefficients,
    inputs: sensorsOf(problem, seed, draws),
    count: draws.length,
    seconds: now() - begun,
    draws,
    failures: failures.sort((a, b) => a - b),
    resolution: found.resolution,
    expectedError: found.error,
    residual: Math.max(...[...solved.values()].map(({ residual }) => residual)),
  };
}

function sensorsOf(problem: Problem, seed: number, draws: readonly number[]): Record<string, Float64Array> {
  const rows = draws.map((draw) => drawInputs(problem, seed, draw));
  return Object.fromEntries(
    problem.inputs.map((input) => {
      const values = new Float64Array(draws.length * input.sensorCount);
      rows.forEach((samples, n) => {
        values.set(sensorValues(input, samples[input.name]), n * input.sensorCount);
      });
      return [input.name, values];
    }),
  );
}

function expansions(
  problem: Problem,
  setup: FunctionSetup,
  memory: LinearMemory,
  solutions: readonly SolvedFunction[],
): { bases: Record<string, SolutionBasis>; coefficients: Record<string, Float64Array> } {
  const solver = functionSolver(setup, memory);
  const bases: Record<string, SolutionBasis> = {};
  const coefficients: Record<string, Float64Array> = {};
  for (const { name } of problem.fields) {
    const rows = solutions.map((solution) => solver.fieldCoefficients(solution, name));
    const few = compressed(rows, rows[0].length);
    bases[name] = solver.basisOf(name, few.functions, few.size);
    coefficients[name] = few.coefficients;
  }
  return { bases, coefficients };
}
