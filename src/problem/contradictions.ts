/** Conditions that give two values to the same quantity at the same place. */
import { ProblemError } from '../errors.ts';
import { subtract } from '../expression/build.ts';
import { leafKey, leavesOf } from '../expression/expression.ts';
import type { BoundaryPart } from '../geometry/shape.ts';
import { pointsOnParts, rowsOf } from './domain-points.ts';
import { type ImpliedValue, impliedValue } from './implied-value.ts';
import { spacePoint } from './membership.ts';
import type { BoundaryCondition, Plane, PlaneCondition, PointCondition, Problem } from './problem.ts';

/** What one condition says at the sample points of a place. */
interface Statement {
  readonly condition: PlaneCondition | PointCondition | BoundaryCondition;
  readonly values: readonly (StatedValue | undefined)[];
}

interface StatedValue extends ImpliedValue {
  /** How far the value moves when the point does by a few roundings: sin(pi*x) is zero at 1 only up to that. */
  readonly rounding: number;
}

const samplesOfPlane = 5;

/** Values that differ by less than this share of them are taken for the same. */
const relativeSlack = 1e-9;

/** Roundings of a coordinate, and what they leave of a zero such as sin(pi) in constants alone. */
const coordinateRounding = 8 * Number.EPSILON;
const constantRounding = 1e-14;

const planeKey = ({ coordinate, value }: Plane): string => `${coordinate}=${value}`;

/** Points of the plane away from its edges. */
function pointsOn(plane: Plane, problem: Problem): number[][] {
  return Array.from({ length: samplesOfPlane }, (_, k) =>
    problem.coordinates.map(({ low, high }, i) =>
      i === plane.coordinate ? plane.value : low + (high - low) * ((0.37 + 0.618 * i + 0.191 * k) % 1),
    ),
  );
}

/** Points of a part of the boundary, with their normals. */
function samplesOf(part: BoundaryPart, problem: Problem): { points: number[][]; normals: number[][] } {
  const { coordinates } = problem.space!;
  const { points, normals } = pointsOnParts([part], coordinates, problem, 'uniform', () => samplesOfPlane, 0);
  const d = problem.coordinates.length;
  return { points: rowsOf(points, d), normals: rowsOf(normals, d) };
}

/** The only plane among the given ones that holds the point; undefined where there is none, or an edge. */
function planeThrough(point: readonly number[], planes: readonly Plane[]): Plane | undefined {
  const through = planes.filter(({ coordinate, value }) => point[coordinate] === value);
  return new Set(through.map(planeKey)).size === 1 ? through[0] : undefined;
}

/** Every place at which conditions hold, with what they say there, in the order of the conditions. */
function statementsByPlace(problem: Problem): Map<string, Statement[]> {
  const dimension = problem.coordinates.length;
  // The value of an unknown is not known yet: conditions with one contradict nothing.
  const conditions = problem.conditions.filter(
    (c): c is PlaneCondition | PointCondition | BoundaryCondition =>
      (c.kind === 'planes' || c.kind === 'points' || c.kind === 'parts') &&
      !leavesOf([c.left, c.right]).some((leaf) => leaf.kind === 'unknown'),
  );
  const faces = problem.coordinates.flatMap(({ low, high }, coordinate): Plane[] => [
    { coordinate, value: low, outward: -1 },
    { coordinate, value: high, outward: 1 },
  ]);
  const planes = [...faces, ...conditions.flatMap((c) => (c.kind === 'planes' ? c.planes : []))];
  const points = conditions.flatMap((c) =>
    c.kind === 'points'
      ? Array.from({ length: c.count }, (_, n) => [...c.points.slice(n * dimension, (n + 1) * dimension)])
      : [],
  );
  const boundary = (problem.space?.shape.boundary ?? []).map((part) => samplesOf(part, problem));
  const places = new Map<string, Statement[]>();
  const state = (key: string, statement: Statement): void => {
    places.set(key, [...(places.get(key) ?? []), statement]);
  };
  for (const condition of conditions) {
    const implied = impliedValue(subtract(condition.left, condition.right));
    const valueAt = (
      point: readonly number[],
      normal: readonly number[] | undefined,
    ): ImpliedValue | undefined =>
      implied((leaf) => {
        if (leaf.kind === 'coordinate') return point[leaf.index];
        const axis = problem.coordinates.findIndex((c) => leaf.name === `normal:${c.name}`);
        return normal?.[axis] ?? 0;
      });
    const at = (point: readonly number[], normal: readonly number[] | undefined): StatedValue | undefined => {
      const found = valueAt(point, normal);
      if (found === undefined) return undefined;
      const moved = [-1, 1].map((sign) =>
        valueAt(
          point.map((x, i) => {
            const { low, high } = problem.coordinates[i];
            return x + sign * coordinateRounding * Math.max(Math.abs(low), Math.abs(high));
          }),
          normal,
        ),
      );
      const shifts = moved.map((other) => Math.abs((other?.value ?? found.value) - found.value));
      return { ...found, rounding: Math.max(...shifts) };
    };
    if (condition.kind === 'points')
      for (let n = 0; n < condition.count; n++) {
        const point = [...condition.points.slice(n * dimension, (n + 1) * dimension)];
        state(`(${point.join(',')})`, { condition, values: [at(point, undefined)] });
      }
    else if (condition.kind === 'parts')
      boundary.forEach(({ points: samples, normals }, p) => {
        const { coordinates } = problem.space!;
        const values = samples.map((point, n) => {
          const own = spacePoint(point, coordinates);
          return condition.parts.some((part) => part.contains(own)) ? at(point, normals[n]) : undefined;
        });
        state(`part ${p}`, { condition, values });
      });
    else
      for (const plane of condition.planes) {
        const samples = pointsOn(plane, problem);
        const normal = problem.coordinates.map((_, i) => (i === plane.coordinate ? plane.outward : 0));
        state(planeKey(plane), { condition, values: samples.map((point) => at(point, normal)) });
        // A plane says something at single points of other conditions, too.
        for (const point of points)
          if (
            planeThrough(point, planes)?.coordinate === plane.coordinate &&
            point[plane.coordinate] === plane.value
          )
            state(`(${point.join(',')})`, { condition, values: [at(point, normal)] });
      }
  }
  return places;
}

/** @throws ProblemError naming the first condition that contradicts an earlier one. */
export function checkContradictions(problem: Problem): void {
  const places = statementsByPlace(problem);
  const differ = (a: StatedValue | undefined, b: StatedValue | undefined): boolean => {
    if (a === undefined || b === undefined || leafKey(a.leaf) !== leafKey(b.leaf)) return false;
    const size = Math.max(Math.abs(a.value), Math.abs(b.value));
    const againstZero = a.value === 0 || b.value === 0 ? constantRounding : 0;
    return Math.abs(a.value - b.value) > Math.max(relativeSlack * size, a.rounding + b.rounding, againstZero);
  };
  for (const statements of places.values())
    statements.forEach(({ condition, values }, i) => {
      const other = statements
        .slice(0, i)
        .find((earlier) => earlier.values.some((value, k) => differ(value, values[k])));
      if (other === undefined) return;
      throw new ProblemError(
        `\`${condition.text}\` contradicts ${other.condition.path} (\`${other.condition.text}\`) at the same place`,
        { path: condition.path, hint: 'take one of the two out' },
      );
    });
}
