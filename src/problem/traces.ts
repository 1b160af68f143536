/**
 * Coefficients on the two sides of an interface. What jumps in a coefficient does so by comparisons, signs and
 * roundings of coordinates: those become columns, evaluated a step to either side, and all that is smooth is taken
 * on the interface itself.
 */
import { apply, column, coordinate } from '../expression/build.ts';
import { type Expression, leafKey, leavesOf } from '../expression/expression.ts';
import type { Operation } from '../expression/operation.ts';
import { coordinateBeyond } from '../expression/sides.ts';
import type { Trace } from './problem.ts';

const discontinuous: ReadonlySet<Operation> = new Set<Operation>([
  'less',
  'lessEqual',
  'equal',
  'not',
  'sign',
  'floor',
]);

function isKey(expression: Expression): string {
  if (expression.kind === 'number') return String(expression.value);
  if (expression.kind !== 'operation') return leafKey(expression);
  return `${expression.operation}(${expression.operands.map(isKey).join()})`;
}

/** Takes the discontinuous parts out of expressions; each part becomes one trace wherever it stands. */
export class TraceReader {
  readonly traces: Trace[] = [];
  private readonly coordinates: readonly string[];
  private readonly known = new Map<string, Expression>();

  constructor(coordinates: readonly string[]) {
    this.coordinates = coordinates;
  }

  /** The expression with columns in place of what is discontinuous, and its coordinates on the interface. */
  read(expression: Expression): Expression {
    const done = new Map<Expression, Expression>();
    const visit = (node: Expression): Expression => {
      const before = done.get(node);
      if (before !== undefined) return before;
      let result: Expression = node;
      if (node.kind === 'column') result = this.onInterface(node);
      else if (node.kind === 'operation')
        result = this.isTrace(node) ? this.traceOf(node) : apply(node.operation, node.operands.map(visit));
      done.set(node, result);
      return result;
    };
    return visit(expression);
  }

  /** The coordinate that a column of {@link coordinateBeyond} stands for; any other leaf as it is. */
  private onInterface(node: Expression): Expression {
    if (node.kind !== 'column') return node;
    const index = this.coordinates.findIndex((name) => coordinateBeyond(name) === node.name);
    return index < 0 ? node : coordinate(this.coordinates[index], index);
  }

  private isBeyond(node: Expression): boolean {
    return node.kind === 'column' && this.onInterface(node) !== node;
  }

  private isTrace(node: Expression): boolean {
    return (
      node.kind === 'operation' &&
      discontinuous.has(node.operation) &&
      leavesOf([node]).every((leaf) => leaf.kind === 'coordinate' || this.isBeyond(leaf))
    );
  }

  private traceOf(node: Expression): Expression {
    const key = isKey(node);
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const side = leavesOf([node]).some((leaf) => this.isBeyond(leaf)) ? 1 : 0;
    const replaced = (part: Expression): Expression =>
      part.kind === 'operation' ? apply(part.operation, part.operands.map(replaced)) : this.onInterface(part);
    const name = `trace:${this.traces.length}`;
    this.traces.push({ column: name, expression: replaced(node), side });
    const result = column(name);
    this.known.set(key, result);
    return result;
  }
}
