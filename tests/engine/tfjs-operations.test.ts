import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { loadBackend } from '../../src/engine/tfjs/backend.ts';
import { TensorProgram } from '../../src/engine/tfjs/program-pass.ts';
import { type MaybeTensor, TensorArithmetic } from '../../src/engine/tfjs/tensor-arithmetic.ts';
import type { Expression } from '../../src/expression/expression.ts';
import { type Operation, operations } from '../../src/expression/operation.ts';
import { compileProgram } from '../../src/expression/program.ts';
import { evaluateProgram } from './host-program.ts';
import { field, number, op, unknown } from './systems.ts';

/** Two fields and an unknown, as (N), (N) and (). */
const [a, b, s] = [field('a', [0]), field('b', [0]), unknown('s')];

interface Case {
  readonly expression: Expression;
  readonly a: number[];
  readonly b?: number[];
  readonly s?: number;
}

const [wide, positive, unit] = [
  [-2.3, -0.7, 0.4, 1.9],
  [0.2, 0.9, 1.7, 3.1],
  [-0.8, -0.3, 0.45, 0.9],
];

const inputs: Partial<Record<Operation, number[]>> = {
  asin: unit,
  acos: unit,
  log: positive,
  sqrt: positive,
};

const cases: [string, Case][] = [];
for (const [name, arity] of Object.entries(operations) as [Operation, number][]) {
  const first = inputs[name] ?? (name === 'power' ? positive : wide);
  if (arity === 1) cases.push([`${name}(column)`, { expression: op(name, a), a: first }]);
  if (arity === 1)
    cases.push([`${name}(scalar)·column`, { expression: op('multiply', op(name, s), a), a: wide, s: 0.6 }]);
  if (arity === 2) {
    const second = [1.3, -0.9, 0.8, -1.2];
    cases.push([`${name}(column, column)`, { expression: op(name, a, b), a: first, b: second }]);
    cases.push([`${name}(column, scalar)`, { expression: op(name, a, s), a: first, s: 1.4 }]);
    cases.push([`${name}(scalar, column)`, { expression: op(name, s, a), a: first, s: 1.4 }]);
    cases.push([`${name}(column, constant)`, { expression: op(name, a, number(1.5)), a: first }]);
    cases.push([`${name}(constant, column)`, { expression: op(name, number(1.5), a), a: first }]);
    cases.push([`${name}(column, itself)`, { expression: op(name, a, a), a: first }]);
  }
}
const chosen = op('less', a, number(0));
cases.push(
  [
    'select(column, column, column)',
    { expression: op('select', chosen, op('sin', a), op('multiply', a, b)), a: wide, b: positive },
  ],
  ['select(column, scalar, constant)', { expression: op('select', chosen, s, number(2)), a: wide, s: 0.7 }],
  [
    'select(scalar, column, scalar)',
    { expression: op('select', op('less', s, number(1)), a, s), a: wide, s: 0.7 },
  ],
);
for (const p of [0, 1, 2, 3, 4, 7, -1, -2, -3, 13]) {
  cases.push([
    `negative and positive bases to the power ${p}`,
    { expression: op('power', a, number(p)), a: [-1.7, -0.6, 0.5, 1.4] },
  ]);
}
for (const p of [0.5, 1.5, -0.5, 2.7]) {
  cases.push([`positive bases to the power ${p}`, { expression: op('power', a, number(p)), a: positive }]);
}

function run(arithmetic: TensorArithmetic, { expression, a: first, b: second, s: scalar = 0.5 }: Case) {
  const program = compileProgram([expression]);
  const tensors = new TensorProgram(
    program,
    program.inputs.map(() => true),
  );
  const bar = Float32Array.from(first, (_, n) => 1 + 0.5 * n);
  const read = (tensor: MaybeTensor, length: number): number[] =>
    tensor === null ? new Array(length).fill(0) : [...tensor.dataSync()];
  tf.engine().startScope();
  try {
    const values = program.inputs.map((leaf) => {
      if (leaf.kind === 'unknown') return tf.scalar(scalar);
      return tf.tensor1d(leaf.name === 'a' ? first : second!);
    });
    const registers = tensors.forward(arithmetic, values, []);
    const result = registers[program.outputs[0]]!;
    const bars = [result.rank === 0 ? tf.scalar(bar.reduce((x, y) => x + y, 0)) : tf.tensor1d(bar)];
    const adjoints = tensors.adjoint(arithmetic, registers, bars);
    adjoints.forEach((adjoint, i) => {
      if (adjoint !== null) expect(adjoint.shape).toEqual(values[i].shape);
    });
    return {
      program,
      bar,
      result: read(result, first.length),
      adjoints: adjoints.map((adjoint, i) => read(adjoint, values[i].size)),
    };
  } finally {
    tf.engine().endScope();
  }
}

for (const backend of ['wasm', 'cpu'] as const) {
  describe(`operations on ${backend}`, async () => {
    await loadBackend({ backend });

    it.each(cases)('%s: value, and gradient against finite differences', async (_, example) => {
      await tf.setBackend(backend);
      const arithmetic = new TensorArithmetic(tf, backend);
      const { program, bar, result, adjoints } = run(arithmetic, example);
      const at = (n: number, shift: number[]) => {
        const values = program.inputs.map((leaf, i) => {
          const value =
            leaf.kind === 'unknown' ? (example.s ?? 0.5) : (leaf.name === 'a' ? example.a : example.b!)[n];
          return Math.fround(value) + shift[i];
        });
        return evaluateProgram(program, values)[0];
      };
      const h = 1e-5;
      const count = example.a.length;
      const none = program.inputs.map(() => 0);
      result.forEach((value, n) => {
        const expected = at(n, none);
        if (Number.isNaN(expected)) expect(value).toBeNaN();
        else expect(Math.abs(value - expected)).toBeLessThan(2e-6 * Math.max(1, Math.abs(expected)));
      });
      program.inputs.forEach((leaf, i) => {
        const slopes = Array.from({ length: count }, (__, n) => {
          const up = none.map((___, j) => (j === i ? h : 0));
          return (
            (bar[n] *
              (at(n, up) -
                at(
                  n,
                  up.map((x) => -x),
                ))) /
            (2 * h)
          );
        });
        const expected = leaf.kind === 'unknown' ? [slopes.reduce((x, y) => x + y, 0)] : slopes;
        expected.forEach((slope, n) => {
          if (Number.isNaN(slope)) return;
          expect(Math.abs(adjoints[i][n] - slope)).toBeLessThan(5e-6 * Math.max(1, Math.abs(slope)));
        });
      });
      arithmetic.dispose();
    });

    it('slopes at zero are finite where the function has one', async () => {
      await tf.setBackend(backend);
      const arithmetic = new TensorArithmetic(tf, backend);
      const slopeAtZero = (expression: Expression) =>
        run(arithmetic, { expression, a: [0], s: 0 }).adjoints[0][0];
      for (const p of [2, 3, 13, 1.5]) expect(slopeAtZero(op('power', a, number(p)))).toBe(0);
      expect(slopeAtZero(op('power', a, number(1)))).toBe(1);
      expect(slopeAtZero(op('power', a, number(0)))).toBe(0);
      expect(slopeAtZero(op('abs', a))).toBe(0);
      expect(slopeAtZero(op('multiply', a, a))).toBe(0);
      expect(slopeAtZero(op('max', a, number(0)))).toBe(1);
      expect(slopeAtZero(op('min', a, number(0)))).toBe(1);
      arithmetic.dispose();
    });

    it('registers that do not depend on θ are computed once and reused', async () => {
      await tf.setBackend(backend);
      const arithmetic = new TensorArithmetic(tf, backend);
      const program = compileProgram([op('multiply', a, op('exp', op('multiply', b, number(2))))]);
      const tensors = new TensorProgram(
        program,
        program.inputs.map((leaf) => leaf.kind === 'field' && leaf.name === 'a'),
      );
      const [x, y] = [tf.tensor1d([1, 2]), tf.tensor1d([0.5, -0.5])];
      const order = program.inputs.map((leaf) => leaf.kind === 'field' && leaf.name === 'a');
      const constant = tensors.constantRegisters(
        arithmetic,
        order.map((trained) => (trained ? null : y)),
      );
      const registers = tensors.forward(
        arithmetic,
        order.map((trained) => (trained ? x : null)),
        constant,
      );
      const result = registers[program.outputs[0]]!.dataSync();
      expect(Math.abs(result[0] - Math.E)).toBeLessThan(1e-6);
      expect(Math.abs(result[1] - 2 / Math.E)).toBeLessThan(1e-6);
      expect(constant.filter((tensor) => tensor !== null).length).toBeGreaterThanOrEqual(3);
    });
  });
}
