/** Where solutions are kept: the same points for all functions, or others for each. */
import { ProblemError } from '../../errors.ts';
import { samplePoints } from '../../geometry/point-set.ts';
import { pointsWhere } from '../../geometry/points-where.ts';
import { assertInside, spacePoint } from '../../problem/membership.ts';
import type { Problem } from '../../problem/problem.ts';
import { equidistant, gridPoints } from '../../problem/sensors.ts';
import { streamSeed } from '../../random/generator.ts';

/**
 * Output points: an equidistant grid with so many points along each coordinate, ends included; a list of points; or
 * so many points for each function, uniform in the domain, others for each.
 */
export type OutputPoints =
  | { readonly grid: number | readonly number[] }
  | { readonly list: readonly (readonly number[])[] }
  | { readonly random: number };

const defaultSides = [101, 41, 15, 9, 6, 5];
/** Tells the points apart from what the input functions of the draw are made with. */
const pointStream = 1_000_003;

export interface PointPlan {
  readonly aligned: boolean;
  readonly count: number;
  readonly sides: readonly number[] | undefined;
  /** (count, d) of the draw; where aligned the same for all. */
  of(draw: number): Float64Array;
}

function positive(count: number, path: string): void {
  if (!(Number.isInteger(count) && count > 0))
    throw new ProblemError(`${count} is no number of points`, { path, hint: 'give a whole number above 0' });
}

/** @throws ProblemError for points outside the domain and numbers that are none */
export function pointPlan(problem: Problem, wanted: OutputPoints | undefined, seed: number): PointPlan {
  const { coordinates, space } = problem;
  const d = coordinates.length;
  const fixed = (points: Float64Array, sides?: readonly number[]): PointPlan => ({
    aligned: true,
    count: points.length / d,
    sides,
    of: () => points,
  });
  if (wanted !== undefined && 'random' in wanted) {
    const { random: count } = wanted;
    positive(count, 'points.random');
    const of = (draw: number): Float64Array => {
      const own = streamSeed(seed, draw, pointStream);
      if (space !== undefined)
        return pointsWhere('uniform', count, coordinates, own, (points, at) =>
          space.shape.contains(spacePoint(points, space.coordinates, at)),
        );
      return samplePoints('uniform', count, d, own).map((u, k) => {
        const { low, high } = coordinates[k % d];
        return low + (high - low) * u;
      });
    };
    return { aligned: false, count, sides: undefined, of };
  }
  if (wanted !== undefined && 'list' in wanted) {
    wanted.list.forEach((point, i) => {
      if (point.length !== d)
        throw new ProblemError(`the point has ${point.length} numbers`, {
          path: `points.list[${i}]`,
          hint: `it needs one for each of ${coordinates.map((c) => c.name).join(', ')}`,
        });
      assertInside(point, problem, `points.list[${i}]`);
    });
    positive(wanted.list.length, 'points.list');
    return fixed(Float64Array.from(wanted.list.flat()));
  }
  const given = wanted?.grid ?? defaultSides[d - 1];
  const sides = typeof given === 'number' ? new Array<number>(d).fill(given) : given;
  if (sides.length !== d)
    throw new ProblemError(`the grid has ${sides.length} sides for ${d} coordinates`, {
      path: 'points.grid',
    });
  for (const side of sides) positive(side, 'points.grid');
  const grid = gridPoints(coordinates.map((coordinate, i) => equidistant(coordinate, sides[i])));
  if (space === undefined) return fixed(grid, sides);
  return fixed(
    grid.filter((_, k) => space.shape.contains(spacePoint(grid, space.coordinates, d * Math.floor(k / d)))),
  );
}
