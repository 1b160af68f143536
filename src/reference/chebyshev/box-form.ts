import { NotSupportedError } from '../../errors.ts';
import { apply, number, subtract } from '../../expression/build.ts';
import {
  type Expression,
  type FieldNode,
  leafKey,
  leavesOf,
  substitute,
} from '../../expression/expression.ts';
import { totalOrder } from '../../jet/multi-index.ts';
import type { Problem } from '../../problem/problem.ts';
import { fieldLeaves } from '../explicit-form.ts';

/** Where an expression vanishes: everywhere inside, on a plane, or at points. */
export interface BoxRow {
  readonly residual: Expression;
  /** Holds only where this is not zero. */
  readonly where: Expression | undefined;
  /** Highest derivative in it. */
  readonly order: number;
  readonly on:
    | { readonly kind: 'inside' }
    | { readonly kind: 'plane'; readonly coordinate: number; readonly value: number }
    | { readonly kind: 'points'; readonly points: Float64Array };
}

/** Equations and conditions on a box, all coordinates alike. */
export interface BoxForm {
  readonly rows: readonly BoxRow[];
  readonly periodic: ReadonlySet<number>;
  /** Derivatives of fields in any of the rows. */
  readonly derivatives: readonly FieldNode[];
}

/** @throws NotSupportedError in words where the problem is not of that kind */
export function boxForm(problem: Problem, p: Float64Array): BoxForm {
  const rows: BoxRow[] = [];
  const periodic = new Set<number>();
  const add = (residual: Expression, on: BoxRow['on'], where?: Expression): void => {
    const order = Math.max(0, ...fieldLeaves([residual]).map((leaf) => totalOrder(leaf.order)));
    rows.push({ residual, where, order, on });
  };
  const withUnknowns = (expression: Expression, outward?: { coordinate: number; sign: number }): Expression =>
    substitute(
      expression,
      (leaf) => {
        if (leaf.kind === 'unknown')
          return number(p[problem.unknowns.findIndex(({ name }) => name === leaf.name)]);
        if (leaf.kind !== 'column' || outward === undefined || !leaf.name.startsWith('normal:')) return leaf;
        const across = leaf.name === `normal:${problem.coordinates[outward.coordinate].name}`;
        return number(across ? outward.sign : 0);
      },
      apply,
    );
  for (const { left, right, where } of problem.equations)
    add(withUnknowns(subtract(left, right)), { kind: 'inside' }, where && withUnknowns(where));
  for (const condition of problem.conditions) {
    if (condition.kind === 'periodic') {
      periodic.add(condition.coordinate);
      continue;
    }
    if (condition.kind === 'points') {
      const residual = withUnknowns(subtract(condition.left, condition.right));
      add(residual, { kind: 'points', points: condition.points });
      continue;
    }
    if (condition.kind !== 'planes')
      throw new NotSupportedError('a condition on a part of a geometry', {
        path: (condition as { path: string }).path,
      });
    for (const { coordinate, value, outward } of condition.planes) {
      const residual = withUnknowns(subtract(condition.left, condition.right), { coordinate, sign: outward });
      add(residual, { kind: 'plane', coordinate, value });
    }
  }
  const derivatives = fieldLeaves(rows.map(({ residual }) => residual));
  const odd = leavesOf(rows.map(({ residual }) => residual)).find(
    (leaf) => leaf.kind === 'column' || (leaf.kind === 'field' && leaf.side !== 0),
  );
  if (odd !== undefined) throw new NotSupportedError(`${leafKey(odd)} has no value in a classical reference`);
  return { rows, periodic, derivatives };
}
