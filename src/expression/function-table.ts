/** The functions of the language, each lowered to the operations of the expression graph. */
import {
  add,
  apply,
  divide,
  isLogical,
  multiply,
  negate,
  number,
  one,
  power,
  product,
  subtract,
  zero,
} from './build.ts';
import type { Expression } from './expression.ts';
import type { Operation } from './operation.ts';

export interface FunctionEntry {
  /** Fewest and most arguments. */
  readonly arguments: readonly [number, number];
  readonly build: (...operands: Expression[]) => Expression;
}

const square = (x: Expression): Expression => power(x, number(2));
const sqrt = (x: Expression): Expression => apply('sqrt', [x]);
const log = (x: Expression): Expression => apply('log', [x]);
const sign = (x: Expression): Expression => apply('sign', [x]);
const abs = (x: Expression): Expression => apply('abs', [x]);
const floor = (x: Expression): Expression => apply('floor', [x]);
const ceil = (x: Expression): Expression => negate(floor(negate(x)));
const isNegative = (x: Expression): Expression => apply('less', [x, zero]);
const select = (condition: Expression, a: Expression, b: Expression): Expression =>
  apply('select', [condition, a, b]);

/** The real root of odd order 2k + 1, negative for a negative number. */
const oddRoot = (x: Expression, order: number): Expression =>
  multiply(sign(x), power(abs(x), number(1 / order)));

/** Each sign of x has the branch whose logarithm does not cancel. */
function asinh(x: Expression): Expression {
  const root = sqrt(add(square(x), one));
  return select(isNegative(x), negate(log(subtract(root, x))), log(add(x, root)));
}

function nthRoot(x: Expression, n: Expression): Expression {
  if (n.kind === 'number' && Number.isInteger(n.value) && n.value % 2 !== 0) return oddRoot(x, n.value);
  return power(x, divide(one, n));
}

const plain = (operation: Operation): FunctionEntry => ({
  arguments: [1, 1],
  build: (x) => apply(operation, [x]),
});
const unary = (build: (x: Expression) => Expression): FunctionEntry => ({ arguments: [1, 1], build });
const binary = (build: (x: Expression, y: Expression) => Expression): FunctionEntry => ({
  arguments: [2, 2],
  build,
});
const many = (operation: Operation): FunctionEntry => ({
  arguments: [1, Number.POSITIVE_INFINITY],
  build: (...operands) => operands.reduce((a, b) => apply(operation, [a, b])),
});

export const functions: ReadonlyMap<string, FunctionEntry> = new Map<string, FunctionEntry>([
  ...(
    [
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
      'sqrt',
      'abs',
      'sign',
    ] as const
  ).map((name): [string, FunctionEntry] => [name, plain(name)]),
  ['erf', plain('erf')],
  ['floor', plain('floor')],
  ['max', many('max')],
  ['min', many('min')],
  ['atan2', binary((y, x) => apply('atan2', [y, x]))],
  ['sec', unary((x) => divide(one, apply('cos', [x])))],
  ['csc', unary((x) => divide(one, apply('sin', [x])))],
  ['cot', unary((x) => divide(apply('cos', [x]), apply('sin', [x])))],
  ['sech', unary((x) => divide(one, apply('cosh', [x])))],
  ['csch', unary((x) => divide(one, apply('sinh', [x])))],
  ['coth', unary((x) => divide(one, apply('tanh', [x])))],
  ['asinh', unary(asinh)],
  ['acosh', unary((x) => log(add(x, sqrt(subtract(square(x), one)))))],
  ['atanh', unary((x) => multiply(number(0.5), log(divide(add(one, x), subtract(one, x)))))],
  // e^x − 1 = 2 sinh(x/2) e^(x/2) keeps its digits near 0
  [
    'expm1',
    unary((x) => {
      const half = multiply(number(0.5), x);
      return multiply(number(2), multiply(apply('sinh', [half]), apply('exp', [half])));
    }),
  ],
  [
    'log',
    { arguments: [1, 2], build: (x, base) => (base === undefined ? log(x) : divide(log(x), log(base))) },
  ],
  ['ln', unary(log)],
  ['log2', unary((x) => divide(log(x), number(Math.LN2)))],
  ['log10', unary((x) => divide(log(x), number(Math.LN10)))],
  ['log1p', unary((x) => log(add(one, x)))],
  ['cbrt', unary((x) => oddRoot(x, 3))],
  ['nthRoot', { arguments: [1, 2], build: (x, n) => (n === undefined ? sqrt(x) : nthRoot(x, n)) }],
  ['square', unary(square)],
  ['cube', unary((x) => power(x, number(3)))],
  ['pow', binary(power)],
  ['hypot', { arguments: [1, Number.POSITIVE_INFINITY], build: (...xs) => sqrt(xs.map(square).reduce(add)) }],
  ['ceil', unary(ceil)],
  ['fix', unary((x) => select(isNegative(x), ceil(x), floor(x)))],
  // halves round away from zero
  ['round', unary((x) => multiply(sign(x), floor(add(abs(x), number(0.5)))))],
  ['mod', binary(modulo)],
  // 1/2 at the jump
  ['heaviside', unary((x) => add(number(0.5), multiply(number(0.5), sign(x))))],
]);

/** x − y floor(x/y): it has the sign of y. */
export function modulo(x: Expression, y: Expression): Expression {
  return subtract(x, multiply(y, floor(divide(x, y))));
}

const not = (x: Expression): Expression => apply('not', [x]);
const truth = (x: Expression): Expression => (isLogical(x) ? x : not(not(x)));

/** The operators between values, by the names that mathjs gives them. */
export const operators: ReadonlyMap<string, (...operands: Expression[]) => Expression> = new Map<
  string,
  (...operands: Expression[]) => Expression
>([
  ['add', add],
  ['subtract', subtract],
  ['multiply', multiply],
  ['divide', divide],
  ['pow', power],
  ['unaryMinus', negate],
  ['unaryPlus', (x) => x],
  ['mod', modulo],
  ['smaller', (a, b) => apply('less', [a, b])],
  ['smallerEq', (a, b) => apply('lessEqual', [a, b])],
  ['larger', (a, b) => apply('less', [b, a])],
  ['largerEq', (a, b) => apply('lessEqual', [b, a])],
  ['equal', (a, b) => apply('equal', [a, b])],
  ['unequal', (a, b) => not(apply('equal', [a, b]))],
  ['not', not],
  ['and', (a, b) => product([truth(a), truth(b)])],
  ['or', (a, b) => not(multiply(not(a), not(b)))],
  ['xor', (a, b) => not(apply('equal', [truth(a), truth(b)]))],
]);
