/** One function of many: what a worker is told, and what it answers. */
import { kernelModule } from '../../engine/f64/kernel-module.ts';
import { LinearMemory } from '../../engine/f64/linear-memory.ts';
import { type ProblemDefinition, problem as readProblem } from '../../problem/index.ts';
import type { FieldRange } from '../../residual/index.ts';
import { drawInputs } from '../space/function-space.ts';
import { FunctionSolver, type Resolution, type SolvedFunction } from './function-solver.ts';

/** All that workers need, as plain data. */
export interface FunctionSetup {
  readonly definition: ProblemDefinition;
  /** Of the draws. */
  readonly seed: number;
  /** The draw whose matrices others begin with: what comes out must not depend on which were solved before. */
  readonly base: number;
  readonly resolution: Resolution;
  readonly ranges: readonly (readonly [string, FieldRange])[];
  readonly amplitudes: readonly (readonly [string, number])[];
}

/** The number of a draw. */
export type FunctionTask = number;

/** Null where no solution was found. */
export type FunctionOutcome = SolvedFunction | null;

export class FunctionRunner {
  #solver: FunctionSolver | undefined;

  constructor(private readonly setup: FunctionSetup) {}

  async run(draw: FunctionTask): Promise<FunctionOutcome> {
    this.#solver ??= await this.#prepared();
    return this.#solver.solve(drawInputs(this.#solver.problem, this.setup.seed, draw)) ?? null;
  }

  async #prepared(): Promise<FunctionSolver> {
    const { definition, seed, base } = this.setup;
    const { module } = await kernelModule();
    const solver = functionSolver(this.setup, new LinearMemory(module));
    solver.prepare(drawInputs(readProblem(definition), seed, base));
    return solver;
  }
}

export function functionSolver(
  { definition, resolution, ranges, amplitudes }: FunctionSetup,
  memory: LinearMemory,
): FunctionSolver {
  const sizes = { ranges: new Map(ranges), amplitudes: new Map(amplitudes) };
  return new FunctionSolver(readProblem(definition), resolution, sizes, featureSeed, memory);
}

/** The same features whatever is drawn. */
export const featureSeed = 0;
