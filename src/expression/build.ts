/**
 * Constructors of expression nodes that simplify a little as they build: constants are folded where the
 * result is finite, 0 and 1 disappear, numeric coefficients are gathered at the front of products. No rule
 * turns an undefined constant such as 1/0 or log(0) into a value: such nodes stay, see {@link isUndefined}.
 */
import type { MultiIndex } from '../jet/multi-index.ts';
import { totalOrder, zeroMultiIndex } from '../jet/multi-index.ts';
import type {
  ColumnNode,
  CoordinateNode,
  Expression,
  FieldNode,
  NumberNode,
  Place,
  UnknownNode,
} from './expression.ts';
import { elsewhere, leafKey } from './expression.ts';
import type { Operation } from './operation.ts';
import { operationValue } from './operation-value.ts';

export function number(value: number): NumberNode {
  return { kind: 'number', value: value === 0 ? 0 : value };
}

export const zero: NumberNode = number(0);
export const one: NumberNode = number(1);

export function coordinate(name: string, index: number): CoordinateNode {
  return { kind: 'coordinate', name, index };
}

export function unknown(name: string): UnknownNode {
  return { kind: 'unknown', name };
}

export function column(name: string): ColumnNode {
  return { kind: 'column', name };
}

/**
 * The derivative ∂^order of a field; zero where it derives along a coordinate that is not among `of`.
 *
 * @param at  where it is taken, if not at the point itself
 */
export function field(
  name: string,
  order: MultiIndex,
  of: readonly number[],
  side = 0,
  at?: Place,
): FieldNode | NumberNode {
  if (totalOrder(order) > 0 && order.some((k, i) => k > 0 && !of.includes(i))) return zero;
  const own = at && placeOf(at, of);
  return own === undefined
    ? { kind: 'field', name, order, of, side: Math.max(0, side) }
    : { kind: 'field', name, order, of, side: elsewhere, at: own };
}

/** The place as far as a field depends on it; undefined for the point itself. */
function placeOf(at: Place, of: readonly number[]): Place | undefined {
  const idle = (entry: Expression | null, i: number): boolean =>
    entry !== null && (!of.includes(i) || (entry.kind === 'coordinate' && entry.index === i));
  const own = at.some(idle) ? at.map((entry, i) => (idle(entry, i) ? null : entry)) : at;
  return own.every((entry) => entry === null) ? undefined : own;
}

/** The field itself, undifferentiated, among `dimension` coordinates. */
export function fieldValue(name: string, dimension: number, of: readonly number[], side = 0): FieldNode {
  return { kind: 'field', name, order: zeroMultiIndex(dimension), of, side };
}

const undefinedNodes = new WeakSet<Expression>();

/** Whether the expression is a constant without a finite real value (log(0), sqrt(-1)) or a quotient by 0. */
export function isUndefined(expression: Expression): boolean {
  return undefinedNodes.has(expression);
}

/** Builds a node of the operation, simplified. */
export function apply(operation: Operation, operands: readonly Expression[]): Expression {
  const [a, b, c] = operands;
  switch (operation) {
    case 'add':
      return add(a, b);
    case 'subtract':
      return subtract(a, b);
    case 'multiply':
      return multiply(a, b);
    case 'divide':
      return divide(a, b);
    case 'power':
      return power(a, b);
    case 'negate':
      return negate(a);
    case 'select':
      if (a.kind === 'number') return a.value !== 0 ? b : c;
      if (b === c || (b.kind === 'number' && c.kind === 'number' && b.value === c.value)) return b;
      return node(operation, operands);
    default:
      return node(operation, operands);
  }
}

export function add(a: Expression, b: Expression): Expression {
  if (isZero(a)) return b;
  if (isZero(b)) return a;
  if (isNegate(b)) return subtract(a, b.operands[0]);
  if (isNegate(a)) return subtract(b, a.operands[0]);
  if (isSame(a, b)) return multiply(number(2), a);
  return node('add', [a, b]);
}

export function subtract(a: Expression, b: Expression): Expression {
  if (isZero(b)) return a;
  if (isZero(a)) return negate(b);
  if (isNegate(b)) return add(a, b.operands[0]);
  if (isSame(a, b)) return zero;
  return node('subtract', [a, b]);
}

export function negate(a: Expression): Expression {
  const { coefficient, rest } = coefficientOf(a);
  return scale(-coefficient, rest);
}

export function multiply(a: Expression, b: Expression): Expression {
  if (a.kind === 'number' && b.kind === 'number') return node('multiply', [a, b]);
  const left = coefficientOf(a);
  const right = coefficientOf(b);
  const coefficient = left.coefficient * right.coefficient;
  if (!merges(coefficient, left.coefficient, right.coefficient)) return node('multiply', [a, b]);
  if (isUndefined(a) || isUndefined(b)) return node('multiply', [a, b]);
  return scale(coefficient, productOfRests(left.rest, right.rest));
}

export function divide(a: Expression, b: Expression): Expression {
  if (isZero(b) || isUndefined(a) || isUndefined(b)) return undefinedNode('divide', [a, b]);
  if (a.kind === 'number' && b.kind === 'number') return node('divide', [a, b]);
  if (isZero(a)) return zero;
  const top = coefficientOf(a);
  const bottom = coefficientOf(b);
  const coefficient = top.coefficient / bottom.coefficient;
  if (!merges(coefficient, top.coefficient, 1 / bottom.coefficient)) return node('divide', [a, b]);
  if (isOne(bottom.rest)) return scale(coefficient, top.rest);
  return scale(coefficient, node('divide', [top.rest, bottom.rest]));
}

export function power(a: Expression, b: Expression): Expression {
  if (isUndefined(a) || isUndefined(b)) return node('power', [a, b]);
  if (b.kind === 'number') {
    if (b.value === 0) return one;
    if (b.value === 1) return a;
    if (a.kind === 'number') return node('power', [a, b]);
    if (b.value === -1) return divide(one, a);
    if (a.kind === 'operation' && a.operation === 'power' && Number.isInteger(b.value)) {
      const inner = a.operands[1];
      if (inner.kind === 'number' && Number.isInteger(inner.value)) {
        return power(a.operands[0], number(inner.value * b.value));
      }
    }
  } else if (a.kind === 'number') {
    if (a.value === 1) return one;
    if (a.value === Math.E) return node('exp', [b]);
  }
  return node('power', [a, b]);
}

export function sum(terms: readonly Expression[]): Expression {
  return terms.reduce(add, zero);
}

export function product(factors: readonly Expression[]): Expression {
  return factors.reduce(multiply, one);
}

/**
 * The additive terms of an expression, signs and numeric factors carried into them; products of sums are
 * not expanded. Their sum is the expression; the constant 0 has no terms.
 */
export function termsOf(expression: Expression): Expression[] {
  const terms: Expression[] = [];
  const visit = (part: Expression, factor: number): void => {
    if (part.kind === 'operation') {
      const [a, b] = part.operands;
      switch (part.operation) {
        case 'add':
        case 'subtract':
          visit(a, factor);
          visit(b, part.operation === 'add' ? factor : -factor);
          return;
        case 'negate':
          visit(a, -factor);
          return;
        case 'multiply':
          if (a.kind === 'number') visit(b, factor * a.value);
          else if (b.kind === 'number') visit(a, factor * b.value);
          else break;
          return;
        case 'divide':
          if (b.kind !== 'number' || b.value === 0) break;
          visit(a, factor / b.value);
          return;
      }
    }
    const term = multiply(number(factor), part);
    if (!isZero(term)) terms.push(term);
  };
  visit(expression, 1);
  return terms;
}

/** Splits off the numeric factor: the expression is coefficient · rest, and a number has the rest 1. */
export function coefficientOf(term: Expression): { coefficient: number; rest: Expression } {
  if (term.kind === 'number') return { coefficient: term.value, rest: one };
  if (term.kind === 'operation' && !isUndefined(term)) {
    const [a, b] = term.operands;
    if (term.operation === 'negate') {
      const inner = coefficientOf(a);
      return { coefficient: -inner.coefficient, rest: inner.rest };
    }
    if (term.operation === 'multiply' && a.kind === 'number') return { coefficient: a.value, rest: b };
    if (term.operation === 'divide' && a.kind === 'number' && a.value !== 1) {
      return { coefficient: a.value, rest: node('divide', [one, b]) };
    }
  }
  return { coefficient: 1, rest: term };
}

/** Whether the value is 0 or 1 by the operations it comes from: comparisons, logic, products as in indicators of regions. */
export function isLogical(expression: Expression): boolean {
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
      return operands.every(isLogical);
    case 'subtract':
      return isOne(operands[0]) && isLogical(operands[1]);
    case 'select':
      return operands.slice(1).every(isLogical);
    default:
      return false;
  }
}

export function isZero(expression: Expression): boolean {
  return expression.kind === 'number' && expression.value === 0;
}

export function isOne(expression: Expression): boolean {
  return expression.kind === 'number' && expression.value === 1;
}

/** coefficient · rest, where rest has no numeric factor of its own. */
function scale(coefficient: number, rest: Expression): Expression {
  if (isOne(rest)) return number(coefficient);
  if (coefficient === 1) return rest;
  if (isUndefined(rest)) return undefinedNode('multiply', [number(coefficient), rest]);
  if (coefficient === 0) return zero;
  if (coefficient === -1) return node('negate', [rest]);
  if (rest.kind === 'operation' && rest.operation === 'divide' && isOne(rest.operands[0])) {
    return node('divide', [number(coefficient), rest.operands[1]]);
  }
  return node('multiply', [number(coefficient), rest]);
}

function productOfRests(a: Expression, b: Expression): Expression {
  if (isOne(a)) return b;
  if (isOne(b)) return a;
  if (isReciprocal(a)) return node('divide', [b, a.operands[1]]);
  if (isReciprocal(b)) return node('divide', [a, b.operands[1]]);
  return node('multiply', [a, b]);
}

/** Two factors merge unless their product leaves the range of normal numbers that both are in. */
function merges(result: number, a: number, b: number): boolean {
  if (a === 0 || b === 0) return Number.isFinite(a) && Number.isFinite(b);
  return Number.isFinite(result) && Number.isFinite(b) && Math.abs(result) > 1e-290;
}

/** The node as it stands, or its value where every operand is a number and the value is finite. */
function node(operation: Operation, operands: readonly Expression[]): Expression {
  const values: number[] = [];
  let constant = true;
  for (const operand of operands) {
    if (operand.kind === 'number') values.push(operand.value);
    else if (!isUndefined(operand)) constant = false;
  }
  if (!constant) return { kind: 'operation', operation, operands };
  if (values.length === operands.length) {
    const value = operationValue(operation, values[0], values[1], values[2]);
    if (Number.isFinite(value)) return number(value);
  }
  return undefinedNode(operation, operands);
}

function undefinedNode(operation: Operation, operands: readonly Expression[]): Expression {
  const result: Expression = { kind: 'operation', operation, operands };
  undefinedNodes.add(result);
  return result;
}

function isNegate(expression: Expression): expression is Expression & { kind: 'operation' } {
  return expression.kind === 'operation' && expression.operation === 'negate';
}

function isReciprocal(expression: Expression): expression is Expression & { kind: 'operation' } {
  return (
    expression.kind === 'operation' && expression.operation === 'divide' && isOne(expression.operands[0])
  );
}

function isSame(a: Expression, b: Expression): boolean {
  if (a.kind === 'number' || b.kind === 'number' || isUndefined(a)) return false;
  if (a === b) return true;
  return a.kind !== 'operation' && b.kind !== 'operation' && leafKey(a) === leafKey(b);
}
