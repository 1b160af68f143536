/** One function of a data set: drawn, solved classically, kept at the output points. */
import { type Problem, type ProblemDefinition, problem as readProblem } from '../../problem/index.ts';
import { reference } from '../../reference/index.ts';
import { drawInputs, sensorValues } from '../space/function-space.ts';
import { problemOf } from '../space/problem-of.ts';

/** All that workers need, as plain data. */
export interface DrawSetup {
  readonly definition: ProblemDefinition;
  readonly seed: number;
  /** Relative error aimed at; undefined: what the reference aims at by itself. */
  readonly target: number | undefined;
  /** Seconds for each draw. */
  readonly timeLimit: number;
}

export interface DrawTask {
  readonly draw: number;
  /** (N, d). */
  readonly points: Float64Array;
}

export interface SolvedDraw {
  readonly inputs: Readonly<Record<string, Float64Array>>;
  readonly fields: Readonly<Record<string, Float64Array>>;
  readonly errorEstimate: number;
}

/** A solution, or why there is none. */
export type DrawOutcome = { readonly solved: SolvedDraw } | { readonly failure: string };

export class DrawSolver {
  readonly #problem: Problem;

  constructor(private readonly setup: DrawSetup) {
    this.#problem = readProblem(setup.definition);
  }

  async run({ draw, points }: DrawTask): Promise<DrawOutcome> {
    const problem = this.#problem;
    const { seed, target, timeLimit } = this.setup;
    const samples = drawInputs(problem, seed, draw);
    const found = await reference(problemOf(problem, samples), { target, timeLimit });
    if (!found.available) return { failure: found.reason };
    const fields = found.evaluate(points);
    for (const { name } of problem.fields)
      if (!fields[name].every(Number.isFinite)) return { failure: `${name} is not finite at every point` };
    return {
      solved: {
        inputs: Object.fromEntries(
          problem.inputs.map((input) => [input.name, sensorValues(input, samples[input.name])]),
        ),
        fields,
        errorEstimate: found.errorEstimate,
      },
    };
  }
}
