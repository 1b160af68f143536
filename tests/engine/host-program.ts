/** Programs on single numbers, from the definition of each operation. */
import type { Operation } from '../../src/expression/operation.ts';
import type { Program } from '../../src/expression/program.ts';
import { normalDistribution } from '../../src/network/activation/normal-distribution.ts';

export const hostOperations: Record<Operation, (a: number, b: number, c: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  power: (a, b) => a ** b,
  negate: (a) => -a,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  atan2: Math.atan2,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sign: Math.sign,
  erf: (a) => 2 * normalDistribution(a * Math.SQRT2) - 1,
  floor: Math.floor,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  less: (a, b) => (a < b ? 1 : 0),
  lessEqual: (a, b) => (a <= b ? 1 : 0),
  equal: (a, b) => (a === b ? 1 : 0),
  not: (a) => (a === 0 ? 1 : 0),
  select: (a, b, c) => (a !== 0 ? b : c),
};

export function evaluateProgram(program: Program, inputs: readonly number[]): number[] {
  const registers = [...inputs, ...program.constants];
  for (const { operation, operands } of program.instructions) {
    const [a, b, c] = operands.map((register) => registers[register]);
    registers.push(hostOperations[operation](a, b, c));
  }
  return program.outputs.map((register) => registers[register]);
}
