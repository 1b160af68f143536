/** Programs as WebAssembly: straight-line arithmetic on doubles, for right-hand sides called millions of times. */
import { double, type ImportedFunction, opcode, unsigned, type ValueType } from '../webassembly/binary.ts';
import type { Leaf } from './expression.ts';
import { type Operation, operations } from './operation.ts';
import { operationValue } from './operation-value.ts';
import type { Program } from './program.ts';

/** Where a double is found: in a local variable, or in memory at a local variable's address plus an offset. */
export type Place = { readonly local: number } | { readonly address: number; readonly offset: number };

/** Functions that the compiled code calls on the host, in the order of their numbers. */
export class HostFunctions {
  readonly imported: ImportedFunction[] = [];
  readonly #numbers = new Map<Operation, number>();

  number(operation: Operation): number {
    const known = this.#numbers.get(operation);
    if (known !== undefined) return known;
    const parameters = new Array<ValueType>(operations[operation]).fill('f64');
    const number = this.imported.push({ name: operation, parameters, results: ['f64'] }) - 1;
    this.#numbers.set(operation, number);
    return number;
  }

  /** What a module imports from `env`, the memory aside; most are called as Math calls them. */
  get implementations(): Record<string, (...operands: number[]) => number> {
    return Object.fromEntries(
      [...this.#numbers.keys()].map((operation) => [
        operation,
        operation in Math
          ? (Math[operation as keyof Math] as (...operands: number[]) => number)
          : (a: number, b: number) => operationValue(operation, a, b),
      ]),
    );
  }
}

const native: Partial<Record<Operation, readonly number[]>> = {
  add: opcode.f64Add,
  subtract: opcode.f64Subtract,
  multiply: opcode.f64Multiply,
  divide: opcode.f64Divide,
  negate: opcode.f64Negate,
  sqrt: opcode.f64SquareRoot,
  abs: opcode.f64Absolute,
  floor: opcode.f64Floor,
  max: opcode.f64Maximum,
  min: opcode.f64Minimum,
};

const comparisons: Partial<Record<Operation, readonly number[]>> = {
  less: opcode.f64Less,
  lessEqual: opcode.f64LessEqual,
  equal: opcode.f64Equal,
};

const load = (place: Place): number[] =>
  'local' in place
    ? [...opcode.localGet, ...unsigned(place.local)]
    : [...opcode.localGet, ...unsigned(place.address), ...opcode.f64Load, 3, ...unsigned(place.offset)];

/** Powers by these are products. */
const largestProduct = 4;

/**
 * The code that computes a program's outputs and stores them one after the other from the address in a local on.
 *
 * @param firstLocal  number of the first of the f64 locals that the code may use; it uses one per instruction
 */
export function programCode(
  program: Program,
  placeOf: (leaf: Leaf) => Place,
  target: number,
  firstLocal: number,
  host: HostFunctions,
): { readonly code: number[]; readonly locals: number } {
  const { inputs, constants, instructions, outputs } = program;
  const firstResult = inputs.length + constants.length;
  const code: number[] = [];
  const read = (register: number): number[] => {
    if (register < inputs.length) return load(placeOf(inputs[register]));
    if (register < firstResult) return [...opcode.f64Const, ...double(constants[register - inputs.length])];
    return load({ local: firstLocal + register - firstResult });
  };
  instructions.forEach(({ operation, operands }, i) => {
    const push = (): void => {
      for (const operand of operands) code.push(...read(operand));
    };
    const exponent = operation === 'power' ? constants[operands[1] - inputs.length] : undefined;
    if (exponent !== undefined && Number.isInteger(exponent) && exponent >= 2 && exponent <= largestProduct) {
      for (let k = 0; k < exponent; k++) code.push(...read(operands[0]));
      for (let k = 1; k < exponent; k++) code.push(...opcode.f64Multiply);
    } else if (operation === 'select') {
      code.push(...read(operands[1]), ...read(operands[2]), ...read(operands[0]));
      code.push(...opcode.f64Const, ...double(0), ...opcode.f64NotEqual, ...opcode.select);
    } else if (operation === 'not') {
      push();
      code.push(...opcode.f64Const, ...double(0), ...opcode.f64Equal, ...opcode.f64ConvertI32);
    } else if (comparisons[operation] !== undefined) {
      push();
      code.push(...comparisons[operation], ...opcode.f64ConvertI32);
    } else {
      push();
      code.push(...(native[operation] ?? [...opcode.call, ...unsigned(host.number(operation))]));
    }
    code.push(...opcode.localSet, ...unsigned(firstLocal + i));
  });
  outputs.forEach((register, i) => {
    code.push(...opcode.localGet, ...unsigned(target), ...read(register));
    code.push(...opcode.f64Store, 3, ...unsigned(8 * i));
  });
  return { code, locals: instructions.length };
}
