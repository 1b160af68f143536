/** Conditions on the boundary of a geometry and on interfaces as blocks of residuals. */
import { subtract, zero } from '../expression/build.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import type { Sampling } from '../geometry/point-set.ts';
import type { BoundaryPart } from '../geometry/shape.ts';
import { normalColumns, type PointsOnBoundary, pointsOnParts, rowsOf } from '../problem/domain-points.ts';
import { besidePoint, inPieces, pieceAt } from '../problem/pieces.ts';
import type { BoundaryCondition, Field, InterfaceCondition, Problem } from '../problem/problem.ts';
import type { ResidualBlock } from './residual-system.ts';
import { type Scaling, toNormalizedPoints } from './scaling.ts';

export interface BoundaryOptions {
  /** On each face of a box. */
  readonly conditionPoints: number;
  readonly sampling: Sampling;
  readonly seed: number;
  readonly weight: number;
  /** A condition as a residual of order one. */
  readonly residualOf: (left: Expression, right: Expression, weight: number) => Expression;
}

/** A part of the boundary has at least so many points, or as many as a face where those are fewer. */
const leastPoints = 48;

/**
 * As many points on the whole boundary as on all faces of a box, shared out by measure.
 *
 * @param whole  what the parts are a share of
 */
function countsBy(
  whole: number,
  positions: readonly number[],
  { conditionPoints }: BoundaryOptions,
  dimension: number,
): (part: BoundaryPart) => number {
  // Each end of an interval is a face of its own.
  if (positions.length === 1) return () => (dimension === 1 ? 1 : conditionPoints);
  const total = 2 * positions.length * conditionPoints;
  const least = Math.min(leastPoints, conditionPoints);
  return ({ measure }) => Math.max(least, Math.round((total * measure) / whole));
}

function blockOf(
  conditions: readonly (BoundaryCondition | InterfaceCondition)[],
  { points, count }: PointsOnBoundary,
  columns: Record<string, Float64Array>,
  residuals: readonly Expression[],
  scaling: Scaling,
  weight: number,
): ResidualBlock {
  return {
    path: conditions.map((c) => c.path).join(', '),
    kind: 'condition',
    points: [toNormalizedPoints(points, scaling)],
    count,
    columns,
    residuals,
    weight,
  };
}

/** Conditions on the same parts. */
export function boundaryBlock(
  conditions: readonly BoundaryCondition[],
  problem: Problem,
  scaling: Scaling,
  options: BoundaryOptions,
): ResidualBlock {
  const { shape, coordinates } = problem.space!;
  const whole = shape.boundary.reduce((sum, { measure }) => sum + measure, 0);
  const { sampling, seed, weight, residualOf } = options;
  const countOf = countsBy(whole, coordinates, options, problem.coordinates.length);
  const places = pointsOnParts(conditions[0].parts, coordinates, problem, sampling, countOf, seed + 1);
  const residuals = conditions.map((c) => residualOf(c.left, c.right, c.weight));
  return blockOf(conditions, places, normalColumns(places, problem), residuals, scaling, weight);
}

/** The rows of a set of points on a boundary. */
function selected(
  { points, normals }: PointsOnBoundary,
  rows: readonly number[],
  d: number,
): PointsOnBoundary {
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from(rows.flatMap((n) => [...values.subarray(n * d, (n + 1) * d)]));
  return { points: pick(points), normals: pick(normals), count: rows.length };
}

/** Points of an interface with the same pieces of all fields before it, and the same beyond it. */
interface Stretch {
  /** Names of the pieces by field, before the interface and beyond it. */
  readonly sides: readonly [ReadonlyMap<string, string>, ReadonlyMap<string, string>];
  readonly rows: number[];
}

function stretchesOf(places: PointsOnBoundary, problem: Problem): Stretch[] {
  const d = problem.coordinates.length;
  const split = problem.fields.filter((field): field is Required<Field> => field.pieces !== undefined);
  const directions = rowsOf(places.normals, d);
  const stretches = new Map<string, Stretch>();
  rowsOf(places.points, d).forEach((point, n) => {
    const [before, beyond] = besidePoint(point, directions[n], problem).map(
      (side) => new Map(split.map(({ name, pieces }) => [name, pieces[pieceAt(pieces, side)].name])),
    );
    const key = [...before.values(), ...beyond.values()].join();
    const stretch = stretches.get(key) ?? { sides: [before, beyond], rows: [] };
    stretch.rows.push(n);
    stretches.set(key, stretch);
  });
  return [...stretches.values()];
}

/** What jumps in the coefficients, beside each of the points. */
function traceColumns(
  { traces }: InterfaceCondition,
  places: PointsOnBoundary,
  problem: Problem,
): Record<string, Float64Array> {
  const d = problem.coordinates.length;
  const directions = rowsOf(places.normals, d);
  const beside = rowsOf(places.points, d).map((point, n) => besidePoint(point, directions[n], problem));
  return Object.fromEntries(
    traces.map(({ column, expression, side }) => [
      column,
      Float64Array.from(beside, (sides) =>
        evaluateScalar(expression, (leaf) =>
          leaf.kind === 'coordinate' ? sides[side][leaf.index] : Number.NaN,
        ),
      ),
    ]),
  );
}

/** An interface condition at points between the same pieces. */
export interface ConditionBetween {
  readonly places: PointsOnBoundary;
  /** Left minus right side, of the pieces. */
  readonly difference: Expression;
  readonly columns: Record<string, Float64Array>;
}

/** The condition at points of its interface, by the pieces of the fields on both sides. */
export function conditionBetween(
  condition: InterfaceCondition,
  all: PointsOnBoundary,
  problem: Problem,
): ConditionBetween[] {
  const d = problem.coordinates.length;
  return stretchesOf(all, problem).map(({ sides, rows }) => {
    const places = selected(all, rows, d);
    const between = (expression: Expression): Expression =>
      inPieces(expression, (leaf) => sides[leaf.side === 1 ? 1 : 0].get(leaf.name) ?? leaf.name);
    return {
      places,
      difference: subtract(between(condition.left), between(condition.right)),
      columns: { ...normalColumns(places, problem), ...traceColumns(condition, places, problem) },
    };
  });
}

/** One condition; a block for each stretch of the interface between the same pieces. */
export function interfaceBlocks(
  condition: InterfaceCondition,
  problem: Problem,
  scaling: Scaling,
  options: BoundaryOptions,
): ResidualBlock[] {
  const { parts, region } = condition;
  const whole = parts.reduce((sum, { measure }) => sum + measure, 0);
  const countOf = countsBy(whole, region.coordinates, options, problem.coordinates.length);
  const { sampling, seed, weight, residualOf } = options;
  const all = pointsOnParts(parts, region.coordinates, problem, sampling, countOf, seed + 1);
  return conditionBetween(condition, all, problem).map(({ places, difference, columns }) => {
    const residuals = [residualOf(difference, zero, condition.weight)];
    return blockOf([condition], places, columns, residuals, scaling, weight);
  });
}
