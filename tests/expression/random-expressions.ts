import fc from 'fast-check';
import { column, coordinate, fieldValue, number, unknown } from '../../src/expression/build.ts';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import type { Expression, Leaf } from '../../src/expression/expression.ts';
import type { Operation } from '../../src/expression/operation.ts';

export const x = coordinate('x', 0);
export const t = coordinate('t', 1);
export const a = unknown('a');
export const w = column('w');
export const u = fieldValue('u', 2, [0, 1]);
export const s = fieldValue('s', 2, [1]);

/** A node as it is, unsimplified. */
export const raw = (operation: Operation, ...operands: Expression[]): Expression => ({
  kind: 'operation',
  operation,
  operands,
});

const leaf = fc.oneof(
  fc.constantFrom<Expression>(x, t, a, w, u, s),
  fc.constantFrom(0, 1, -1, 2, 3, 0.5, -2.5).map<Expression>(number),
);

/** Unsimplified trees, smooth but for `abs`, `max` and a comparison of leaves. */
export const randomExpression: fc.Arbitrary<Expression> = fc.letrec<{ tree: Expression }>((tie) => {
  const sub = tie('tree');
  return {
    tree: fc.oneof(
      { maxDepth: 5, depthIdentifier: 'tree' },
      leaf,
      fc
        .tuple(fc.constantFrom<Operation>('add', 'subtract', 'multiply', 'multiply', 'divide'), sub, sub)
        .map(([operation, p, q]) => raw(operation, p, q)),
      fc
        .tuple(fc.constantFrom<Operation>('negate', 'sin', 'cos', 'tanh', 'atan', 'abs', 'erf', 'exp'), sub)
        .map(([operation, p]) => raw(operation, p)),
      fc.tuple(sub, fc.constantFrom(0, 1, 2, 3, -1)).map(([p, n]) => raw('power', p, number(n))),
      fc.tuple(sub, sub).map(([p, q]) => raw('max', p, q)),
      fc.tuple(leaf, leaf, sub, sub).map(([p, q, r, v]) => raw('select', raw('less', p, q), r, v)),
    ),
  };
}).tree;

/** Values of the leaves at a point: u = e^(0.3x) sin(0.7t + 0.2) and s = cos(0.9t), with their derivatives. */
export function leafValue(px: number, pt: number): (node: Leaf) => number {
  return (node) => {
    if (node.kind === 'coordinate') return node.index === 0 ? px : pt;
    if (node.kind === 'unknown') return 0.83;
    if (node.kind === 'column') return -1.37;
    const [i, j] = node.order;
    if (node.name === 'u') {
      return 0.3 ** i * Math.exp(0.3 * px) * 0.7 ** j * Math.sin(0.7 * pt + 0.2 + (j * Math.PI) / 2);
    }
    return i > 0 ? 0 : 0.9 ** j * Math.cos(0.9 * pt + (j * Math.PI) / 2);
  };
}

/** The value, or NaN where the expression is badly conditioned: a huge part, a divisor or power near 0. */
export function tameValue(expression: Expression, px: number, pt: number): number {
  const at = leafValue(px, pt);
  const visit = (node: Expression): number => {
    if (node.kind !== 'operation') return evaluateScalar(node, at);
    const values = node.operands.map(visit);
    if (values.some((value) => !(Math.abs(value) < 1e3))) return Number.NaN;
    if (node.operation === 'divide' && Math.abs(values[1]) < 0.05) return Number.NaN;
    if (node.operation === 'power' && values[1] < 0 && Math.abs(values[0]) < 0.05) return Number.NaN;
    return evaluateScalar({ ...node, operands: values.map(number) }, at);
  };
  return visit(expression);
}
