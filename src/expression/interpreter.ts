import type { Operation } from './operation.ts';
import { erf } from './operation-value.ts';
import type { Program } from './program.ts';

const codes = {
  add: 0,
  subtract: 1,
  multiply: 2,
  divide: 3,
  negate: 4,
  power: 5,
  sin: 6,
  cos: 7,
  tan: 8,
  asin: 9,
  acos: 10,
  atan: 11,
  atan2: 12,
  sinh: 13,
  cosh: 14,
  tanh: 15,
  exp: 16,
  log: 17,
  sqrt: 18,
  abs: 19,
  sign: 20,
  erf: 21,
  floor: 22,
  max: 23,
  min: 24,
  less: 25,
  lessEqual: 26,
  equal: 27,
  not: 28,
  select: 29,
} as const satisfies Record<Operation, number>;

// Powers by small integers are an instruction of their own: Math.pow is many times slower than a product.
const SQUARE = 30;
const CUBE = 31;
const FOURTH = 32;

/**
 * A program as a function of one point, for right-hand sides that are called millions of times.
 *
 * The returned function reads one value per input and writes one per output. It owns its registers: it is
 * not reentrant, and two threads need one each.
 */
export function runnableProgram(program: Program): (inputs: Float64Array, outputs: Float64Array) => void {
  const inputCount = program.inputs.length;
  const first = inputCount + program.constants.length;
  const steps = program.instructions.length;
  const registers = new Float64Array(first + steps);
  registers.set(program.constants, inputCount);
  const results = Int32Array.from(program.outputs);
  const code = new Int32Array(4 * steps);
  program.instructions.forEach(({ operation, operands }, i) => {
    let instruction: number = codes[operation];
    if (operation === 'power') {
      const exponent = program.constants[operands[1] - inputCount];
      if (exponent === 2) instruction = SQUARE;
      else if (exponent === 3) instruction = CUBE;
      else if (exponent === 4) instruction = FOURTH;
    }
    code.set([instruction, operands[0], operands[1] ?? 0, operands[2] ?? 0], 4 * i);
  });

  return (inputs, outputs) => {
    const r = registers;
    for (let i = 0; i < inputCount; i++) r[i] = inputs[i];
    let target = first;
    for (let p = 0; p < code.length; p += 4, target++) {
      const a = r[code[p + 1]];
      const b = r[code[p + 2]];
      switch (code[p]) {
        case 0:
          r[target] = a + b;
          break;
        case 1:
          r[target] = a - b;
          break;
        case 2:
          r[target] = a * b;
          break;
        case 3:
          r[target] = a / b;
          break;
        case 4:
          r[target] = -a;
          break;
        case 5:
          r[target] = a ** b;
          break;
        case 6:
          r[target] = Math.sin(a);
          break;
        case 7:
          r[target] = Math.cos(a);
          break;
        case 8:
          r[target] = Math.tan(a);
          break;
        case 9:
          r[target] = Math.asin(a);
          break;
        case 10:
          r[target] = Math.acos(a);
          break;
        case 11:
          r[target] = Math.atan(a);
          break;
        case 12:
          r[target] = Math.atan2(a, b);
          break;
        case 13:
          r[target] = Math.sinh(a);
          break;
        case 14:
          r[target] = Math.cosh(a);
          break;
        case 15:
          r[target] = Math.tanh(a);
          break;
        case 16:
          r[target] = Math.exp(a);
          break;
        case 17:
          r[target] = Math.log(a);
          break;
        case 18:
          r[target] = Math.sqrt(a);
          break;
        case 19:
          r[target] = Math.abs(a);
          break;
        case 20:
          r[target] = Math.sign(a);
          break;
        case 21:
          r[target] = erf(a);
          break;
        case 22:
          r[target] = Math.floor(a);
          break;
        case 23:
          r[target] = Math.max(a, b);
          break;
        case 24:
          r[target] = Math.min(a, b);
          break;
        case 25:
          r[target] = a < b ? 1 : 0;
          break;
        case 26:
          r[target] = a <= b ? 1 : 0;
          break;
        case 27:
          r[target] = a === b ? 1 : 0;
          break;
        case 28:
          r[target] = a === 0 ? 1 : 0;
          break;
        case 29:
          r[target] = a !== 0 ? b : r[code[p + 3]];
          break;
        case SQUARE:
          r[target] = a * a;
          break;
        case CUBE:
          r[target] = a * a * a;
          break;
        case FOURTH:
          r[target] = a * a * (a * a);
          break;
      }
    }
    for (let i = 0; i < results.length; i++) outputs[i] = r[results[i]];
  };
}
