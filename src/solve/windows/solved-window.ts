import { SolveError } from '../../errors.ts';
import type { TrialSolution } from '../../network/trial-solution.ts';
import type { Coordinate } from '../../problem/index.ts';
import type { Piece } from '../piece.ts';
import type { Interval } from './window-problem.ts';

/** A window of time with the parameters trained for it. */
export interface SolvedWindow extends Piece, Interval {
  /** Where windows differ in their networks; else that of the solution. */
  readonly trial?: TrialSolution;
  readonly loss: number;
  /** Mean square of each block at the end, weights taken out. */
  readonly terms: readonly number[];
}

/**
 * The window that a time lies in: at a joint the earlier one.
 *
 * @throws SolveError for a time that training did not reach
 */
export function windowAt(
  windows: readonly SolvedWindow[],
  t: number,
  { name, high }: Coordinate,
): SolvedWindow {
  const found = windows.find((window) => t <= window.high);
  if (found !== undefined) return found;
  const last = windows[windows.length - 1];
  // Points beyond the domain by rounding belong to its last window.
  if (last.high === high) return last;
  throw new SolveError(
    `training ended in the window up to ${name} = ${last.high}: nothing is known at ${name} = ${t}; resume it to go on`,
  );
}
