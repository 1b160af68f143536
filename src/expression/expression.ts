/**
 * The expression graph: immutable nodes, shared where the same node object is used twice.
 *
 * Leaves are numbers, coordinates, unknown scalars, and partial derivatives of fields; what stands above
 * them are the operations listed in `operation.ts`. A node carries no text and no place in a text.
 */
import type { MultiIndex } from '../jet/multi-index.ts';
import type { Operation } from './operation.ts';

export interface NumberNode {
  readonly kind: 'number';
  readonly value: number;
}

/** A coordinate of the domain, by its position in the problem's list of coordinates. */
export interface CoordinateNode {
  readonly kind: 'coordinate';
  readonly name: string;
  readonly index: number;
}

/** A scalar to be estimated. */
export interface UnknownNode {
  readonly kind: 'unknown';
  readonly name: string;
}

/** The partial derivative ∂^order of a field; order (0, …, 0) is the field itself. */
export interface FieldNode {
  readonly kind: 'field';
  readonly name: string;
  /** One entry per coordinate of the problem. */
  readonly order: MultiIndex;
  /** Positions of the coordinates the field depends on; derivatives along others are zero. */
  readonly of: readonly number[];
  /**
   * Which of a residual's point sets the field is taken at: 0, 1 for the opposite face of a periodic condition,
   * or any other. {@link elsewhere} where `at` is set.
   */
  readonly side: number;
  /** Where the field is taken, if not at the point itself. */
  readonly at?: Place;
}

/**
 * A place: for each coordinate of the problem an expression in coordinates, or null for the coordinate of the point
 * itself.
 */
export type Place = readonly (Expression | null)[];

/** The side of a field that has a place of its own: no point set yet. */
export const elsewhere = -1;

/** A value given with every point of a block: an observation, a component of the outward normal. */
export interface ColumnNode {
  readonly kind: 'column';
  readonly name: string;
}

export interface OperationNode {
  readonly kind: 'operation';
  readonly operation: Operation;
  readonly operands: readonly Expression[];
}

export type Leaf = CoordinateNode | UnknownNode | FieldNode | ColumnNode;
export type Expression = NumberNode | Leaf | OperationNode;

/** A string that two leaves share exactly when they stand for the same quantity. */
export function leafKey(leaf: Leaf): string {
  switch (leaf.kind) {
    case 'coordinate':
      return `coordinate:${leaf.name}`;
    case 'unknown':
      return `unknown:${leaf.name}`;
    case 'column':
      return `column:${leaf.name}`;
    case 'field':
      return `field:${leaf.name}:${leaf.order.join(',')}:${leaf.side}${leaf.at === undefined ? '' : placeKey(leaf.at)}`;
  }
}

const placeKeys = new WeakMap<Place, string>();

/** A string that two places share where they are written alike. */
export function placeKey(place: Place): string {
  const known = placeKeys.get(place) ?? `@(${place.map((entry) => entry && expressionKey(entry)).join(';')})`;
  placeKeys.set(place, known);
  return known;
}

function expressionKey(expression: Expression): string {
  if (expression.kind === 'number') return `${expression.value}`;
  if (expression.kind !== 'operation') return leafKey(expression);
  return `${expression.operation}(${expression.operands.map(expressionKey).join(',')})`;
}

/** Every distinct leaf of the expressions, in the order of first appearance. */
export function leavesOf(expressions: readonly Expression[]): Leaf[] {
  const seen = new Set<Expression>();
  const leaves = new Map<string, Leaf>();
  const visit = (node: Expression): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === 'operation') node.operands.forEach(visit);
    else if (node.kind !== 'number') {
      const key = leafKey(node);
      if (!leaves.has(key)) leaves.set(key, node);
    }
  };
  expressions.forEach(visit);
  return [...leaves.values()];
}

/** The same graph with every leaf replaced by what `replace` returns for it; shared nodes stay shared. */
export function substitute(
  expression: Expression,
  replace: (leaf: Leaf) => Expression,
  rebuild: (operation: Operation, operands: readonly Expression[]) => Expression,
): Expression {
  const done = new Map<Expression, Expression>();
  const visit = (node: Expression): Expression => {
    const known = done.get(node);
    if (known !== undefined) return known;
    let result: Expression;
    if (node.kind === 'number') result = node;
    else if (node.kind !== 'operation') result = replace(node);
    else {
      const operands = node.operands.map(visit);
      result = operands.every((operand, i) => operand === node.operands[i])
        ? node
        : rebuild(node.operation, operands);
    }
    done.set(node, result);
    return result;
  };
  return visit(expression);
}
