/** Points of the domain and of parts of its boundary, in the problem's coordinates. */
import { type Sampling, samplePoints } from '../geometry/point-set.ts';
import { pointsWhere } from '../geometry/points-where.ts';
import type { BoundaryPart } from '../geometry/shape.ts';
import { spacePoint } from './membership.ts';
import type { Problem } from './problem.ts';

type Domain = Pick<Problem, 'coordinates' | 'space'>;

/** Points inside the domain, spread evenly; (count, d) row-major. */
export function domainPoints({ coordinates, space }: Domain, count: number, seed = 0): Float64Array {
  if (space !== undefined)
    return pointsWhere('sobol', count, coordinates, seed, (points, at) =>
      space.shape.contains(spacePoint(points, space.coordinates, at)),
    );
  const d = coordinates.length;
  return samplePoints('sobol', count, d, seed).map((u, k) => {
    const { low, high } = coordinates[k % d];
    return low + (high - low) * u;
  });
}

/** The rows of points (N, d). */
export function rowsOf(points: Float64Array, d: number): number[][] {
  return Array.from({ length: points.length / d }, (_, n) => [...points.subarray(n * d, (n + 1) * d)]);
}

export interface PointsOnBoundary {
  /** (N, d), row-major. */
  readonly points: Float64Array;
  /** (N, d), zero along coordinates that are not of space. */
  readonly normals: Float64Array;
  readonly count: number;
}

/**
 * Points on parts of a boundary, at values of the other coordinates that fill their intervals.
 *
 * @param positions  of the coordinates of space
 * @param countOf  how many on a part; one in a single coordinate
 */
export function pointsOnParts(
  parts: readonly BoundaryPart[],
  positions: readonly number[],
  { coordinates }: Domain,
  sampling: Sampling,
  countOf: (part: BoundaryPart) => number,
  seed: number,
): PointsOnBoundary {
  const d = coordinates.length;
  const others = coordinates.map((_, i) => i).filter((i) => !positions.includes(i));
  const k = positions.length;
  const sets = parts.map((part, p) => {
    const count = others.length === 0 && k === 1 ? 1 : Math.max(1, Math.round(countOf(part)));
    const onPart = part.sample(sampling, count, seed + p);
    const values = otherValues(sampling, count, k - 1, others.length, seed + p);
    const points = new Float64Array(count * d);
    const normals = new Float64Array(count * d);
    for (let n = 0; n < count; n++) {
      positions.forEach((position, i) => {
        // An end of an interval is one point, whatever was asked for.
        const row = n % onPart.count;
        points[n * d + position] = onPart.points[row * k + i];
        normals[n * d + position] = onPart.normals[row * k + i];
      });
      others.forEach((position, i) => {
        const { low, high } = coordinates[position];
        points[n * d + position] = low + (high - low) * values[n * others.length + i];
      });
    }
    return { points, normals };
  });
  const points = Float64Array.from(sets.flatMap((set) => [...set.points]));
  const normals = Float64Array.from(sets.flatMap((set) => [...set.normals]));
  return { points, normals, count: points.length / d };
}

/**
 * Values in the unit cube for the coordinates beside those of space: the later columns of a point set whose first
 * ones belong to the boundary, so that the two together fill their product.
 */
function otherValues(
  sampling: Sampling,
  count: number,
  first: number,
  width: number,
  seed: number,
): Float64Array {
  if (width === 0) return new Float64Array();
  // On the ends of an interval equal spacing with both ends, as along any line.
  if (first === 0 && width === 1 && count > 1)
    return Float64Array.from({ length: count }, (_, n) => n / (count - 1));
  const unit = samplePoints(sampling === 'grid' ? 'sobol' : sampling, count, first + width, seed);
  return unit.filter((_, i) => i % (first + width) >= first);
}

/** Every point (N, d) with its normal as `normal:<coordinate>` finds it. */
export function normalColumns(
  { normals, count }: PointsOnBoundary,
  { coordinates }: Domain,
): Record<string, Float64Array> {
  const d = coordinates.length;
  return Object.fromEntries(
    coordinates.map(({ name }, i) => [
      `normal:${name}`,
      Float64Array.from({ length: count }, (_, n) => normals[n * d + i]),
    ]),
  );
}
