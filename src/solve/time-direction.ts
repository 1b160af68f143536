import type { Problem } from '../problem/index.ts';

/** Whether all conditions on faces of time stand at its lower end. */
export function startsInitially(problem: Problem): boolean {
  return problem.conditions.every(
    (condition) =>
      condition.kind !== 'planes' ||
      condition.planes.every(({ coordinate, outward }) => coordinate !== problem.time || outward === -1),
  );
}

/** The end of time from which a problem is solved: −1 the lower one, +1 where conditions stand at the upper one alone. */
export function startOfTime(problem: Problem): -1 | 1 {
  const sides = problem.conditions.flatMap((condition) =>
    condition.kind === 'planes'
      ? condition.planes.flatMap((plane) => (plane.coordinate === problem.time ? [plane.outward] : []))
      : [],
  );
  return sides.includes(1) && !sides.includes(-1) ? 1 : -1;
}
