import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { kernelModule } from '../../src/engine/f64/kernel-module.ts';
import { LinearMemory } from '../../src/engine/f64/linear-memory.ts';
import { programCode } from '../../src/engine/f64/program-code.ts';
import { column } from '../../src/expression/build.ts';
import type { Expression } from '../../src/expression/expression.ts';
import { type Operation, operations } from '../../src/expression/operation.ts';
import { operationValue } from '../../src/expression/operation-value.ts';
import { compileProgram } from '../../src/expression/program.ts';
import { randomColumn } from '../engine/f64/systems.ts';

let memory: LinearMemory;

beforeAll(async () => {
  memory = new LinearMemory((await kernelModule()).module);
});

/** Runs one expression on columns named a, b, c. */
function run(expression: Expression, columns: Readonly<Record<string, Float64Array>>): Float64Array {
  const program = compileProgram([expression]);
  const code = programCode(program);
  const length = columns['a'].length;
  const registers = Array.from({ length: code.registers }, () => memory.allocate(8 * length));
  program.inputs.forEach((leaf, i) => {
    memory.floats.set(columns[leaf.name], registers[i] / 8);
  });
  code.constants.forEach((value, i) => {
    const at = registers[code.inputs + i] / 8;
    memory.floats.fill(value, at, at + length);
  });
  const words = memory.allocateWords(code.words);
  memory.kernels.runProgram(words, code.instructions, memory.allocateWords(registers), length);
  return memory.read(registers[code.outputs[0]], length);
}

const operation = (name: Operation, ...operands: Expression[]): Expression => ({
  kind: 'operation',
  operation: name,
  operands,
});
const names = ['a', 'b', 'c'].map((name) => column(name));
const special = [0, -0, 1, -1, 0.5, 2, 1e-300, 1e300, Number.POSITIVE_INFINITY, -Infinity, Number.NaN, 710];

describe('every operation of a residual program', () => {
  it.each(Object.keys(operations) as Operation[])('%s is that of the host', (name) => {
    const expression = operation(name, ...names.slice(0, operations[name]));
    const columns = {
      a: Float64Array.from([...randomColumn(400, 1, -3, 3), ...special, ...special]),
      b: Float64Array.from([...randomColumn(400, 2, -3, 3), ...special, ...[...special].reverse()]),
      c: Float64Array.from([...randomColumn(400, 3, -3, 3), ...special, ...special]),
    };
    const found = run(expression, columns);
    found.forEach((value, i) => {
      const expected = operationValue(name, columns.a[i], columns.b[i], columns.c[i]);
      if (Number.isFinite(expected)) {
        const allowed = 2e-15 * Math.abs(expected) + 1e-307;
        expect(Math.abs(value - expected), `${columns.a[i]}, ${columns.b[i]}`).toBeLessThanOrEqual(allowed);
      } else expect(value, `${columns.a[i]}, ${columns.b[i]}`).toBe(expected);
    });
  });

  it('powers by constants are those of the host', () => {
    const base = fc.double({ min: -20, max: 20, noNaN: true, noDefaultInfinity: true });
    const exponent = fc.oneof(fc.integer({ min: -12, max: 12 }), fc.constantFrom(0.5, 1.5, -0.25));
    fc.assert(
      fc.property(base, exponent, (a, n) => {
        const constant: Expression = { kind: 'number', value: n };
        const [value] = run(operation('power', names[0], constant), { a: Float64Array.from([a, a]) });
        const expected = a ** n;
        if (Number.isNaN(expected)) return Number.isNaN(value);
        if (!Number.isFinite(expected)) return value === expected;
        return Math.abs(value - expected) <= 1e-14 * Math.abs(expected) + 1e-300;
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
