import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, number } from '../../src/expression/build.ts';
import { differentiate, partial } from '../../src/expression/differentiate.ts';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import { type Expression, leafKey, leavesOf } from '../../src/expression/expression.ts';
import { functions } from '../../src/expression/function-table.ts';
import { compileProgram } from '../../src/expression/program.ts';
import { a, leafValue, randomExpression, raw, s, t, tameValue, u, w, x } from './random-expressions.ts';

/** Central difference of order four; NaN where two steps disagree, at a kink or a pole. */
function difference(f: (h: number) => number): number {
  const at = (h: number): number => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
  const coarse = at(2e-3);
  const fine = at(1e-3);
  return Math.abs(coarse - fine) <= 1e-7 * (1 + Math.abs(fine)) ? fine : Number.NaN;
}

const px = 0.7312;
const pt = -1.1377;
const value = (e: Expression): number => evaluateScalar(e, leafValue(px, pt));

describe('differentiation', () => {
  it('total derivatives equal finite differences', () => {
    let compared = 0;
    fc.assert(
      fc.property(randomExpression, (tree) => {
        for (const [coordinate, f] of [
          [0, (h: number) => tameValue(tree, px + h, pt)],
          [1, (h: number) => tameValue(tree, px, pt + h)],
        ] as const) {
          const expected = difference(f);
          if (!Number.isFinite(expected)) continue;
          const found = value(differentiate(tree, coordinate));
          expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-6 * (1 + Math.abs(expected)));
          compared++;
        }
      }),
      { seed: 3, numRuns: 1000 },
    );
    expect(compared).toBeGreaterThan(1000);
  });

  it('partial derivatives with respect to a leaf equal finite differences', () => {
    let compared = 0;
    fc.assert(
      fc.property(randomExpression, fc.constantFrom(x, t, a, w, u, s), (tree, leaf) => {
        if (!Number.isFinite(tameValue(tree, px, pt))) return;
        const base = leafValue(px, pt);
        const shifted = (h: number) =>
          evaluateScalar(tree, (other) => base(other) + (leafKey(other) === leafKey(leaf) ? h : 0));
        const expected = difference(shifted);
        if (!Number.isFinite(expected)) return;
        const found = value(partial(tree, leaf));
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-6 * (1 + Math.abs(expected)));
        compared++;
      }),
      { seed: 4, numRuns: 1000 },
    );
    expect(compared).toBeGreaterThan(500);
  });

  it('mixed derivatives are symmetric', () => {
    let compared = 0;
    fc.assert(
      fc.property(randomExpression, (tree) => {
        if (!Number.isFinite(tameValue(tree, px, pt))) return;
        const xt = value(differentiate(differentiate(tree, 0), 1));
        const tx = value(differentiate(differentiate(tree, 1), 0));
        if (!Number.isFinite(xt) || Math.abs(xt) > 1e6) return;
        expect(Math.abs(xt - tx)).toBeLessThanOrEqual(1e-8 * (1 + Math.abs(xt)));
        compared++;
      }),
      { seed: 5, numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(250);
  });

  it.each([...functions])('%s has the derivative of its values', (_name, entry) => {
    const arity = Math.max(1, Math.min(entry.arguments[1], 2));
    let compared = 0;
    for (const p of [-1.62, -0.71, -0.33, 0.27, 0.64, 1.43, 2.2]) {
      const build = (x1: Expression) =>
        arity === 1 ? entry.build(x1) : entry.build(x1, apply('add', [apply('sin', [x1]), number(2.3)]));
      const f = (h: number) => evaluateScalar(build(x), () => p + h);
      const expected = difference(f);
      if (!Number.isFinite(expected)) continue;
      const found = evaluateScalar(differentiate(build(x), 0), () => p);
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-6 * (1 + Math.abs(expected)));
      compared++;
    }
    expect(compared).toBeGreaterThanOrEqual(2);
  });

  it('a power has both of its derivatives, with the limit 0 at base 0', () => {
    const tree = raw('power', x, a);
    const exponent = partial(tree, a);
    expect(evaluateScalar(exponent, (leaf) => (leaf.kind === 'unknown' ? 1.5 : 2))).toBeCloseTo(
      2 ** 1.5 * Math.LN2,
      12,
    );
    expect(evaluateScalar(exponent, (leaf) => (leaf.kind === 'unknown' ? 1.5 : 0))).toBe(0);
  });

  it('a field raises its order along its own coordinates and vanishes along others', () => {
    expect(differentiate(u, 1)).toMatchObject({ name: 'u', order: [0, 1] });
    expect(differentiate(differentiate(u, 1), 0)).toMatchObject({ name: 'u', order: [1, 1] });
    expect(differentiate(s, 0)).toEqual(number(0));
    expect(differentiate(w, 0)).toEqual(number(0));
  });

  it('shared graphs stay small', () => {
    let tree: Expression = x;
    for (let i = 0; i < 40; i++) tree = apply('sin', [apply('multiply', [tree, tree])]);
    const derivative = differentiate(tree, 0);
    expect(compileProgram([derivative]).instructions.length).toBeLessThan(400);
    expect(leavesOf([derivative])).toEqual([x]);
  });
});
