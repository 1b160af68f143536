/** Fields that can have no unit, by where they stand. */
import type { Expression } from '../expression/expression.ts';
import type { Operation } from '../expression/operation.ts';
import type { Problem } from '../problem/problem.ts';

/** Functions whose argument is a pure number. */
const ofPureNumbers: ReadonlySet<Operation> = new Set<Operation>([
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'sinh',
  'cosh',
  'tanh',
  'exp',
  'log',
  'erf',
]);
/** They hand on the unit of what they are applied to. */
const linear: ReadonlySet<Operation> = new Set<Operation>(['add', 'subtract', 'negate']);

/**
 * Unknown fields that are added to the argument of an exponential or the like in an equation: u in exp(u), not in
 * exp(−k u). Terms of different size cannot tell how large such a field is; the function does: about 1.
 */
export function pureNumberFields({ fields, equations }: Pick<Problem, 'fields' | 'equations'>): Set<string> {
  const unknown = new Set(fields.filter((field) => field.unknown).map(({ name }) => name));
  const found = new Set<string>();
  const visit = (node: Expression, isArgument: boolean): void => {
    if (node.kind === 'field') {
      if (isArgument && unknown.has(node.name) && node.order.every((k) => k === 0)) found.add(node.name);
    } else if (node.kind === 'operation') {
      const inside = ofPureNumbers.has(node.operation) || (isArgument && linear.has(node.operation));
      for (const operand of node.operands) visit(operand, inside);
    }
  };
  if (unknown.size > 0)
    for (const { left, right } of equations) {
      visit(left, false);
      visit(right, false);
    }
  return found;
}
