/** How large fields and input functions are, as far as that is known before anything is solved. */
import type { Problem } from '../../problem/index.ts';
import { type FieldRange, fieldRanges } from '../../residual/index.ts';
import type { FunctionSample } from '../space/function-sample.ts';
import { sensorValues } from '../space/function-space.ts';
import { problemOf } from '../space/problem-of.ts';

type Samples = Readonly<Record<string, FunctionSample>>;

/** Largest absolute values at the sensors. */
export function amplitudesOf(problem: Problem, functions: readonly Samples[]): Map<string, number> {
  return new Map(
    problem.inputs.map((input) => [
      input.name,
      Math.max(
        ...functions.flatMap((samples) => [...sensorValues(input, samples[input.name])].map(Math.abs)),
      ),
    ]),
  );
}

/** Ranges of the fields, as far as conditions and equations tell, for functions together. */
export function statedRanges(problem: Problem, functions: readonly Samples[]): Map<string, FieldRange> {
  const ranges = new Map<string, FieldRange>();
  for (const samples of functions)
    for (const [name, { low, high }] of fieldRanges(problemOf(problem, samples))) {
      const before = ranges.get(name);
      ranges.set(name, {
        low: Math.min(low, before?.low ?? low),
        high: Math.max(high, before?.high ?? high),
      });
    }
  return ranges;
}
