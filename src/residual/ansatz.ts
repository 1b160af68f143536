/** Fields that are more than a network's output: expressions in coordinates and in the outputs of networks. */
import { apply, coordinate } from '../expression/build.ts';
import { differentiate } from '../expression/differentiate.ts';
import { type Expression, type FieldNode, substitute } from '../expression/expression.ts';
import { multiIndexKey } from '../jet/multi-index.ts';

/**
 * By field; in the user's coordinates and units. A field that stands in its own expression is the output of the
 * network of that name.
 */
export type Ansatz = ReadonlyMap<string, Expression>;

/** The expression in the outputs of networks; derivatives of fields become those of their expressions. */
export function throughAnsatz(expression: Expression, ansatz: Ansatz): Expression {
  const derivatives = new Map<string, Expression>();
  const derivativeOf = (leaf: FieldNode, of: Expression): Expression => {
    const key = `${leaf.name} ${multiIndexKey(leaf.order)}`;
    let result = derivatives.get(key) ?? of;
    if (!derivatives.has(key))
      leaf.order.forEach((k, i) => {
        for (let n = 0; n < k; n++) result = differentiate(result, i);
      });
    derivatives.set(key, result);
    return result;
  };
  return substitute(
    expression,
    (leaf) => {
      const own = leaf.kind === 'field' ? ansatz.get(leaf.name) : undefined;
      if (leaf.kind !== 'field' || own === undefined) return leaf;
      return movedTo(derivativeOf(leaf, own), leaf);
    },
    apply,
  );
}

/** The expression where the leaf is taken: on its side, at its place. */
function movedTo(expression: Expression, { side, at }: FieldNode): Expression {
  if (side === 0 && at === undefined) return expression;
  return substitute(
    expression,
    (leaf) => {
      if (leaf.kind === 'coordinate') return at?.[leaf.index] ?? coordinate(leaf.name, leaf.index);
      return leaf.kind === 'field' ? { ...leaf, side, ...(at === undefined ? {} : { at }) } : leaf;
    },
    apply,
  );
}
