/** Layers that form at once where what is given at the start contradicts what is given on the boundary. */
import { subtract } from '../../expression/build.ts';
import { evaluateScalar } from '../../expression/evaluate.ts';
import { type Expression, type FieldNode, type Leaf, leavesOf } from '../../expression/expression.ts';
import { totalOrder } from '../../jet/multi-index.ts';
import { domainPoints, pointsOnParts, rowsOf } from '../../problem/domain-points.ts';
import { fieldLeaves, impliedValue } from '../../problem/implied-value.ts';
import type { Condition, Problem } from '../../problem/index.ts';
import { atStart, type Interval, timeOrder, timeWindows } from './window-problem.ts';

/** Of what a condition would be for fields of their usual size: less is rounding, or hardly a layer. */
const contradiction = 0.05;

const samples = 12;

/** Of an extent, for slopes of the initial state. */
const step = 1e-4;

/** A field at the start by its initial condition; undefined where that says it in another form. */
type InitialState = (leaf: FieldNode, point: readonly number[]) => number | undefined;

function initialState(problem: Problem): InitialState {
  const { coordinates } = problem;
  const implied = problem.conditions.flatMap((condition) =>
    condition.kind === 'planes' && atStart(condition, problem)
      ? [impliedValue(subtract(condition.left, condition.right))]
      : [],
  );
  const valueAt = (name: string, point: readonly number[]): number | undefined => {
    for (const at of implied) {
      const found = at((leaf) => (leaf.kind === 'coordinate' ? point[leaf.index] : Number.NaN));
      if (found?.leaf.name === name && totalOrder(found.leaf.order) === 0) return found.value;
    }
    return undefined;
  };
  return ({ name, order }, point) => {
    if (totalOrder(order) === 0) return valueAt(name, point);
    const axis = order.findIndex((k) => k > 0);
    if (totalOrder(order) > 1 || axis === problem.time) return undefined;
    const h = step * (coordinates[axis].high - coordinates[axis].low);
    const [after, before] = [h, -h].map((d) =>
      valueAt(
        name,
        point.map((x, i) => (i === axis ? x + d : x)),
      ),
    );
    return after === undefined || before === undefined ? undefined : (after - before) / (2 * h);
  };
}

/** Points at the start on the part of the boundary where a condition holds, with normals. */
function pointsOf(
  condition: Condition,
  problem: Problem,
): readonly { readonly point: number[]; readonly normal: number[] }[] {
  const { coordinates, time, space } = problem;
  const started = (point: readonly number[]): number[] =>
    point.map((x, i) => (i === time ? coordinates[i].low : x));
  if (condition.kind === 'parts') {
    const { points, normals } = pointsOnParts(
      condition.parts,
      space!.coordinates,
      problem,
      'sobol',
      () => samples,
      0,
    );
    const rows = rowsOf(normals, coordinates.length);
    return rowsOf(points, coordinates.length).map((point, n) => ({ point: started(point), normal: rows[n] }));
  }
  if (condition.kind !== 'planes') return [];
  const inside = rowsOf(domainPoints(problem, samples), coordinates.length);
  return condition.planes.flatMap(({ coordinate, value, outward }) =>
    coordinate === time
      ? []
      : inside.map((point) => ({
          point: started(point.map((x, i) => (i === coordinate ? value : x))),
          normal: point.map((_, i) => (i === coordinate ? outward : 0)),
        })),
  );
}

const known = new WeakMap<Problem, boolean>();

/**
 * Whether the state at the start of a diffusion misses what is given on the boundary: from t = 0 on a layer as wide as
 * √t forms there.
 */
export function startsWithLayers(problem: Problem): boolean {
  const before = known.get(problem);
  if (before !== undefined) return before;
  const found = findsLayers(problem);
  known.set(problem, found);
  return found;
}

function findsLayers(problem: Problem): boolean {
  const { fields, equations, coordinates, time } = problem;
  if (time === null) return false;
  const residuals = equations.map(({ left, right }) => subtract(left, right));
  const diffuses = fields.every(
    ({ name }) =>
      timeOrder(problem, name) === 1 &&
      fieldLeaves(residuals).some(
        (leaf) => leaf.name === name && totalOrder(leaf.order) - leaf.order[time] > 1,
      ),
  );
  if (!diffuses) return false;
  const state = initialState(problem);
  const within = rowsOf(domainPoints(problem, samples), coordinates.length);
  const sizeOf = new Map(
    fields.map(({ name, of }) => {
      const leaf = { kind: 'field', name, of, side: 0, order: coordinates.map(() => 0) } as FieldNode;
      return [name, Math.max(...within.map((point) => Math.abs(state(leaf, point) ?? 0)))];
    }),
  );
  const usual = ({ name, order }: FieldNode): number =>
    order.reduce(
      (size, k, i) => size / ((coordinates[i].high - coordinates[i].low) / 2) ** k,
      sizeOf.get(name)!,
    );
  return problem.conditions.some((condition) => {
    if (condition.kind !== 'parts' && condition.kind !== 'planes') return false;
    const residual = subtract(condition.left, condition.right);
    if (leavesOf([residual]).some(({ kind }) => kind === 'unknown')) return false;
    return pointsOf(condition, problem).some(({ point, normal }) => {
      const at = (fieldValue: (leaf: FieldNode) => number): number =>
        evaluated(residual, point, normal, problem, fieldValue);
      const missed = Math.abs(at((leaf) => state(leaf, point) ?? Number.NaN));
      return missed > contradiction * Math.max(Math.abs(at(() => 0)), Math.abs(at(usual)));
    });
  });
}

function evaluated(
  residual: Expression,
  point: readonly number[],
  normal: readonly number[],
  { coordinates }: Problem,
  fieldValue: (leaf: FieldNode) => number,
): number {
  return evaluateScalar(residual, (leaf: Leaf) => {
    if (leaf.kind === 'coordinate') return point[leaf.index];
    if (leaf.kind === 'field') return fieldValue(leaf);
    const axis = coordinates.findIndex(({ name }) => leaf.name === `normal:${name}`);
    return axis < 0 ? Number.NaN : normal[axis];
  });
}

/**
 * Windows of time that are marched through: equal ones, and where layers form at the start such as end at equal steps
 * of √t, so that all of them find the layers equally changed. (Graded meshes: Brunner, Math. Comp. 45, 1985.)
 */
export function marchedWindows(problem: Problem, count: number): Interval[] {
  const equal = timeWindows(problem, count);
  if (count === 1 || !startsWithLayers(problem)) return equal;
  const { low, high } = problem.coordinates[problem.time!];
  const at = (k: number): number => (k === count ? high : low + (high - low) * (k / count) ** 2);
  return equal.map((_, k) => ({ low: at(k), high: at(k + 1) }));
}
