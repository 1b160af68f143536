import { ProblemError } from '../errors.ts';
import { subtract } from '../expression/build.ts';
import { impliedValue } from '../problem/implied-value.ts';
import type { FlowNetwork } from './flow-network.ts';

/** Numbers of people at the start, where the conditions give them one by one. */
export function initialPeople(
  { problem, compartments }: FlowNetwork,
  unknowns: Readonly<Record<string, number>>,
): Partial<Record<string, number>> {
  const low = problem.coordinates[0].low;
  const start: Record<string, number> = {};
  for (const condition of problem.conditions) {
    if (condition.kind !== 'planes' && condition.kind !== 'points') continue;
    const places =
      condition.kind === 'planes' ? condition.planes.map(({ value }) => value) : condition.points;
    if (!places.includes(low)) continue;
    const implied = impliedValue(subtract(condition.left, condition.right))((leaf) => {
      if (leaf.kind === 'coordinate') return low;
      const value = leaf.kind === 'unknown' ? unknowns[leaf.name] : undefined;
      if (value === undefined)
        throw new ProblemError(`the unknown \`${leaf.name}\` has no value`, {
          hint: 'give values of the unknowns',
        });
      return value;
    });
    if (implied !== undefined && implied.leaf.order[0] === 0 && compartments.includes(implied.leaf.name))
      start[implied.leaf.name] = implied.value;
  }
  return start;
}
