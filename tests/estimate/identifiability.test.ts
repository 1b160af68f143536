import { describe, expect, it } from 'vitest';
import { undeterminedDirections } from '../../src/estimate/identifiability.ts';
import type { LikelihoodFunction } from '../../src/estimate/likelihood-function.ts';

/** −ℓ = Σ (f_i − y_i)²/2 with numerical slopes. */
function likelihoodOf(
  names: string[],
  f: (x: Float64Array) => number[],
  truth: number[],
): LikelihoodFunction {
  const y = f(Float64Array.from(truth));
  const n = names.length;
  return {
    names,
    low: new Float64Array(n).fill(Number.NEGATIVE_INFINITY),
    high: new Float64Array(n).fill(Number.POSITIVE_INFINITY),
    evaluate: (x) => {
      const columns = names.map((_, j) => {
        const h = 1e-6 * Math.abs(x[j]);
        const shifted = (by: number) => f(x.map((v, k) => (k === j ? v + by : v)));
        const [up, down] = [shifted(h), shifted(-h)];
        return up.map((v, i) => (v - down[i]) / (2 * h));
      });
      const r = f(x).map((v, i) => v - y[i]);
      const dot = (a: number[], b: number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);
      const information = Float64Array.from(columns.flatMap((a) => columns.map((b) => dot(a, b))));
      return {
        negativeLogLikelihood: dot(r, r) / 2,
        score: Float64Array.from(columns, (a) => dot(a, r)),
        information,
      };
    },
  };
}

const t = [0, 1, 2, 3, 4];
const directions = (names: string[], f: (x: Float64Array) => number[], truth: number[]) =>
  undeterminedDirections(likelihoodOf(names, f, truth), Float64Array.from(truth));

describe('directions that the data do not determine', () => {
  it('are none where the parameters are told apart', () => {
    expect(directions(['a', 'k'], ([a, k]) => t.map((s) => a * Math.exp(-k * s)), [30, 0.4])).toEqual([]);
  });

  it('through a product, a quotient, a sum, a difference are recognized as such', () => {
    const exponential = (a: number, k: number) => t.map((s) => a * Math.exp(-k * s));
    const cases = [
      ['product', (x: Float64Array) => exponential(x[0] * x[1], x[2])],
      ['quotient', (x: Float64Array) => exponential(x[0] / x[1], x[2])],
      ['sum', (x: Float64Array) => exponential(x[0] + x[1], x[2])],
      ['difference', (x: Float64Array) => exponential(x[0] - x[1], x[2])],
    ] as const;
    for (const [kind, f] of cases) {
      const found = directions(['a', 'b', 'k'], f, [40, 7, 0.3]);
      expect(found).toHaveLength(1);
      expect(found[0].words).toMatch(new RegExp(`(a and b|b and a) enter only as their ${kind}`));
    }
  });

  it('of three parameters come with their exponents', () => {
    const [found, ...others] = directions(
      ['a', 'b', 'c'],
      ([a, b, c]) => t.map((s) => ((a * b) / c) * Math.exp(-((b * s) / c) * 0.1)),
      [3, 2, 5],
    );
    // b and c enter as b/c; a is determined.
    expect(others).toEqual([]);
    expect(Object.keys(found.exponents)).toEqual(['b', 'c']);
    const [cube] = directions(['a', 'b', 'c'], ([a, b, c]) => t.map((s) => a * b * b + s * b * c), [3, 2, 5]);
    const { a, b, c } = cube.exponents;
    expect(a / b).toBeCloseTo(-2, 4);
    expect(c / b).toBeCloseTo(-1, 4);
  });

  it('on which nothing depends are named', () => {
    const [{ words }] = directions(['a', 'idle'], ([a]) => t.map((s) => a * s), [3, 2]);
    expect(words).toBe('nothing observed depends on idle');
  });
});
