/** Where given functions are not smooth: what is built into a solution hands its kinks on to the equations. */
import { subtract } from '../../expression/build.ts';
import type { Expression, OperationNode } from '../../expression/expression.ts';
import type { Problem } from '../problem.ts';
import { valuesAt } from './samples.ts';

/** The expression at whose change of sign the operation has a kink or a jump. */
function switchOf({ operation, operands: [a, b] }: OperationNode): Expression | undefined {
  switch (operation) {
    case 'abs':
    case 'sign':
      return a;
    case 'max':
    case 'min':
    case 'less':
    case 'lessEqual':
    case 'equal':
      return subtract(a, b);
    default:
      return undefined;
  }
}

/** The name of an operation that has a kink or a jump at one of the points or between them; undefined for none. */
export function kinkOf(
  expression: Expression,
  points: readonly (readonly number[])[],
  problem: Problem,
): string | undefined {
  const seen = new Set<Expression>();
  const visit = (node: Expression): string | undefined => {
    if (node.kind !== 'operation' || seen.has(node)) return undefined;
    seen.add(node);
    const argument = node.operation === 'floor' ? undefined : switchOf(node);
    if (argument !== undefined) {
      const values = valuesAt(argument, points, problem);
      if (Math.min(...values) < 0 && Math.max(...values) > 0) return node.operation;
    }
    if (node.operation === 'floor') {
      const values = valuesAt(node, points, problem);
      if (Math.min(...values) !== Math.max(...values)) return node.operation;
    }
    for (const operand of node.operands) {
      const found = visit(operand);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return visit(expression);
}
