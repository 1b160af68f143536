/** What a hard condition says on one plane: a derivative of a field along the plane's normal, in given functions. */
import { NotSupportedError, ProblemError } from '../../errors.ts';
import { add, apply, divide, multiply, negate, number, subtract, zero } from '../../expression/build.ts';
import { partial } from '../../expression/differentiate.ts';
import { type Expression, type FieldNode, leavesOf, substitute } from '../../expression/expression.ts';
import { totalOrder } from '../../jet/multi-index.ts';
import { fieldLeaves } from '../implied-value.ts';
import type { Condition, Plane, Problem } from '../problem.ts';

/** A condition on planes or points, by what is read of it here. */
export type PlacedCondition = Exclude<Condition, { kind: 'periodic' }>;

/** ∂^order u + Σ coefficients[j]·∂^j u = value on the plane x_axis = at, all derivatives along the axis. */
export interface PlaneStatement {
  readonly field: string;
  readonly axis: number;
  readonly at: number;
  readonly order: number;
  /** Of lower derivatives than `order`, by their order; without fields. */
  readonly coefficients: ReadonlyMap<number, Expression>;
  /** Without fields; the coordinate of the axis does not stand in it. */
  readonly value: Expression;
  readonly condition: PlacedCondition;
}

/** The expression on a plane. */
export function onPlane(expression: Expression, axis: number, at: number): Expression {
  return substitute(
    expression,
    (leaf) => (leaf.kind === 'coordinate' && leaf.index === axis ? number(at) : leaf),
    apply,
  );
}

function withoutNormals(expression: Expression, problem: Problem, plane: Plane): Expression {
  return substitute(
    expression,
    (leaf) => {
      if (leaf.kind !== 'column' || !leaf.name.startsWith('normal:')) return leaf;
      const axis = problem.coordinates.findIndex(({ name }) => leaf.name === `normal:${name}`);
      return number(axis === plane.coordinate ? plane.outward : 0);
    },
    apply,
  );
}

function fieldsTo(expression: Expression, value: Expression): Expression {
  return substitute(expression, (leaf) => (leaf.kind === 'field' ? value : leaf), apply);
}

/**
 * The value that a condition gives a field, wherever it holds.
 *
 * @throws ProblemError where it ties fields together or is not linear in the field
 * @throws NotSupportedError where it gives a derivative
 */
export function statedValue(
  condition: PlacedCondition,
  problem: Problem,
): { readonly field: string; readonly value: Expression } {
  const residual = subtract(condition.left, condition.right);
  const leaves = fieldLeaves([residual]);
  const field = onlyField(leaves, condition, 'here', problem);
  if (leaves.length > 1 || leaves.some(({ order }) => totalOrder(order) > 0))
    throw new NotSupportedError(
      `\`${condition.text}\` gives a derivative on a boundary that is no face of a box`,
      {
        path: `${condition.path}.hard`,
        hint: `there values can be built in, \`${field} = …\`, derivatives on planes; leave \`hard\` out to have it in the loss`,
      },
    );
  const slope = partial(residual, leaves[0]);
  checkLinear([slope], field, condition);
  return { field, value: divide(negate(fieldsTo(residual, zero)), slope) };
}

/** @throws ProblemError where a condition does not hold one field. */
function onlyField(
  leaves: readonly FieldNode[],
  condition: PlacedCondition,
  where: string,
  problem: Problem,
): string {
  const names = [...new Set(leaves.map(({ name }) => name))];
  if (names.length === 1) return names[0];
  throw new ProblemError(
    names.length === 0
      ? `\`${condition.text}\` holds no field ${where}`
      : `\`${condition.text}\` ties ${names.join(' and ')} together`,
    {
      path: `${condition.path}.hard`,
      hint: `a hard condition gives one field, \`${names[0] ?? problem.fields[0].name} = …\`, by an expression without fields; leave \`hard\` out to have it in the loss`,
    },
  );
}

/** @throws ProblemError where slopes along a field's leaves hold the field. */
function checkLinear(slopes: readonly Expression[], field: string, condition: PlacedCondition): void {
  if (fieldLeaves(slopes).length === 0) return;
  throw new ProblemError(`\`${condition.text}\` is not linear in ${field}`, {
    path: `${condition.path}.hard`,
    hint: `write it as \`${field} = …\`, or leave \`hard\` out to have it in the loss`,
  });
}

/** The leaf's derivative alone, 1 or more times along the axis; undefined for any other one. */
function orderAlong({ order }: FieldNode, axis: number): number | undefined {
  return totalOrder(order) === order[axis] ? order[axis] : undefined;
}

/**
 * Reads what a condition says on a plane.
 *
 * @throws ProblemError where it ties fields together, is not linear in the field, or holds a field that does not
 * depend on the plane's coordinate
 * @throws NotSupportedError for derivatives along the plane
 */
export function statementOn(condition: PlacedCondition, plane: Plane, problem: Problem): PlaneStatement {
  const { coordinate: axis, value: at } = plane;
  const { name: along } = problem.coordinates[axis];
  const place = { path: `${condition.path}.hard` };
  const residual = onPlane(
    withoutNormals(subtract(condition.left, condition.right), problem, plane),
    axis,
    at,
  );
  const leaves = fieldLeaves([residual]);
  const field = onlyField(leaves, condition, `on ${along} = ${at}`, problem);
  const { of } = problem.fields.find(({ name }) => name === field)!;
  if (!of.includes(axis))
    throw new ProblemError(`\`${field}\` does not depend on ${along}`, {
      ...place,
      hint: `it depends on ${of.map((i) => problem.coordinates[i].name).join(', ')}`,
    });
  const orders = leaves.map((leaf) => orderAlong(leaf, axis));
  if (orders.includes(undefined))
    throw new NotSupportedError(`\`${condition.text}\` holds a derivative along the face ${along} = ${at}`, {
      ...place,
      hint: `hard conditions give a field or its derivatives along ${along} there; leave \`hard\` out to have it in the loss`,
    });
  const order = Math.max(...(orders as number[]));
  const slopes = leaves.map((leaf) => partial(residual, leaf));
  checkLinear(slopes, field, condition);
  const highest = slopes[orders.indexOf(order)];
  const value = divide(negate(fieldsTo(residual, zero)), highest);
  const coefficients = new Map(
    leaves.flatMap((_, i) =>
      orders[i] === order ? [] : [[orders[i]!, divide(slopes[i], highest)] as const],
    ),
  );
  const strangers = leavesOf([value, ...coefficients.values()]).filter(
    (leaf) => leaf.kind === 'coordinate' && !of.includes(leaf.index),
  );
  if (strangers.length > 0)
    throw new ProblemError(
      `\`${field}\` does not depend on ${strangers.map(({ name }) => name).join(', ')}`,
      { ...place, hint: `give it by ${of.map((i) => problem.coordinates[i].name).join(', ')} alone` },
    );
  return { field, axis, at, order, coefficients, value, condition };
}

/** The statement with what other statements on the same plane say of lower derivatives put in. */
export function withKnownValues(
  statement: PlaneStatement,
  others: readonly PlaneStatement[],
): PlaneStatement {
  const coefficients = new Map(statement.coefficients);
  let { value } = statement;
  for (const [order, coefficient] of statement.coefficients) {
    const known = others.find((other) => other.order === order && other.coefficients.size === 0);
    if (known === undefined) continue;
    value = add(value, negate(multiply(coefficient, known.value)));
    coefficients.delete(order);
  }
  return { ...statement, coefficients, value };
}
