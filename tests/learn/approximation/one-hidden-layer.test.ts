import { describe, expect, test } from 'vitest';
import { hiddenLayerFit } from '../../../src/learn/index.ts';

const at = Float64Array.from({ length: 501 }, (_, n) => -1 + n / 250);

function errorOf(f: (x: number) => number, width: number, steepness?: number): number {
  const values = hiddenLayerFit(f, { width, seed: 1, steepness }).at(at);
  return Math.max(...values.map((value, n) => Math.abs(value - f(at[n]))));
}

describe('one hidden layer', () => {
  test('comes nearer to a continuous function with a kink the wider it is', () => {
    const errors = [4, 16, 64, 256].map((width) => errorOf(Math.abs, width));
    for (let k = 1; k < errors.length; k++) expect(errors[k]).toBeLessThan(0.7 * errors[k - 1]);
    expect(errors[3]).toBeLessThan(0.01);
  });

  test('comes to a smooth function by several digits with few units', () => {
    expect(errorOf((x) => Math.sin(3 * x), 40, 2)).toBeLessThan(1e-4);
  });

  test('is the best combination of its units: no other coefficients leave less', () => {
    const f = (x: number) => Math.exp(x) * Math.cos(4 * x);
    const points = 100;
    const grid = Float64Array.from({ length: points }, (_, n) => -1 + (2 * n) / (points - 1));
    const { at: valuesAt, coefficients } = hiddenLayerFit(f, { width: 6, seed: 2, points });
    const residual = valuesAt(grid).map((value, n) => value - f(grid[n]));
    // Orthogonal to the constant, one of the functions that were combined, and of the length of the coefficients' number.
    expect(residual.reduce((a, b) => a + b)).toBeCloseTo(0, 9);
    expect(coefficients).toHaveLength(7);
  });

  test('refuses a function without a value', () => {
    expect(() => hiddenLayerFit((x) => 1 / x, { width: 4, seed: 0, points: 201 })).toThrow(/Infinity at 0/);
  });
});
