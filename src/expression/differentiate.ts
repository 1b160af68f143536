/** Symbolic differentiation of expression graphs; what is shared in the graph stays shared. */
import { addMultiIndex, unitMultiIndex } from '../jet/multi-index.ts';
import {
  add,
  apply,
  divide,
  field,
  isZero,
  multiply,
  negate,
  number,
  one,
  power,
  subtract,
  sum,
  zero,
} from './build.ts';
import type { Expression, Leaf, OperationNode } from './expression.ts';
import { leafKey } from './expression.ts';

/**
 * The total derivative along a coordinate, by its position among the problem's coordinates. Fields raise
 * their order, or vanish where they do not depend on it, and where their place depends on it they follow the chain
 * rule; columns and unknowns are constants.
 */
export function differentiate(expression: Expression, coordinate: number): Expression {
  return chain(expression, (leaf) => {
    switch (leaf.kind) {
      case 'coordinate':
        return leaf.index === coordinate ? one : zero;
      case 'field':
        return sum(
          leaf.of.map((i) => {
            const moved = leaf.at?.[i] ?? null;
            const slope = moved === null ? (i === coordinate ? one : zero) : differentiate(moved, coordinate);
            if (isZero(slope)) return zero;
            const order = addMultiIndex(leaf.order, unitMultiIndex(leaf.order.length, i));
            return multiply(slope, field(leaf.name, order, leaf.of, leaf.side, leaf.at));
          }),
        );
      default:
        return zero;
    }
  });
}

/** The partial derivative with respect to one leaf; every other leaf is held constant. */
export function partial(expression: Expression, leaf: Leaf): Expression {
  const key = leafKey(leaf);
  return chain(expression, (other) => (leafKey(other) === key ? one : zero));
}

function chain(expression: Expression, ofLeaf: (leaf: Leaf) => Expression): Expression {
  const done = new Map<Expression, Expression>();
  const visit = (node: Expression): Expression => {
    if (node.kind === 'number') return zero;
    const known = done.get(node);
    if (known !== undefined) return known;
    const result = node.kind === 'operation' ? ofOperation(node, node.operands.map(visit)) : ofLeaf(node);
    done.set(node, result);
    return result;
  };
  return visit(expression);
}

/** The derivative of an operation from those of its operands. */
function ofOperation(node: OperationNode, derivatives: readonly Expression[]): Expression {
  if (derivatives.every(isZero)) return zero;
  const [a, b] = node.operands;
  const [da, db] = derivatives;
  switch (node.operation) {
    case 'add':
      return add(da, db);
    case 'subtract':
      return subtract(da, db);
    case 'negate':
      return negate(da);
    case 'multiply':
      return add(multiply(da, b), multiply(a, db));
    case 'divide':
      if (isZero(db)) return divide(da, b);
      return subtract(divide(da, b), divide(multiply(a, db), power(b, number(2))));
    case 'power':
      return ofPower(node, da, db);
    case 'atan2': {
      const radius = add(power(a, number(2)), power(b, number(2)));
      return divide(subtract(multiply(b, da), multiply(a, db)), radius);
    }
    case 'max':
      return apply('select', [apply('less', [a, b]), db, da]);
    case 'min':
      return apply('select', [apply('less', [b, a]), db, da]);
    case 'select':
      return apply('select', [a, db, derivatives[2]]);
    default:
      return multiply(slope(node), da);
  }
}

/** d(a^b) = b a^(b−1) da + a^b log(a) db; at a = 0 the second term takes its limit 0 for b > 0. */
function ofPower(node: OperationNode, da: Expression, db: Expression): Expression {
  const [a, b] = node.operands;
  const terms: Expression[] = [];
  if (!isZero(da)) terms.push(multiply(multiply(b, power(a, subtract(b, one))), da));
  if (!isZero(db)) {
    const growth = multiply(multiply(apply('log', [a]), node), db);
    terms.push(a.kind === 'number' && a.value > 0 ? growth : whereNonzero(a, growth));
  }
  return sum(terms);
}

function whereNonzero(a: Expression, value: Expression): Expression {
  return apply('select', [apply('equal', [a, zero]), zero, value]);
}

/** The derivative of an operation of one operand with respect to it. */
function slope(node: OperationNode): Expression {
  const a = node.operands[0];
  const square = (x: Expression): Expression => power(x, number(2));
  switch (node.operation) {
    case 'sin':
      return apply('cos', [a]);
    case 'cos':
      return negate(apply('sin', [a]));
    case 'tan':
      return add(one, square(node));
    case 'asin':
      return divide(one, apply('sqrt', [subtract(one, square(a))]));
    case 'acos':
      return divide(number(-1), apply('sqrt', [subtract(one, square(a))]));
    case 'atan':
      return divide(one, add(one, square(a)));
    case 'sinh':
      return apply('cosh', [a]);
    case 'cosh':
      return apply('sinh', [a]);
    case 'tanh':
      return subtract(one, square(node));
    case 'exp':
      return node;
    case 'log':
      return divide(one, a);
    case 'sqrt':
      return divide(number(0.5), node);
    case 'abs':
      return apply('sign', [a]);
    case 'erf':
      return multiply(number(2 / Math.sqrt(Math.PI)), apply('exp', [negate(square(a))]));
    default:
      // sign, floor, comparisons and logic are constant wherever they are smooth
      return zero;
  }
}
