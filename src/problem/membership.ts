/** Whether points lie in the domain. */
import { ProblemError } from '../errors.ts';
import type { Coordinate, Problem } from './problem.ts';

type Domain = Pick<Problem, 'coordinates' | 'space'>;

/**
 * How close a value must be to an end of the interval to be taken for that end: a share of the interval, or
 * what rounding leaves of it where the interval is narrow and far from zero.
 */
export function faceTolerance({ low, high }: Coordinate): number {
  return Math.max(1e-12 * (high - low), 4 * Number.EPSILON * Math.max(Math.abs(low), Math.abs(high)));
}

/** What of a point are coordinates of the space. */
export function spacePoint(
  point: ArrayLike<number>,
  coordinates: readonly number[],
  offset = 0,
): Float64Array {
  return Float64Array.from(coordinates, (i) => point[offset + i]);
}

/** @throws ProblemError for a point that is not in the domain. */
export function assertInside(point: ArrayLike<number>, { coordinates, space }: Domain, path: string): void {
  coordinates.forEach((coordinate, i) => {
    const { name, low, high } = coordinate;
    const tolerance = faceTolerance(coordinate);
    if (!(point[i] >= low - tolerance && point[i] <= high + tolerance))
      throw new ProblemError(`${name} = ${point[i]} lies outside the domain`, {
        path,
        hint: `${name} runs from ${low} to ${high}`,
      });
  });
  if (space === undefined || space.shape.contains(spacePoint(point, space.coordinates))) return;
  const place = space.coordinates.map((i) => `${coordinates[i].name} = ${point[i]}`).join(', ');
  const distance = space.shape.signedDistance(spacePoint(point, space.coordinates));
  throw new ProblemError(`the point ${place} lies outside the geometry`, {
    path,
    hint: `it is ${distance.toPrecision(3)} away from it`,
  });
}

/**
 * For each of the points (N, d) whether it lies in the domain's space; undefined where that is a box. Intervals
 * are not looked at.
 */
export function insideSpace(points: Float64Array, { coordinates, space }: Domain): boolean[] | undefined {
  if (space === undefined) return undefined;
  const d = coordinates.length;
  return Array.from({ length: points.length / d }, (_, n) =>
    space.shape.contains(spacePoint(points, space.coordinates, n * d)),
  );
}
