/** Where nothing is said though a solution may depend on it. */
import { highestOrder } from './consistency.ts';
import { faceTolerance } from './membership.ts';
import type { Problem } from './problem.ts';

/** Parts of a geometry's boundary without a condition. */
function bareParts({ space, conditions }: Problem): string[] {
  const said = conditions.flatMap((c) => (c.kind === 'parts' ? c.parts : []));
  // A part by its name and the same part of the whole are two objects, perhaps of unlike extent.
  const bare = (space?.shape.boundary ?? []).filter((part) => {
    const { points, count } = part.sample('uniform', 5, 0);
    const width = points.length / count;
    return Array.from({ length: count }, (_, n) => points.subarray(n * width, (n + 1) * width)).some(
      (point) => !said.some((other) => other.contains(point)),
    );
  });
  return [...new Set(bare.map(({ name }) => name ?? 'parts without a name'))];
}

/** Faces without a condition, across which equations are of second order or higher. */
function bareFaces(problem: Problem): string[] {
  const { coordinates, conditions, fields, time, space } = problem;
  // Of an ordinary differential equation the conditions are counted.
  if (coordinates.length === 1) return [];
  const planes = conditions.flatMap((c) => (c.kind === 'planes' ? c.planes : []));
  return coordinates.flatMap((coordinate, i) => {
    const { name, low, high } = coordinate;
    const order = Math.max(
      0,
      ...fields.filter(({ unknown }) => !unknown).map((field) => highestOrder(problem, field.name, i)),
    );
    if (i === time || order < 2 || space?.coordinates.includes(i)) return [];
    if (conditions.some((c) => c.kind === 'periodic' && c.coordinate === i)) return [];
    return [low, high]
      .filter(
        (end) =>
          !planes.some((p) => p.coordinate === i && Math.abs(p.value - end) <= faceTolerance(coordinate)),
      )
      .map((end) => `${name} = ${end}`);
  });
}

/** A warning where conditions are missing and no data stand in for them: there may be more than one solution. */
export function missingConditions(problem: Problem): string | undefined {
  if (problem.observations.length > 0) return undefined;
  const bare = [...bareParts(problem), ...bareFaces(problem)];
  return bare.length === 0
    ? undefined
    : `no condition on ${bare.join(', ')}: there may be more than one solution`;
}
