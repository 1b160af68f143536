/** How many conditions a problem needs for one solution, and how many it states. */
import { fieldLeaves } from './implied-value.ts';
import type { Condition, Equation, Problem } from './problem.ts';

/** Beyond so many fields the assignments are too many to be tried; the bound by single fields stands in. */
const fieldLimit = 12;

/**
 * Jacobi's bound of the order of a system (Ritt, Differential Algebra, 1950, ch. VII): the largest sum of
 * orders over the assignments of the fields to different equations. It is the number of conditions that an
 * ordinary system needs, and where equations tie fields together algebraically it is less than the sum of the
 * fields' highest orders.
 *
 * @param orderOf  order of a field in an equation, undefined where it does not stand there
 * @returns undefined where the fields cannot be assigned, or are too many
 */
export function jacobiBound(
  equations: readonly Equation[],
  fields: readonly string[],
  orderOf: (equation: Equation, field: string) => number | undefined,
): number | undefined {
  if (fields.length > fieldLimit) return undefined;
  // best[mask]: the largest sum with the fields of the mask assigned to the equations so far
  let best = new Map([[0, 0]]);
  for (const equation of equations) {
    const next = new Map(best);
    fields.forEach((field, i) => {
      const order = orderOf(equation, field);
      if (order === undefined) return;
      for (const [mask, total] of best) {
        const assigned = mask | (1 << i);
        if (assigned !== mask) next.set(assigned, Math.max(next.get(assigned) ?? 0, total + order));
      }
    });
    best = next;
  }
  return best.get((1 << fields.length) - 1);
}

/** Whether a field or a derivative of it stands in the condition. */
export function involves(condition: Condition, field: string): boolean {
  return (
    condition.kind !== 'periodic' &&
    fieldLeaves([condition.left, condition.right]).some((leaf) => leaf.name === field)
  );
}

/** Number of equations that a condition stands for where the domain is an interval. */
export function equationsOfCondition(condition: Condition, problem: Problem): number {
  switch (condition.kind) {
    case 'periodic':
      return problem.fields.length * (condition.order + 1);
    case 'points':
      return condition.count;
    case 'planes':
      return condition.planes.length;
    case 'parts':
    case 'interface':
      return condition.parts.length;
  }
}

/** Number of conditions on a field along time: at its start, its end, or between. */
export function conditionsInTime(problem: Problem, field: string, time: number): number {
  return problem.conditions.reduce((sum, condition) => {
    if (condition.kind === 'periodic') return sum + (condition.coordinate === time ? condition.order + 1 : 0);
    if (!involves(condition, field)) return sum;
    if (condition.kind === 'planes')
      return sum + condition.planes.filter((plane) => plane.coordinate === time).length;
    if (condition.kind !== 'points') return sum;
    return sum + (problem.coordinates.length === 1 ? condition.count : 1);
  }, 0);
}

/**
 * Whether more is said of a field than an equation of its order takes: along a coordinate more conditions than the
 * order in it, on a plane inside, or on a part of a boundary more than half the total order.
 *
 * @param orderOf  the field's order along a coordinate, in total where there is none
 */
export function overdetermined(
  problem: Problem,
  field: string,
  orderOf: (coordinate?: number) => number,
): boolean {
  const conditions = problem.conditions.filter((condition) => involves(condition, field));
  const planes = conditions.flatMap((condition) => (condition.kind === 'planes' ? condition.planes : []));
  const parts = conditions.flatMap((condition) => (condition.kind === 'parts' ? condition.parts : []));
  return (
    planes.some(({ outward }) => outward === 0) ||
    problem.coordinates.some(
      (_, i) => planes.filter(({ coordinate }) => coordinate === i).length > orderOf(i),
    ) ||
    parts.some((part) => parts.filter((other) => other === part).length > Math.ceil(orderOf() / 2))
  );
}

/**
 * The fields about which the data tell something: those observed, and those that drive them. A field drives
 * another one if it stands in the equation that gives the other one's rate.
 */
export function informedFields(problem: Problem): Set<string> {
  const informed = new Set(
    fieldLeaves(problem.observations.map((o) => o.expression)).map((leaf) => leaf.name),
  );
  const ties = problem.equations.map(({ left, right }) => {
    const leaves = fieldLeaves([left, right]);
    const rates = leaves.filter((leaf) => problem.time !== null && leaf.order[problem.time] > 0);
    const all = leaves.map((leaf) => leaf.name);
    return { all, driven: rates.length > 0 ? rates.map((leaf) => leaf.name) : all };
  });
  for (let size = -1; size < informed.size; ) {
    size = informed.size;
    for (const { all, driven } of ties)
      if (driven.some((name) => informed.has(name))) for (const name of all) informed.add(name);
  }
  return informed;
}
