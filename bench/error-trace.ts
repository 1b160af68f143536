/** A run of solve() with its error at given times. */
import { Solution, type SolveOptions, solve } from '../src/index.ts';
import type { Problem } from '../src/problem/index.ts';

export interface ErrorTrace {
  /** [seconds, error]: at each time the last state before it, and at the end. */
  readonly samples: readonly (readonly [number, number])[];
  /** Wall-clock seconds of solve() as a whole. */
  readonly seconds: number;
  readonly solution: Solution;
}

/** During the run parameters are noted and no more: errors are evaluated afterwards and cost it nothing. */
export async function traceErrors(
  problem: Problem,
  options: SolveOptions,
  times: readonly number[],
  error: (solution: Solution) => number,
): Promise<ErrorTrace> {
  const noted: { time: number; theta: Float64Array }[] = [];
  let last: Float64Array | undefined;
  let next = 0;
  const begun = performance.now();
  const solution = await solve(problem, {
    ...options,
    callbacks: [
      ({ theta }) => {
        const seconds = (performance.now() - begun) / 1000;
        for (; next < times.length && seconds > times[next]; next++)
          if (last !== undefined) noted.push({ time: times[next], theta: last });
        last = theta.slice();
        return undefined;
      },
    ],
  });
  const seconds = (performance.now() - begun) / 1000;
  const { trial, scaling, run, position } = solution;
  const samples = noted.map(({ time, theta }): readonly [number, number] => [
    time,
    error(new Solution(problem, trial, scaling, theta, run, position)),
  ]);
  return { samples: [...samples, [seconds, error(solution)]], seconds, solution };
}
