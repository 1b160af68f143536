import type { Problem } from '../../problem/problem.ts';
import type { AvailableReference } from '../reference-result.ts';
import { scatteredEvolutionReference } from './evolution-reference.ts';
import { steadyScatteredReference } from './steady-reference.ts';

/** Whether only scattered nodes do: a space of two or three dimensions that is no box, or parted by interfaces. */
export function needsScatteredNodes({ space, conditions, coordinates, time }: Problem): boolean {
  const dimension = coordinates.length - (time === null ? 0 : 1);
  if (dimension < 2 || dimension > 3) return false;
  return space !== undefined || conditions.some(({ kind }) => kind === 'interface');
}

/**
 * The reference of a partial differential equation on a space of two or three dimensions of any shape.
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function scatteredReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const solve = problem.time === null ? steadyScatteredReference : scatteredEvolutionReference;
  return solve(problem, p, target, deadline);
}
