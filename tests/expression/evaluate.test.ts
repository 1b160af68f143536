import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { add, apply, number } from '../../src/expression/build.ts';
import {
  evaluateConstant,
  evaluateProgram,
  evaluateScalar,
  runnableProgram,
} from '../../src/expression/evaluate.ts';
import { type Operation, operations } from '../../src/expression/operation.ts';
import { erf } from '../../src/expression/operation-value.ts';
import { compileProgram } from '../../src/expression/program.ts';
import { leafValue, randomExpression, raw, t, x } from './random-expressions.ts';

describe('evaluation', () => {
  it('columns, one point at a time, and the graph itself give the same values', () => {
    const points = [
      [0.3, 0.4],
      [-1.2, 0.9],
      [2.1, -0.6],
    ];
    fc.assert(
      fc.property(randomExpression, randomExpression, (p, q) => {
        const program = compileProgram([p, q, p]);
        const columns = program.inputs.map((leaf) =>
          Float64Array.from(points, ([px, pt]) => leafValue(px, pt)(leaf)),
        );
        const outputs = evaluateProgram(program, columns, points.length);
        const run = runnableProgram(program);
        const result = new Float64Array(3);
        points.forEach(([px, pt], i) => {
          const inputs = Float64Array.from(columns, (values) => values[i]);
          run(inputs, result);
          [p, q, p].forEach((expression, k) => {
            const expected = evaluateScalar(expression, leafValue(px, pt));
            expect(outputs[k][i]).toBe(expected);
            if (Number.isFinite(expected)) {
              expect(Math.abs(result[k] - expected)).toBeLessThanOrEqual(1e-6 * (1 + Math.abs(expected)));
            }
          });
        });
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it.each(Object.keys(operations) as Operation[])('%s means the same in each evaluator', (operation) => {
    const inputs = [0.4, 0.7, 1.3, 0, -0.3];
    for (const p of inputs) {
      for (const q of [p, 0.9, -1]) {
        const tree = raw(operation, ...[x, t, number(5)].slice(0, operations[operation]));
        const program = compileProgram([tree]);
        const values = program.inputs.map((leaf) => (leaf === x ? p : q));
        const expected = evaluateScalar(tree, (leaf) => (leaf === x ? p : q));
        const columns = values.map((v) => Float64Array.of(v));
        expect(evaluateProgram(program, columns, 1)[0][0]).toBe(expected);
        const output = new Float64Array(1);
        runnableProgram(program)(Float64Array.from(values), output);
        expect(output[0]).toBe(expected);
      }
    }
  });

  it('an output never shares memory with an input', () => {
    const input = Float64Array.of(1, 2);
    const [output] = evaluateProgram(compileProgram([x]), [input], 2);
    output[0] = 9;
    expect(input[0]).toBe(1);
  });

  it('constants have no leaves', () => {
    expect(evaluateConstant(add(number(1), number(2)))).toBe(3);
    expect(() => evaluateConstant(add(number(1), x))).toThrow(ProblemError);
    expect(() => evaluateConstant(apply('log', [number(0)]))).toThrow(/no finite value/);
  });

  // values of erf in the C mathematical library (glibc)
  it.each([
    [1e-10, 1.1283791670955126e-10],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [3, 0.9999779095030014],
    [-1, -0.8427007929497149],
    [40, 1],
  ])('erf(%f) is accurate to double precision', (z, expected) => {
    expect(Math.abs(erf(z) / expected - 1)).toBeLessThan(4e-16);
  });
});
