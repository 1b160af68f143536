import { apply, column } from '../../expression/build.ts';
import { type Expression, substitute } from '../../expression/expression.ts';

/** Columns of an interface condition's traces, told apart from those of other conditions at the same place. */
export function withOwnColumns(residual: Expression, path: string): Expression {
  return substitute(
    residual,
    (leaf) =>
      leaf.kind === 'column' && !leaf.name.startsWith('normal:') ? column(`${path}:${leaf.name}`) : leaf,
    apply,
  );
}
