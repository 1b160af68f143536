import { leavesOf } from '../../expression/expression.ts';
import type { Problem } from '../../problem/problem.ts';

/** Coordinates that stand in equations and conditions: an operator without them commutes with shifts on a circle. */
export function explicitCoordinates({ equations, conditions }: Problem): ReadonlySet<number> {
  const sides = [...equations, ...conditions].flatMap((part) =>
    'left' in part ? [part.left, part.right] : [],
  );
  return new Set(leavesOf(sides).flatMap((leaf) => (leaf.kind === 'coordinate' ? [leaf.index] : [])));
}
