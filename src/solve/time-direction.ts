import type { Problem } from '../problem/index.ts';

/** The end of time from which a problem is solved: −1 the lower one, +1 where conditions stand at the upper one alone. */
export function startOfTime(problem: Problem): -1 | 1 {
  const sides = problem.conditions.flatMap((condition) =>
    condition.kind === 'planes'
      ? condition.planes.flatMap((plane) => (plane.coordinate === problem.time ? [plane.outward] : []))
      : [],
  );
  return sides.includes(1) && !sides.includes(-1) ? 1 : -1;
}
