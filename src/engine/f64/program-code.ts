import { type Operation, operations } from '../../expression/operation.ts';
import type { Program } from '../../expression/program.ts';

/** A residual program as the kernels run it; see `kernels/program.ts`. */
export interface ProgramCode {
  /** Five words an instruction: code, target, three operands. */
  readonly words: Int32Array;
  readonly instructions: number;
  /** Registers: inputs, constants, results. */
  readonly registers: number;
  readonly inputs: number;
  readonly constants: readonly number[];
  /** Registers of the outputs. */
  readonly outputs: readonly number[];
}

const codes = new Map(Object.keys(operations).map((name, code) => [name as Operation, code]));
/** Power by a positive integer, which stands where the second operand's register would. */
const INTEGER_POWER = 30;

/** Lays a program out for the kernels; powers by integers and by one half become products and roots. */
export function programCode(program: Program): ProgramCode {
  const inputs = program.inputs.length;
  const constants = [...program.constants];
  type Step = { code: number; operands: number[]; integer?: number };
  const steps: Step[] = [];
  // While constants may still be added, results are counted from −1 downwards.
  const place = program.instructions.map(() => 0);
  const resolve = (register: number): number => {
    const instruction = register - inputs - program.constants.length;
    return instruction < 0 ? register : place[instruction];
  };
  const emit = (step: Step): number => -steps.push(step);
  const constant = (value: number): number => {
    const known = constants.findIndex((other) => Object.is(other, value));
    return inputs + (known >= 0 ? known : constants.push(value) - 1);
  };
  program.instructions.forEach(({ operation, operands }, i) => {
    const resolved = operands.map(resolve);
    const exponent = operation === 'power' ? constantOf(program, operands[1]) : undefined;
    if (exponent === 0.5) place[i] = emit({ code: codes.get('sqrt')!, operands: [resolved[0]] });
    else if (
      exponent !== undefined &&
      exponent !== 0 &&
      Number.isInteger(exponent) &&
      Math.abs(exponent) <= 64
    ) {
      place[i] = emit({ code: INTEGER_POWER, operands: [resolved[0]], integer: Math.abs(exponent) });
      if (exponent < 0) place[i] = emit({ code: codes.get('divide')!, operands: [constant(1), place[i]] });
    } else place[i] = emit({ code: codes.get(operation)!, operands: resolved });
  });
  const first = inputs + constants.length;
  const register = (r: number): number => (r < 0 ? first - r - 1 : r);
  const words = new Int32Array(5 * steps.length);
  steps.forEach(({ code, operands, integer }, i) => {
    const [a, b = operands[0], c = operands[0]] = operands;
    words.set([code, first + i, register(a), integer ?? register(b), register(c)], 5 * i);
  });
  return {
    words,
    instructions: steps.length,
    registers: first + steps.length,
    inputs,
    constants,
    outputs: program.outputs.map((r) => register(resolve(r))),
  };
}

function constantOf(program: Program, register: number): number | undefined {
  return program.constants[register - program.inputs.length];
}
