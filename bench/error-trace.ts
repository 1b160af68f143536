/** A run of solve() with its error at given times. */
import {
  loadSolution,
  type Solution,
  SolveError,
  type SolveOptions,
  type StoredSolution,
  solve,
} from '../src/index.ts';
import type { Problem } from '../src/problem/index.ts';

export interface ErrorTrace {
  /** [seconds, error]: at each time the last state before it, and at the end. */
  readonly samples: readonly (readonly [number, number])[];
  /** Wall-clock seconds of solve() as a whole. */
  readonly seconds: number;
  readonly solution: Solution;
  /** Why solve() gave no answer, where it did not; the samples are those of what it had reached. */
  readonly refused: string | undefined;
}

/** During the run solutions are noted and no more: errors are evaluated afterwards and cost it nothing. */
export async function traceErrors(
  problem: Problem,
  options: SolveOptions,
  times: readonly number[],
  error: (solution: Solution) => number,
): Promise<ErrorTrace> {
  const noted: { time: number; solution: Solution }[] = [];
  let last: Solution | undefined;
  let next = 0;
  let stored: StoredSolution | undefined;
  let refused: string | undefined;
  let reached: Solution | undefined;
  const begun = performance.now();
  try {
    reached = await solve(problem, {
      ...options,
      onCheckpoint: (checkpoint) => {
        stored = checkpoint;
      },
      callbacks: [
        (state) => {
          const seconds = (performance.now() - begun) / 1000;
          for (; next < times.length && seconds > times[next]; next++)
            if (last !== undefined) noted.push({ time: times[next], solution: last });
          last = state.solution();
          return undefined;
        },
      ],
    });
  } catch (failure) {
    if (!(failure instanceof SolveError) || stored === undefined) throw failure;
    refused = failure.message;
  }
  const seconds = (performance.now() - begun) / 1000;
  const solution = reached ?? loadSolution(stored!);
  const samples = noted
    .filter(({ solution: then }) => reachesEnd(then))
    .map(({ time, solution: then }): readonly [number, number] => [time, error(then)]);
  return { samples: [...samples, [seconds, error(solution)]], seconds, solution, refused };
}

/** Whether there are values for all of time: of a march there are none yet beyond its last window. */
function reachesEnd({ problem, windows }: Solution): boolean {
  return windows === undefined || windows.at(-1)!.high === problem.coordinates[problem.time!].high;
}
