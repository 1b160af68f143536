/** Single test functions: the worst, the median and the best. */
import type { Problem } from '../../problem/problem.ts';
import { reference } from '../../reference/index.ts';
import { evaluateExact } from '../../solve/error-norms.ts';
import type { OperatorSolution } from '../evaluate/operator-solution.ts';
import type { FunctionSample } from '../space/function-sample.ts';
import { drawInputs } from '../space/function-space.ts';
import type { TrainedOperator } from '../trained-operator.ts';

export interface OperatorCase {
  readonly role: 'worst' | 'median' | 'best';
  /** Number under the seed of the run. */
  readonly draw: number;
  readonly relativeL2: Readonly<Record<string, number>>;
  readonly samples: Readonly<Record<string, FunctionSample>>;
  readonly solution: OperatorSolution;
  /** What it is compared with, in words. */
  readonly against: string;
  /** The fields at points (N, d); undefined where there is no reference. */
  readonly expected: ((points: Float64Array) => Readonly<Record<string, Float64Array>>) | undefined;
}

/** Places of the test functions among the errors, by the mean over the fields of error over mean error, ascending. */
function ranking({ errors }: TrainedOperator): number[] {
  const fields = Object.values(errors ?? {});
  const count = fields[0]?.each.length ?? 0;
  const size = Float64Array.from({ length: count }, (_, n) =>
    fields.reduce((sum, { each, relativeL2 }) => sum + each[n] / (relativeL2 || 1), 0),
  );
  return [...size.keys()].sort((a, b) => size[a] - size[b]);
}

/** @param seconds  for each reference */
export async function testCases(operator: TrainedOperator, seconds: number): Promise<OperatorCase[]> {
  const { errors, run, problem } = operator;
  const [first] = Object.values(errors ?? {});
  if (first === undefined || first.against === 'data') return [];
  const order = ranking(operator);
  const places: [OperatorCase['role'], number][] = [
    ['worst', order[order.length - 1]],
    ['median', order[(order.length - 1) >> 1]],
    ['best', order[0]],
  ];
  const cases: OperatorCase[] = [];
  for (const [role, n] of places) {
    const draw = first.draws[n];
    const samples = drawInputs(problem, run.seed, draw);
    const solution = operator(samples);
    const relativeL2 = Object.fromEntries(
      Object.entries(errors!).map(([name, { each }]) => [name, each[n]] as const),
    );
    cases.push({
      role,
      draw,
      relativeL2,
      samples,
      solution,
      ...(await expectation(solution.problem, seconds)),
    });
  }
  return cases;
}

async function expectation(
  problem: Problem,
  timeLimit: number,
): Promise<Pick<OperatorCase, 'against' | 'expected'>> {
  if (problem.fields.every(({ name }) => problem.exact.has(name)))
    return { against: 'exact solution', expected: (points) => evaluateExact(problem, points, {}) };
  const found = await reference(problem, { timeLimit });
  return found.available
    ? { against: found.method, expected: (points) => found.evaluate(points) }
    : { against: found.reason, expected: undefined };
}
