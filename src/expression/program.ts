/**
 * A program: an expression graph laid out as straight-line code, common subexpressions computed once.
 *
 * Register r holds inputs[r] for r < inputs.length, then constants, then one instruction's result each, in
 * order. Engines run a program over columns of points: every register is a column, constants are scalars.
 */
import type { Expression, Leaf } from './expression.ts';
import { leafKey } from './expression.ts';
import type { Operation } from './operation.ts';

export interface Instruction {
  readonly operation: Operation;
  /** Registers read. */
  readonly operands: readonly number[];
}

export interface Program {
  readonly inputs: readonly Leaf[];
  readonly constants: readonly number[];
  readonly instructions: readonly Instruction[];
  /** Registers that hold the results, in the order of the compiled expressions. */
  readonly outputs: readonly number[];
}

/**
 * Lays expressions out as one program by value numbering: two nodes of the same operation on the same
 * registers share a register, whatever objects they are.
 */
export function compileProgram(expressions: readonly Expression[]): Program {
  const inputs: Leaf[] = [];
  const constants: number[] = [];
  const instructions: Instruction[] = [];
  type Slot = { kind: 'input' | 'constant' | 'instruction'; position: number };
  const byKey = new Map<string, Slot>();
  const byNode = new Map<Expression, Slot>();
  const operandSlots: Slot[][] = [];

  const visit = (node: Expression): Slot => {
    const known = byNode.get(node);
    if (known !== undefined) return known;
    let key: string;
    let operands: Slot[] = [];
    if (node.kind === 'number') key = `number:${Object.is(node.value, -0) ? '-0' : node.value}`;
    else if (node.kind === 'operation') {
      operands = node.operands.map(visit);
      key = `${node.operation}(${operands.map((s) => `${s.kind}${s.position}`).join(',')})`;
    } else key = leafKey(node);
    let slot = byKey.get(key);
    if (slot === undefined) {
      if (node.kind === 'number') {
        slot = { kind: 'constant', position: constants.push(node.value) - 1 };
      } else if (node.kind === 'operation') {
        operandSlots.push(operands);
        slot = {
          kind: 'instruction',
          position: instructions.push({ operation: node.operation, operands: [] }) - 1,
        };
      } else slot = { kind: 'input', position: inputs.push(node) - 1 };
      byKey.set(key, slot);
    }
    byNode.set(node, slot);
    return slot;
  };

  const outputSlots = expressions.map(visit);
  const register = (slot: Slot): number => {
    if (slot.kind === 'input') return slot.position;
    if (slot.kind === 'constant') return inputs.length + slot.position;
    return inputs.length + constants.length + slot.position;
  };
  return {
    inputs,
    constants,
    instructions: instructions.map((instruction, i) => ({
      operation: instruction.operation,
      operands: operandSlots[i].map(register),
    })),
    outputs: outputSlots.map(register),
  };
}
