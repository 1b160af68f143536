/** Solutions of many functions from the equations alone: found once, kept, and handed over as a set of coefficients. */
import { kernelModule } from '../../engine/f64/kernel-module.ts';
import { LinearMemory } from '../../engine/f64/linear-memory.ts';
import { InterruptedError, NotSupportedError, ProblemError, SolveError } from '../../errors.ts';
import { withTypicalInputs } from '../../problem/given-inputs.ts';
import { hardAnsatz } from '../../problem/hard/index.ts';
import { type Problem, problem as readProblem } from '../../problem/index.ts';
import { drawInputs, sensorValues } from '../space/function-space.ts';
import type { SolutionBasis } from '../training/coefficient-set.ts';
import { compressed } from './compression.ts';
import { solveFunctions, threadsFor } from './function-pool.ts';
import type { FunctionSolver, SolvedFunction } from './function-solver.ts';
import { type FunctionSetup, featureSeed, functionSolver } from './function-task.ts';
import { hardFit, isSoftened, softened } from './hard-coefficients.ts';
import type { PhysicsCoefficients, PhysicsOptions } from './physics-coefficients.ts';
import { type ResolutionChoice, searchResolution } from './resolution-search.ts';
import { type ShiftedCoefficients, type ShiftOptions, shiftedCoefficients } from './shifted-coefficients.ts';
import { amplitudesOf, statedRanges } from './sizes.ts';

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

export class EquationSolutions {
  readonly #solved = new Map<number, SolvedFunction>();
  readonly #failures = new Set<number>();
  readonly #solver: FunctionSolver;

  private constructor(
    private readonly asked: Problem,
    private readonly problem: Problem,
    private readonly setup: FunctionSetup,
    private readonly found: ResolutionChoice,
    private readonly memory: LinearMemory,
    private readonly begun: number,
  ) {
    this.#solver = functionSolver(setup, memory);
  }

  /**
   * Looks for the resolution with which `functions` can be solved in time.
   *
   * @throws ProblemError, NotSupportedError for a problem that is not to be solved so; SolveError where no solution is
   * found; InterruptedError once the signal is aborted
   */
  static async searched(
    asked: Problem,
    options: PhysicsOptions & { readonly functions: number },
  ): Promise<EquationSolutions> {
    const soft = asked.conditions.some((condition) => isSoftened(condition, asked));
    const problem = soft ? readProblem(softened(asked)) : asked;
    const { functions, seed = 0, first = 0, threads, timeLimit = 300, target = 3e-5, signal } = options;
    check(problem);
    const begun = now();
    const drawn = (count: number) =>
      Array.from({ length: count }, (_, k) => drawInputs(problem, seed, first + k));
    const pilots = drawn(Math.min(pilotCount, functions));
    const sizes = {
      ranges: statedRanges(problem, pilots),
      amplitudes: amplitudesOf(problem, drawn(sizedCount)),
    };
    const memory = new LinearMemory((await kernelModule()).module);
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
    return new EquationSolutions(asked, problem, setup, found, memory, begun);
  }

  /** Functions that are solved. */
  get count(): number {
    return this.#solved.size;
  }

  /** Relative error of solutions that the search expects, root mean square. */
  get expectedError(): number {
    return this.found.error;
  }

  /** Seconds that one function took the search, in one thread. */
  get secondsEach(): number {
    return this.found.seconds;
  }

  /**
   * Solves for the first so many draws, those left out that are solved already.
   *
   * @param options  `timeLimit` counts from here; one function is solved in any case
   * @throws SolveError where solutions of too many are not found; InterruptedError once the signal is aborted
   */
  async extend(
    functions: number,
    { threads, signal, timeLimit = 300, onProgress }: PhysicsOptions,
  ): Promise<void> {
    const { base } = this.setup;
    const tasks = Array.from({ length: functions }, (_, k) => base + k).filter(
      (draw) => !this.#solved.has(draw) && !this.#failures.has(draw),
    );
    const start = now();
    const end = new AbortController();
    const stop = (): void => end.abort();
    signal?.addEventListener('abort', stop);
    try {
      const pool = { threads, signal: end.signal, seconds: this.found.seconds };
      await solveFunctions(this.setup, tasks, pool, (index, outcome) => {
        if (outcome === null) this.#failures.add(tasks[index]);
        else this.#solved.set(tasks[index], outcome);
        onProgress?.({ done: this.count, wanted: functions, seconds: now() - this.begun });
        if (now() - start > timeLimit && this.count > 0) end.abort();
      });
    } catch (error) {
      if (!(error instanceof InterruptedError) || signal?.aborted) throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
    const [failed, all] = [this.#failures.size, this.#failures.size + this.count];
    if (failed > mostFailures * all)
      throw new SolveError(
        `no solution of ${this.problem.name} was found from its equations for ${failed} of ${all} functions; train it on data`,
      );
  }

  /** Values of every input function at its sensors, (functions, sensors) each. */
  inputs(): Record<string, Float64Array> {
    const rows = this.#draws().map((draw) => drawInputs(this.problem, this.setup.seed, draw));
    return Object.fromEntries(
      this.problem.inputs.map((input) => {
        const values = new Float64Array(rows.length * input.sensorCount);
        rows.forEach((samples, n) => {
          values.set(sensorValues(input, samples[input.name]), n * input.sensorCount);
        });
        return [input.name, values];
      }),
    );
  }

  coefficients(): PhysicsCoefficients {
    const { asked, problem, memory, setup } = this;
    const { seed } = setup;
    const draws = this.#draws();
    const bases: Record<string, SolutionBasis> = {};
    const coefficients: Record<string, Float64Array> = {};
    for (const { name } of problem.fields) {
      const rows = this.#rows(draws, name);
      const few = compressed(rows, rows[0].length);
      bases[name] = this.#solver.basisOf(name, few.functions, few.size);
      coefficients[name] = few.coefficients;
    }
    if (asked !== problem)
      for (const name of hardAnsatz(withTypicalInputs(asked)).keys()) {
        const solution = { basis: bases[name], coefficients: coefficients[name] };
        const own = hardFit(asked, name, solution, { seed, numbers: draws }, setup.resolution, memory);
        bases[name] = own.basis;
        coefficients[name] = own.coefficients;
      }
    return { bases, coefficients, inputs: this.inputs(), ...this.#told(draws) };
  }

  /** With functions shifted along a circle; undefined where conditions are hard, or there is no room for more. */
  shifted(options: ShiftOptions): (PhysicsCoefficients & ShiftedCoefficients) | undefined {
    if (this.asked !== this.problem || this.problem.conditions.some((c) => 'hard' in c && c.hard === true))
      return undefined;
    const draws = this.#draws();
    const set = shiftedCoefficients(
      this.problem,
      draws.map((draw) => drawInputs(this.problem, this.setup.seed, draw)),
      this.#solver,
      (name) => this.#rows(draws, name),
      options,
    );
    return set === undefined ? undefined : { ...this.#told(draws), ...set };
  }

  #draws(): number[] {
    return [...this.#solved.keys()].sort((a, b) => a - b);
  }

  #rows(draws: readonly number[], name: string): Float64Array[] {
    return draws.map((draw) => this.#solver.fieldCoefficients(this.#solved.get(draw)!, name));
  }

  #told(draws: readonly number[]): Omit<PhysicsCoefficients, 'bases' | 'coefficients' | 'inputs'> {
    return {
      count: draws.length,
      seconds: now() - this.begun,
      draws,
      failures: [...this.#failures].sort((a, b) => a - b),
      resolution: this.found.resolution,
      expectedError: this.found.error,
      residual: draws.reduce((most, draw) => Math.max(most, this.#solved.get(draw)!.residual), 0),
    };
  }
}
