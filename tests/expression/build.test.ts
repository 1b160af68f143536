import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  apply,
  coefficientOf,
  divide,
  isUndefined,
  multiply,
  negate,
  number,
  power,
  product,
  subtract,
  sum,
  termsOf,
} from '../../src/expression/build.ts';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import { type Expression, substitute } from '../../src/expression/expression.ts';
import { compileProgram } from '../../src/expression/program.ts';
import { leafValue, randomExpression, s, t, tameValue, u, x } from './random-expressions.ts';

const rebuild = (node: Expression): Expression =>
  node.kind === 'operation' ? apply(node.operation, node.operands.map(rebuild)) : node;
const px = 0.7312;
const pt = -1.1377;
const value = (e: Expression): number => evaluateScalar(e, leafValue(px, pt));
const close = (p: number, q: number): void =>
  expect(Math.abs(p - q)).toBeLessThanOrEqual(1e-8 * (1 + Math.abs(q)));

describe('constructors', () => {
  it('simplification keeps the value', () => {
    let compared = 0;
    fc.assert(
      fc.property(randomExpression, (tree) => {
        const before = tameValue(tree, px, pt);
        if (!Number.isFinite(before)) return;
        compared++;
        close(value(rebuild(tree)), before);
      }),
      { seed: 1, numRuns: 2000 },
    );
    expect(compared).toBeGreaterThan(1000);
  });

  it('terms add up to the expression', () => {
    fc.assert(
      fc.property(randomExpression, (tree) => {
        const before = tameValue(tree, px, pt);
        if (!Number.isFinite(before)) return;
        const terms = termsOf(rebuild(tree));
        close(
          terms.reduce((total, term) => total + value(term), 0),
          before,
        );
        close(value(sum(terms)), before);
        for (const term of terms) {
          const { coefficient, rest } = coefficientOf(term);
          close(coefficient * value(rest), value(term));
        }
      }),
      { seed: 2, numRuns: 1000 },
    );
  });

  it('numeric coefficients gather at the front', () => {
    expect(multiply(number(2), multiply(number(3), x))).toEqual(multiply(number(6), x));
    expect(divide(multiply(x, number(2)), number(4))).toEqual(multiply(number(0.5), x));
    expect(negate(multiply(number(3), x))).toEqual(multiply(number(-3), x));
    expect(multiply(negate(x), negate(t))).toEqual(multiply(x, t));
    expect(multiply(number(2), divide(number(3), x))).toEqual(divide(number(6), x));
    expect(product([number(2), x, number(3), t])).toEqual(multiply(number(6), multiply(x, t)));
  });

  it('0 and 1 disappear, powers fold', () => {
    expect(add(x, number(0))).toBe(x);
    expect(multiply(x, number(0))).toEqual(number(0));
    expect(power(x, number(1))).toBe(x);
    expect(power(x, number(0))).toEqual(number(1));
    expect(power(power(x, number(2)), number(3))).toEqual(power(x, number(6)));
    expect(subtract(u, u)).toEqual(number(0));
    expect(apply('sin', [number(0.5)])).toEqual(number(Math.sin(0.5)));
    expect(apply('select', [number(0), x, t])).toBe(t);
  });

  it('an undefined constant never becomes a value', () => {
    const quotient = divide(number(1), number(0));
    for (const bad of [
      quotient,
      apply('log', [number(0)]),
      power(number(-8), number(1 / 3)),
      divide(x, number(0)),
    ]) {
      expect(isUndefined(bad)).toBe(true);
      for (const e of [
        multiply(number(0), bad),
        multiply(bad, number(0)),
        power(bad, number(0)),
        divide(number(0), bad),
        subtract(bad, bad),
      ]) {
        expect(isUndefined(e)).toBe(true);
      }
    }
  });

  it('factors that would leave the range of doubles do not merge', () => {
    const tiny = number(1e-200);
    expect(value(multiply(tiny, multiply(tiny, number(5))))).toBe(0);
    const kept = multiply(tiny, multiply(tiny, multiply(number(1), x)));
    expect(
      evaluateScalar(
        substitute(
          kept,
          () => number(1e300),
          (o, p) => ({ kind: 'operation', operation: o, operands: p }),
        ),
        () => 0,
      ),
    ).toBeCloseTo(0, 90);
    expect(coefficientOf(kept).coefficient).not.toBe(0);
  });

  it('splits sums through signs and numeric factors only', () => {
    // 2 (x − (t + s u)/4) − x t
    const terms = termsOf(
      subtract(multiply(number(2), subtract(x, divide(add(t, multiply(s, u)), number(4)))), multiply(x, t)),
    );
    expect(terms).toEqual([
      multiply(number(2), x),
      multiply(number(-0.5), t),
      multiply(number(-0.5), multiply(s, u)),
      negate(multiply(x, t)),
    ]);
    expect(termsOf(multiply(x, add(t, u)))).toHaveLength(1);
    expect(termsOf(number(0))).toEqual([]);
  });

  it('a program computes a common subexpression once', () => {
    // (x + t)² + sin(x + t), the sum built twice
    const program = compileProgram([add(power(add(x, t), number(2)), apply('sin', [add(x, t)]))]);
    const sums = program.instructions.filter(
      ({ operation, operands }) => operation === 'add' && operands.every((r) => r < program.inputs.length),
    );
    expect(sums).toHaveLength(1);
    expect(program.instructions).toHaveLength(4);
  });
});
