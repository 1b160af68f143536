/** Corners at which a flow, or whatever else has a multiplier beside fields of second order, is not smooth. */

import { subtract } from '../../expression/build.ts';
import { partial } from '../../expression/differentiate.ts';
import { evaluateScalar } from '../../expression/evaluate.ts';
import { type Expression, type FieldNode, leafKey, leavesOf } from '../../expression/expression.ts';
import { totalOrder } from '../../jet/multi-index.ts';
import type { Problem } from '../../problem/index.ts';

/** Between the edges of a corner, inside. */
export interface Corner {
  readonly at: readonly [number, number];
  /** Of the middle of the sector, from the first coordinate. */
  readonly direction: number;
  readonly angle: number;
}

/** Of the size of the domain: where given values are looked at beside a corner. */
const beside = 1e-4;

/** And farther away, for what slopes are like. */
const aside = 0.2;

/** A share of the slopes that is no rounding. */
const contradiction = 1e-2;

const fieldsIn = (expression: Expression): FieldNode[] =>
  leavesOf([expression]).filter((leaf) => leaf.kind === 'field');

/** Fields whose highest derivative is one less than that of others, as a pressure's is. */
export function multipliers({ fields, equations }: Problem): string[] {
  const orderOf = (name: string): number =>
    Math.max(
      0,
      ...equations.flatMap(({ left, right }) =>
        fieldsIn(subtract(left, right)).flatMap((leaf) =>
          leaf.name === name ? [totalOrder(leaf.order)] : [],
        ),
      ),
    );
  const orders = fields.map(({ name }) => orderOf(name));
  const lower = fields.filter((_, f) => orders[f] === 1).map(({ name }) => name);
  return orders.every((order) => order === 1 || order === 2) && lower.length < fields.length ? lower : [];
}

/**
 * Whether what is given on the two edges of a corner, which are all first derivatives at it, contradicts an equation
 * of first order: then derivatives of a flow have no one value there and its pressure grows as a logarithm (Moffatt,
 * J. Fluid Mech. 18, 1964).
 */
export function contradictsCorner(problem: Problem, { at, direction, angle }: Corner): boolean {
  const { coordinates, equations, fields } = problem;
  const size = Math.max(...coordinates.map(({ low, high }) => high - low));
  const edges = [-1, 1].map((side) => {
    const along = direction + (side * angle) / 2;
    return [Math.cos(along), Math.sin(along)];
  });
  const [[ax, ay], [bx, by]] = edges;
  const determinant = ax * by - ay * bx;
  if (Math.abs(determinant) < 0.05) return false;
  let typical = 0;
  const gradients = new Map<string, readonly [number, number]>();
  for (const { name } of fields) {
    const slopes = edges.map((edge) => {
      const given = (distance: number): number | undefined =>
        givenAt(
          problem,
          name,
          at.map((x, i) => x + distance * size * edge[i]),
        );
      const [first, second, away] = [given(beside), given(2 * beside), given(aside)];
      if (first === undefined || second === undefined) return undefined;
      if (away !== undefined) typical = Math.max(typical, Math.abs(away - first) / (aside * size));
      return (second - first) / (beside * size);
    });
    const [a, b] = slopes;
    if (a === undefined || b === undefined) continue;
    gradients.set(name, [(a * by - b * ay) / determinant, (b * ax - a * bx) / determinant]);
  }
  return equations.some(({ left, right }) => {
    const residual = subtract(left, right);
    const leaves = fieldsIn(residual);
    if (
      leaves.length === 0 ||
      leaves.some(({ name, order }) => totalOrder(order) !== 1 || !gradients.has(name))
    )
      return false;
    const value = (expression: Expression): number =>
      evaluateScalar(expression, (leaf) => {
        if (leaf.kind === 'coordinate') return at[leaf.index];
        return leaf.kind === 'field' ? gradients.get(leaf.name)![leaf.order.indexOf(1)] : 0;
      });
    return Math.abs(value(residual)) > contradiction * typical;
  });
}

/** The value that a condition gives a field at a point of the boundary. */
function givenAt(
  { conditions, coordinates }: Problem,
  name: string,
  point: readonly number[],
): number | undefined {
  for (const condition of conditions) {
    if (condition.kind !== 'planes' && condition.kind !== 'parts') continue;
    const holds =
      condition.kind === 'parts'
        ? condition.parts.some((part) => part.contains(point))
        : condition.planes.some(({ coordinate, value }) => {
            const { low, high } = coordinates[coordinate];
            return Math.abs(point[coordinate] - value) <= 1e-9 * (high - low);
          });
    if (!holds) continue;
    const residual = subtract(condition.left, condition.right);
    const leaves = fieldsIn(residual);
    if (leaves.length !== 1 || leaves[0].name !== name || totalOrder(leaves[0].order) > 0) continue;
    const slope = partial(residual, leaves[0]);
    const key = leafKey(leaves[0]);
    const at = (expression: Expression): number =>
      evaluateScalar(expression, (leaf) =>
        leaf.kind === 'coordinate' ? point[leaf.index] : leafKey(leaf) === key ? 0 : Number.NaN,
      );
    const value = -at(residual) / at(slope);
    if (Number.isFinite(value)) return value;
  }
  return undefined;
}
