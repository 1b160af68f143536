/** An integro-differential problem in one coordinate: equations inside, conditions at points. */
import { NotSupportedError } from '../../errors.ts';
import { apply, field, number, subtract } from '../../expression/build.ts';
import { type Expression, substitute } from '../../expression/expression.ts';
import { parseEquation, parseExpression } from '../../expression/parse.ts';
import { placedLeaves } from '../../expression/place.ts';
import type { Scope } from '../../expression/scope.ts';
import { givenInputs } from '../../problem/given-inputs.ts';
import { scopeOf } from '../../problem/index.ts';
import type { Problem } from '../../problem/problem.ts';
import { fieldLeaves } from '../explicit-form.ts';

export interface IntegralForm {
  readonly residuals: readonly Expression[];
  /** Zero at the points, x each. */
  readonly conditions: readonly { readonly points: Float64Array; readonly residual: Expression }[];
  /** Derivatives up to below these orders continue from end to end. */
  readonly periodic: readonly { readonly field: string; readonly orders: number }[];
  /** Highest derivative of each field outside integrals: so many conditions it needs. */
  readonly orders: ReadonlyMap<string, number>;
}

/** Whether integrals over fields stand in the equations or the conditions. */
export function holdsIntegrals({ equations, conditions }: Problem): boolean {
  return [...equations, ...conditions].some(
    (statement) => 'left' in statement && placedLeaves([statement.left, statement.right]).length > 0,
  );
}

/**
 * The problem with `factor` times the nodes in each integral, so that what quadrature leaves shows in the error
 * estimate.
 *
 * @throws NotSupportedError in words where it has another form
 */
export function integralForm(problem: Problem, factor: number): IntegralForm {
  if (problem.coordinates.length !== 1)
    throw new NotSupportedError('integrals over fields of several coordinates');
  const partwise = problem.equations.find((equation) => equation.where !== undefined);
  if (partwise !== undefined)
    throw new NotSupportedError('an equation that holds on a part of the domain', { path: partwise.path });
  const functions = new Map<string, Expression>();
  const own = scopeOf(problem);
  const inputs = givenInputs(problem);
  const fields = new Map([...own.fields, ...inputs.fields]);
  const scope: Scope = { ...own, fields, functions, quadratureFactor: factor };
  for (const [name, text] of Object.entries(problem.definition.functions ?? {}))
    functions.set(name, parseExpression(String(text), scope, `functions.${name}`));
  // Balances of flows are built, not written.
  const written = problem.definition.flows === undefined;
  const residual = (text: string, own: { left: Expression; right: Expression }, path: string, on: Scope) => {
    const { left, right } = written ? parseEquation(text, on, path) : own;
    return inputs.replaced(subtract(left, right));
  };
  const residuals = problem.equations.map((e) => residual(e.text, e, e.path, scope));
  const orders = new Map(
    problem.fields.map(({ name }): [string, number] => [
      name,
      fieldLeaves(residuals).reduce(
        (most, leaf) => (leaf.name === name && leaf.at === undefined ? Math.max(most, leaf.order[0]) : most),
        0,
      ),
    ]),
  );
  const conditions: { points: Float64Array; residual: Expression }[] = [];
  const periodic: { field: string; orders: number }[] = [];
  for (const condition of problem.conditions) {
    if (condition.kind === 'periodic') {
      for (const [name, order] of orders)
        periodic.push({ field: name, orders: Math.min(order, condition.order + 1) });
    } else if (condition.kind === 'points') {
      const own = residual(condition.text, condition, condition.path, scope);
      conditions.push({ points: condition.points, residual: own });
    } else if (condition.kind === 'planes') {
      const on = { ...scope, boundary: condition.planes.every(({ outward }) => outward !== 0) };
      const own = residual(condition.text, condition, condition.path, on);
      for (const { value, outward } of condition.planes)
        conditions.push({ points: Float64Array.of(value), residual: withNormal(own, outward) });
    } else
      throw new NotSupportedError('a condition of this kind beside an integral', { path: condition.path });
  }
  const needed = [...orders.values()].reduce((sum, order) => sum + order, 0);
  const given =
    conditions.reduce((sum, { points }) => sum + points.length, 0) +
    periodic.reduce((sum, { orders: count }) => sum + count, 0);
  if (given !== needed)
    throw new NotSupportedError(`${given} conditions where the equations' orders sum to ${needed}`);
  return { residuals, conditions, periodic, orders };
}

function withNormal(residual: Expression, outward: number): Expression {
  return substitute(
    residual,
    (leaf) => (leaf.kind === 'column' && leaf.name.startsWith('normal:') ? number(outward) : leaf),
    apply,
  );
}

/** The difference of a field's derivative at a point and at another one, as leaves of sides 0 and 1. */
export function continuation(name: string, order: number): Expression {
  return subtract(field(name, [order], [0], 0), field(name, [order], [0], 1));
}
