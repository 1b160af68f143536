import { describe, expect, it } from 'vitest';
import { cubicSpline, meanSquareCurvature } from '../../src/estimate/cubic-spline.ts';
import { differentiate } from '../../src/expression/differentiate.ts';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import type { Expression } from '../../src/expression/expression.ts';
import { randomGenerator } from '../../src/random/generator.ts';

const [low, high, intervals] = [2, 7, 6];
const spline = cubicSpline('c', { kind: 'coordinate', name: 't', index: 0 }, { low, high }, intervals);

function valueAt(expression: Expression, t: number, coefficients: readonly number[]): number {
  return evaluateScalar(expression, (leaf) =>
    leaf.kind === 'coordinate' ? t : coefficients[spline.coefficients.indexOf(leaf.name)],
  );
}

const times = [low, 2.3, 3.7, 5, 6.99, high];
const random = randomGenerator(3);
const drawn = spline.coefficients.map(() => random.uniform() - 0.5);

describe('cubic splines on equidistant knots', () => {
  it('with equal coefficients are constant, with equidistant ones linear (Marsden)', () => {
    const spacing = (high - low) / intervals;
    for (const t of times) {
      expect(
        valueAt(
          spline.expression,
          t,
          drawn.map(() => 0.7),
        ),
      ).toBeCloseTo(0.7, 13);
      const places = drawn.map((_, k) => low + (k - 1) * spacing);
      expect(valueAt(spline.expression, t, places)).toBeCloseTo(t, 12);
    }
  });

  it('have continuous second derivatives, which are those of their differences', () => {
    const second = differentiate(differentiate(spline.expression, 0), 0);
    const h = 1e-3;
    for (const t of [2.4, 3.1, 4.4]) {
      const [a, b, c] = [-h, 0, h].map((d) => valueAt(spline.expression, t + d, drawn));
      expect(valueAt(second, t, drawn)).toBeCloseTo((a - 2 * b + c) / h ** 2, 3);
    }
    const knot = low + (high - low) / 2;
    expect(valueAt(second, knot - 1e-9, drawn)).toBeCloseTo(valueAt(second, knot + 1e-9, drawn), 6);
  });

  it('have the mean square of their second derivative as a quadratic form in the coefficients', () => {
    const second = differentiate(differentiate(spline.expression, 0), 0);
    // Simpson's rule on each interval is exact for squares of linear functions.
    const spacing = (high - low) / intervals;
    let mean = 0;
    for (let i = 0; i < intervals; i++)
      [1, 4, 1].forEach((weight, k) => {
        const inside = Math.min(high, Math.max(low, low + (i + k / 2) * spacing));
        mean += (weight / 6 / intervals) * valueAt(second, inside, drawn) ** 2;
      });
    const matrix = meanSquareCurvature(intervals);
    const n = drawn.length;
    const form = drawn.reduce(
      (sum, a, i) => sum + drawn.reduce((row, b, j) => row + a * matrix[i * n + j] * b, 0),
      0,
    );
    expect(form).toBeCloseTo(mean * ((high - low) / 2) ** 4, 10);
  });
});
