/** Collocation points: where residuals are taken. All in normalised coordinates, [−1, 1]^d. */
import { type Sampling, samplePoints } from '../geometry/point-set.ts';
import { type Holds, type Interval, pointsWhere } from '../geometry/points-where.ts';
import type { Problem } from '../problem/problem.ts';
import type { Scaling } from './scaling.ts';

/** A part of the cube in which points are drawn, in normalised coordinates. */
export interface Subset {
  /** A box around it, one interval for each coordinate. */
  readonly box: readonly Interval[];
  readonly holds: Holds;
}

/** The space of a problem; undefined where it is a box. */
export function spaceSubset({ space }: Pick<Problem, 'space'>, scaling: Scaling): Subset | undefined {
  return space && subsetWhere(space, scaling, (point) => space.shape.contains(point));
}

/**
 * Where a property of the coordinates of space holds.
 *
 * @param space  with the positions of its coordinates
 */
export function subsetWhere(
  { coordinates }: { readonly coordinates: readonly number[] },
  scaling: Scaling,
  holds: (point: Float64Array) => boolean,
  box: readonly Interval[] = scaling.coordinates.map(() => ({ low: -1, high: 1 })),
): Subset {
  const own = coordinates.map((i) => scaling.coordinates[i]);
  const point = new Float64Array(own.length);
  return {
    box,
    holds: (points, offset) => {
      own.forEach(({ center, halfWidth }, k) => {
        point[k] = center + halfWidth * points[offset + coordinates[k]];
      });
      return holds(point);
    },
  };
}

/** Points inside the domain, (N, d) row-major. */
export function interiorPoints(
  sampling: Sampling,
  count: number,
  dimension: number,
  seed: number,
  within?: Subset,
): Float64Array {
  if (within !== undefined) return pointsWhere(sampling, count, within.box, seed, within.holds);
  return samplePoints(sampling, count, dimension, seed).map((x) => 2 * x - 1);
}

/**
 * Points with coordinate `axis` held at `value` (normalised), (N, d) row-major; one point where the domain
 * has no other coordinate. Corners of the plane are points too when there is one other coordinate.
 */
export function planePoints(
  sampling: Sampling,
  count: number,
  dimension: number,
  axis: number,
  value: number,
  seed: number,
  within?: Subset,
): Float64Array {
  if (dimension === 1) return Float64Array.of(value);
  if (within !== undefined) return planePointsWithin(sampling, count, axis, value, seed, within);
  const others = samplePoints(sampling, count, dimension - 1, seed);
  if (dimension === 2 && count > 1) {
    // Along a line equal spacing with both ends is what quadrature would choose; the seed moves nothing here.
    for (let n = 0; n < count; n++) others[n] = n / (count - 1);
  }
  const total = others.length / (dimension - 1);
  return onPlane(
    others.map((x) => 2 * x - 1),
    total,
    axis,
    value,
  );
}

function planePointsWithin(
  sampling: Sampling,
  count: number,
  axis: number,
  value: number,
  seed: number,
  { box, holds }: Subset,
): Float64Array {
  const width = box.length - 1;
  const row = new Float64Array(box.length);
  const others = pointsWhere(
    sampling,
    count,
    box.filter((_, i) => i !== axis),
    seed,
    (points, offset) => {
      for (let i = 0; i < box.length; i++)
        row[i] = i === axis ? value : points[offset + (i < axis ? i : i - 1)];
      return holds(row, 0);
    },
  );
  return onPlane(others, others.length / width, axis, value);
}

/** Points of the other coordinates, (N, d − 1), with the plane's own put among them. */
function onPlane(others: Float64Array, total: number, axis: number, value: number): Float64Array {
  const width = others.length / total;
  const dimension = width + 1;
  const points = new Float64Array(total * dimension);
  for (let n = 0; n < total; n++)
    for (let i = 0; i < dimension; i++)
      points[n * dimension + i] = i === axis ? value : others[n * width + (i < axis ? i : i - 1)];
  return points;
}
