import { partial } from '../expression/differentiate.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import { type Expression, type FieldNode, type Leaf, leavesOf } from '../expression/expression.ts';

/** Every distinct field leaf (field and derivative) of the expressions. */
export function fieldLeaves(expressions: readonly Expression[]): FieldNode[] {
  return leavesOf(expressions).filter((leaf): leaf is FieldNode => leaf.kind === 'field');
}

export interface ImpliedValue {
  readonly leaf: FieldNode;
  readonly value: number;
}

type KnownValue = (leaf: Exclude<Leaf, FieldNode>) => number;

/**
 * The value that residual = 0 gives to a field or derivative, where the residual is affine in exactly one
 * such leaf; undefined for any other form. What depends on the residual alone is done once: the returned
 * function may be called for many points.
 *
 * Its argument gives the values of coordinates, unknowns and columns.
 */
export function impliedValue(residual: Expression): (leafValue: KnownValue) => ImpliedValue | undefined {
  const candidates = fieldLeaves([residual]).map((leaf) => {
    const slope = partial(residual, leaf);
    return { leaf, slope, affine: fieldLeaves([slope]).length === 0 };
  });
  return (leafValue) => {
    const atZero = (leaf: Leaf): number => (leaf.kind === 'field' ? 0 : leafValue(leaf));
    const active = candidates.filter(({ slope, affine }) => !affine || evaluateScalar(slope, atZero) !== 0);
    if (active.length !== 1 || !active[0].affine) return undefined;
    const value = -evaluateScalar(residual, atZero) / evaluateScalar(active[0].slope, atZero);
    // + 0 for the sign of a zero
    return Number.isFinite(value) ? { leaf: active[0].leaf, value: value + 0 } : undefined;
  };
}
