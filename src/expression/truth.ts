/** Which expressions are conditions: true or false, as 1 or 0. */
import type { Expression } from './expression.ts';

/**
 * Whether the expression is 1 or 0 wherever it has a value: comparisons, what logic makes of them, products of
 * them as in indicators of regions.
 */
export function isTruthValue(expression: Expression): boolean {
  if (expression.kind === 'number') return expression.value === 0 || expression.value === 1;
  if (expression.kind !== 'operation') return false;
  const { operation, operands } = expression;
  switch (operation) {
    case 'less':
    case 'lessEqual':
    case 'equal':
    case 'not':
      return true;
    case 'multiply':
    case 'max':
    case 'min':
      return operands.every(isTruthValue);
    case 'subtract':
      return operands[0].kind === 'number' && operands[0].value === 1 && isTruthValue(operands[1]);
    case 'select':
      return operands.slice(1).every(isTruthValue);
    default:
      return false;
  }
}
