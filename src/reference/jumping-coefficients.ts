/** Whether coefficients or sources jump inside the domain, where global polynomials do not follow. */
import type { Expression } from '../expression/expression.ts';
import { fieldLeaves } from '../problem/implied-value.ts';
import type { Problem } from '../problem/problem.ts';

const stepwise: ReadonlySet<string> = new Set(['floor', 'sign', 'less', 'lessEqual', 'equal']);

/** Whether an equation holds a step in the coordinates alone. */
export function hasJumpingCoefficients({ equations }: Pick<Problem, 'equations'>): boolean {
  const seen = new Set<Expression>();
  const holds = (node: Expression): boolean => {
    if (node.kind !== 'operation' || seen.has(node)) return false;
    seen.add(node);
    if (stepwise.has(node.operation) && fieldLeaves([node]).length === 0) return true;
    return node.operands.some(holds);
  };
  return equations.some(({ left, right }) => holds(left) || holds(right));
}
