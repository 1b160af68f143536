/** The two sides of an interface: what an expression is just beyond it. */
import { apply, column, subtract } from './build.ts';
import { type Expression, substitute } from './expression.ts';

/** The column that stands for a coordinate just beyond an interface. */
export function coordinateBeyond(name: string): string {
  return `beyond:${name}`;
}

/**
 * The expression beyond the interface minus the expression before it: fields there are those of side 1, coordinates
 * the columns {@link coordinateBeyond}.
 */
export function jumpOf(expression: Expression): Expression {
  const beyond = substitute(
    expression,
    (leaf) => {
      if (leaf.kind === 'coordinate') return column(coordinateBeyond(leaf.name));
      return leaf.kind === 'field' && leaf.side === 0 ? { ...leaf, side: 1 } : leaf;
    },
    apply,
  );
  return subtract(beyond, expression);
}
