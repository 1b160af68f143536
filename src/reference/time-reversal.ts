import { apply, negate } from '../expression/build.ts';
import { type Expression, substitute } from '../expression/expression.ts';
import type { Condition, Problem } from '../problem/problem.ts';
import type { AvailableReference } from './reference-result.ts';

/** Whether conditions stand at the end of time and none at its start. */
export function runsBackward(problem: Problem): boolean {
  const ends = problem.conditions.flatMap((condition) =>
    condition.kind === 'planes'
      ? condition.planes.flatMap(({ coordinate, outward }) => (coordinate === problem.time ? [outward] : []))
      : [],
  );
  return ends.length > 0 && ends.every((outward) => outward === 1);
}

/** The problem in the time −t, in which conditions at the end become initial ones. */
export function reversed(problem: Problem): Problem {
  const time = problem.time!;
  const mirror = (expression: Expression): Expression =>
    substitute(
      expression,
      (leaf) => {
        if (leaf.kind === 'coordinate' && leaf.index === time) return negate(leaf);
        return leaf.kind === 'field' && leaf.order[time] % 2 === 1 ? negate(leaf) : leaf;
      },
      apply,
    );
  const condition = (original: Condition): Condition => {
    if (original.kind === 'periodic') return original;
    const sides = { left: mirror(original.left), right: mirror(original.right) };
    if (original.kind === 'planes') {
      const planes = original.planes.map((plane) =>
        plane.coordinate === time
          ? { ...plane, value: -plane.value, outward: -plane.outward as -1 | 0 | 1 }
          : plane,
      );
      return { ...original, ...sides, planes };
    }
    if (original.kind === 'points')
      return { ...original, ...sides, points: withTimeNegated(problem, original.points) };
    return { ...original, ...sides };
  };
  return {
    ...problem,
    coordinates: problem.coordinates.map((c, i) => (i === time ? { ...c, low: -c.high, high: -c.low } : c)),
    equations: problem.equations.map((equation) => ({
      ...equation,
      left: mirror(equation.left),
      right: mirror(equation.right),
      where: equation.where && mirror(equation.where),
    })),
    conditions: problem.conditions.map(condition),
  };
}

/** The solution of the reversed problem, in the original time. */
export function inOriginalTime(problem: Problem, found: AvailableReference): AvailableReference {
  return { ...found, evaluate: (points) => found.evaluate(withTimeNegated(problem, points)) };
}

function withTimeNegated(problem: Problem, points: Float64Array): Float64Array {
  const d = problem.coordinates.length;
  return points.map((value, i) => (i % d === problem.time ? -value : value));
}
