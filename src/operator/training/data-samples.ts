/** The input functions of a data set as functions, not values at sensors alone. */
import { type Problem, problem as readProblem } from '../../problem/index.ts';
import type { OperatorData } from '../data/operator-data.ts';
import type { FunctionSample } from '../space/function-sample.ts';
import { drawInputs } from '../space/function-space.ts';
import { sampleOf } from '../space/given-function.ts';

/** By the number of a function in the set: the draw itself where it was drawn, else what its sensors say. */
export function dataSamples(
  problem: Problem,
  data: OperatorData,
): (n: number) => Record<string, FunctionSample> {
  const { seed, draws } = data;
  if (seed !== undefined && draws !== undefined) {
    const drawn = readProblem(data.problem);
    return (n) => drawInputs(drawn, seed, draws[n]);
  }
  return (n) =>
    Object.fromEntries(
      problem.inputs.map((input) => {
        const { name, sensorCount } = input;
        const row = data.inputs[name].subarray(n * sensorCount, (n + 1) * sensorCount);
        return [name, sampleOf(input, row, problem.constants)];
      }),
    );
}
