import { erf as mathjsErf } from 'mathjs/number';
import type { Operation } from './operation.ts';

/** The error function, to double precision (Cody's rational approximations). */
export function erf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  return mathjsErf(x);
}

/** The value of one operation on numbers; operands that it does not take are ignored. */
export function operationValue(operation: Operation, a: number, b = 0, c = 0): number {
  switch (operation) {
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b;
    case 'divide':
      return a / b;
    case 'power':
      return a ** b;
    case 'negate':
      return -a;
    case 'sin':
      return Math.sin(a);
    case 'cos':
      return Math.cos(a);
    case 'tan':
      return Math.tan(a);
    case 'asin':
      return Math.asin(a);
    case 'acos':
      return Math.acos(a);
    case 'atan':
      return Math.atan(a);
    case 'atan2':
      return Math.atan2(a, b);
    case 'sinh':
      return Math.sinh(a);
    case 'cosh':
      return Math.cosh(a);
    case 'tanh':
      return Math.tanh(a);
    case 'exp':
      return Math.exp(a);
    case 'log':
      return Math.log(a);
    case 'sqrt':
      return Math.sqrt(a);
    case 'abs':
      return Math.abs(a);
    case 'sign':
      return Math.sign(a);
    case 'erf':
      return erf(a);
    case 'floor':
      return Math.floor(a);
    case 'max':
      return Math.max(a, b);
    case 'min':
      return Math.min(a, b);
    case 'less':
      return a < b ? 1 : 0;
    case 'lessEqual':
      return a <= b ? 1 : 0;
    case 'equal':
      return a === b ? 1 : 0;
    case 'not':
      return a === 0 ? 1 : 0;
    case 'select':
      return a !== 0 ? b : c;
  }
}
