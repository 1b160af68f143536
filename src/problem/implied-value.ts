import { partial } from '../expression/differentiate.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import { type Expression, type FieldNode, type Leaf, leavesOf } from '../expression/expression.ts';

/** Every distinct field leaf (field and derivative) of the expressions. */
export function fieldLeaves(expressions: readonly Expression[]): FieldNode[] {
  return leavesOf(expressions).filter((leaf): leaf is FieldNode => leaf.kind === 'field');
}

/**
 * The value that residual = 0 gives to a field or derivative, where the residual is affine in exactly one
 * such leaf; undefined for any other form.
 *
 * @param leafValue  values of coordinates, unknowns and columns
 */
export function impliedValue(
  residual: Expression,
  leafValue: (leaf: Exclude<Leaf, FieldNode>) => number,
): { readonly leaf: FieldNode; readonly value: number } | undefined {
  const atZero = (leaf: Leaf): number => (leaf.kind === 'field' ? 0 : leafValue(leaf));
  const active = fieldLeaves([residual])
    .map((leaf) => ({ leaf, slope: partial(residual, leaf) }))
    .filter(({ slope }) => fieldLeaves([slope]).length > 0 || evaluateScalar(slope, atZero) !== 0);
  if (active.length !== 1 || fieldLeaves([active[0].slope]).length > 0) return undefined;
  const value = -evaluateScalar(residual, atZero) / evaluateScalar(active[0].slope, atZero);
  return Number.isFinite(value) ? { leaf: active[0].leaf, value } : undefined;
}
