/** Evaluation of expressions and programs in double precision, on one point or on columns of points. */
import { AnsatzError, ProblemError } from '../errors.ts';
import type { Expression, Leaf } from './expression.ts';
import { leafKey } from './expression.ts';
import { operationValue } from './operation-value.ts';
import type { Program } from './program.ts';

export { runnableProgram } from './interpreter.ts';

/** The value of an expression, given those of its leaves. Shared nodes are evaluated once. */
export function evaluateScalar(expression: Expression, leafValue: (leaf: Leaf) => number): number {
  const done = new Map<Expression, number>();
  const visit = (node: Expression): number => {
    if (node.kind === 'number') return node.value;
    const known = done.get(node);
    if (known !== undefined) return known;
    let value: number;
    if (node.kind === 'operation') {
      const operands = node.operands.map(visit);
      value = operationValue(node.operation, operands[0], operands[1], operands[2]);
    } else value = leafValue(node);
    done.set(node, value);
    return value;
  };
  return visit(expression);
}

/** The value of an expression without leaves. Throws a ProblemError if a leaf remains or it is not finite. */
export function evaluateConstant(expression: Expression): number {
  const value = evaluateScalar(expression, (leaf) => {
    throw new ProblemError(`\`${leaf.name}\` is not a constant`, {
      hint: `a ${leaf.kind} has no place in a constant expression (${leafKey(leaf)})`,
    });
  });
  if (!Number.isFinite(value)) throw new ProblemError('the constant has no finite value');
  return value;
}

/**
 * Runs a program over columns.
 *
 * @param inputs one column of `count` values per input of the program, in its order
 * @returns one new column of `count` values per output
 */
export function evaluateProgram(
  program: Program,
  inputs: readonly Float64Array[],
  count: number,
): Float64Array[] {
  if (inputs.length !== program.inputs.length) {
    throw new AnsatzError(`the program takes ${program.inputs.length} columns, not ${inputs.length}`);
  }
  const registers: Float64Array[] = [...inputs];
  for (const value of program.constants) registers.push(new Float64Array(count).fill(value));
  for (const { operation, operands } of program.instructions) {
    const a = registers[operands[0]];
    const b = registers[operands[1] ?? operands[0]];
    const c = registers[operands[2] ?? operands[0]];
    const result = new Float64Array(count);
    switch (operation) {
      case 'add':
        for (let i = 0; i < count; i++) result[i] = a[i] + b[i];
        break;
      case 'subtract':
        for (let i = 0; i < count; i++) result[i] = a[i] - b[i];
        break;
      case 'multiply':
        for (let i = 0; i < count; i++) result[i] = a[i] * b[i];
        break;
      case 'divide':
        for (let i = 0; i < count; i++) result[i] = a[i] / b[i];
        break;
      case 'negate':
        for (let i = 0; i < count; i++) result[i] = -a[i];
        break;
      default:
        for (let i = 0; i < count; i++) result[i] = operationValue(operation, a[i], b[i], c[i]);
    }
    registers.push(result);
  }
  return program.outputs.map((register) => registers[register].slice(0, count));
}
