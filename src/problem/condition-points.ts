/** Where a condition is looked at, in the problem's coordinates. */
import { domainPoints, type PointsOnBoundary, pointsOnParts } from './domain-points.ts';
import type { Condition, Plane, Problem } from './problem.ts';

type Domain = Pick<Problem, 'coordinates' | 'space'>;

function pointsOnPlane(
  plane: Plane,
  { coordinates, space }: Domain,
  count: number,
  seed: number,
): Float64Array {
  const d = coordinates.length;
  // Of a box the points inside, moved onto the plane; of a shape those that lie in it on the plane.
  if (space === undefined)
    return domainPoints({ coordinates, space }, count, seed).map((x, k) =>
      k % d === plane.coordinate ? plane.value : x,
    );
  const held = coordinates.map((c, i) =>
    i === plane.coordinate ? { ...c, low: plane.value, high: plane.value } : c,
  );
  return domainPoints({ coordinates: held, space }, count, seed);
}

/**
 * Points at which a condition holds, with the normals there: all of a point set, about `count` on each plane or on
 * all parts together; none for periodic conditions.
 */
export function conditionPoints(
  condition: Condition,
  domain: Domain,
  count: number,
  seed = 0,
): PointsOnBoundary {
  const d = domain.coordinates.length;
  switch (condition.kind) {
    case 'periodic':
      return { points: new Float64Array(), normals: new Float64Array(), count: 0 };
    case 'points':
      return {
        points: condition.points,
        normals: new Float64Array(condition.points.length),
        count: condition.count,
      };
    case 'planes': {
      const own = d === 1 ? 1 : count;
      const points = condition.planes.flatMap((plane) => [...pointsOnPlane(plane, domain, own, seed)]);
      const normals = condition.planes.flatMap(({ coordinate, outward }) =>
        Array.from({ length: own * d }, (_, k) => (k % d === coordinate ? outward : 0)),
      );
      return {
        points: Float64Array.from(points),
        normals: Float64Array.from(normals),
        count: points.length / d,
      };
    }
    case 'parts':
    case 'interface': {
      const total = condition.parts.reduce((sum, { measure }) => sum + measure, 0);
      const positions = condition.kind === 'parts' ? domain.space!.coordinates : condition.region.coordinates;
      return pointsOnParts(
        condition.parts,
        positions,
        domain,
        'sobol',
        ({ measure }) => Math.ceil((count * measure) / total),
        seed,
      );
    }
  }
}
