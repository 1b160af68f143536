import { expect, test } from 'vitest';
import { coordinate } from '../../../src/expression/build.ts';
import { differentiate } from '../../../src/expression/differentiate.ts';
import { evaluateScalar } from '../../../src/expression/evaluate.ts';
import type { Expression } from '../../../src/expression/expression.ts';
import {
  ChebyshevBasis,
  chebyshevCoefficients,
  chebyshevNodes,
} from '../../../src/operator/space/chebyshev-basis.ts';
import { FourierBasis, fourierCoefficients } from '../../../src/operator/space/fourier-basis.ts';
import { PowerBasis } from '../../../src/operator/space/power-basis.ts';
import { SeriesSample } from '../../../src/operator/space/series-sample.ts';
import { SplineBasis } from '../../../src/operator/space/spline-basis.ts';
import { equidistant } from '../../../src/problem/sensors.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

const interval = { low: -0.5, high: 2 };
const x = coordinate('x', 0);
const y = coordinate('y', 1);
const at = (expression: Expression, ...point: number[]): number =>
  evaluateScalar(expression, (leaf) => point[leaf.kind === 'coordinate' ? leaf.index : 0]);
const random = randomGenerator(3);
const places = Array.from({ length: 20 }, () => -0.5 + 2.5 * random.uniform());
const knots = [-0.5, 0, 0.3, 0.4, 1.1, 1.5, 2];
const bases = {
  Chebyshev: new ChebyshevBasis(interval, 8),
  Fourier: new FourierBasis(interval, 4),
  power: new PowerBasis(interval, 6),
  'cubic spline': new SplineBasis(knots),
  'broken line': new SplineBasis(knots, 1),
};

test.each(Object.entries(bases))(
  '%s series: numbers, expressions and their derivatives agree',
  (_, basis) => {
    const coefficients = Array.from({ length: basis.count }, () => random.normal());
    let symbolic = basis.series(coefficients, 0, x);
    for (let order = 0; order <= 3; order++) {
      const evaluate = basis.evaluator(coefficients, order);
      const series = basis.series(coefficients, order, x);
      for (const place of places) {
        const value = evaluate(place);
        expect(Math.abs(at(series, place) - value)).toBeLessThan(1e-10 * (1 + Math.abs(value)));
        expect(Math.abs(at(symbolic, place) - value)).toBeLessThan(1e-10 * (1 + Math.abs(value)));
      }
      symbolic = differentiate(symbolic, 0);
    }
  },
);

test('the functions are T_k(s), cos kθ and sin kθ, and s^k', () => {
  const unit = (k: number, count: number) => Array.from({ length: count }, (_, i) => (i === k ? 1 : 0));
  for (const place of places) {
    const s = (2 * (place + 0.5)) / 2.5 - 1;
    const theta = (2 * Math.PI * (place + 0.5)) / 2.5;
    for (let k = 0; k < 5; k++) {
      expect(bases.Chebyshev.evaluator(unit(k, 8), 0)(place)).toBeCloseTo(Math.cos(k * Math.acos(s)), 12);
      expect(bases.power.evaluator(unit(k, 6), 0)(place)).toBeCloseTo(((s + 1) / 2) ** k, 12);
      if (k === 0) continue;
      expect(bases.Fourier.evaluator(unit(2 * k - 1, 9), 0)(place)).toBeCloseTo(Math.cos(k * theta), 12);
      expect(bases.Fourier.evaluator(unit(2 * k, 9), 0)(place)).toBeCloseTo(Math.sin(k * theta), 12);
    }
  }
});

test('interpolation at Chebyshev nodes converges geometrically on 1/(1 + x²), as Bernstein’s ellipse says', () => {
  const f = (place: number) => 1 / (1 + place * place);
  const worst = (n: number): number => {
    const nodes = chebyshevNodes({ low: -1, high: 1 }, n);
    const evaluate = new ChebyshevBasis({ low: -1, high: 1 }, n).evaluator(
      chebyshevCoefficients(nodes.map(f)),
      0,
    );
    return Math.max(...places.map((p) => p / 2).map((p) => Math.abs(evaluate(p) - f(p))));
  };
  // poles at ±i: the rate is 1 + √2 for each degree
  expect(worst(21) / worst(41)).toBeGreaterThan(0.1 * (1 + Math.SQRT2) ** 20);
  expect(worst(61)).toBeLessThan(1e-14);
});

test('trigonometric interpolation is exact for trigonometric polynomials', () => {
  const coefficients = Array.from({ length: 9 }, () => random.normal());
  const nodes = equidistant(interval, 11, true);
  const found = fourierCoefficients(nodes.map(bases.Fourier.evaluator(coefficients, 0)));
  coefficients.forEach((c, i) => void expect(found[i]).toBeCloseTo(c, 13));
  expect(found[10]).toBeCloseTo(0, 13);
});

test('cubic splines reproduce cubics, and converge with order 4', () => {
  const cubic = (p: number) => 1 + p - 2 * p ** 2 + 0.5 * p ** 3;
  const exact = bases['cubic spline'].evaluator(knots.map(cubic), 0);
  for (const place of places) expect(exact(place)).toBeCloseTo(cubic(place), 12);
  const worst = (n: number): number => {
    const t = equidistant(interval, n);
    const evaluate = new SplineBasis(t).evaluator(t.map(Math.sin), 0);
    return Math.max(...equidistant(interval, 977).map((p) => Math.abs(evaluate(p) - Math.sin(p))));
  };
  const order = Math.log2(worst(41) / worst(81));
  expect(order).toBeGreaterThan(3.6);
  expect(order).toBeLessThan(4.6);
});

test('a cubic spline and two of its derivatives are continuous at the knots', () => {
  const values = knots.map(() => random.normal());
  for (const order of [0, 1, 2]) {
    const evaluate = bases['cubic spline'].evaluator(values, order);
    for (const t of knots.slice(1, -1)) expect(evaluate(t - 1e-12)).toBeCloseTo(evaluate(t), 8);
  }
});

test('products of bases: numbers, expressions and mixed derivatives agree', () => {
  for (const pair of [
    [bases.Chebyshev, bases.Fourier],
    [bases['cubic spline'], bases.power],
  ]) {
    const coefficients = Float64Array.from({ length: pair[0].count * pair[1].count }, () => random.normal());
    const sample = new SeriesSample(pair, coefficients);
    const whole = sample.expression([x, y]);
    const mixed = differentiate(differentiate(whole, 0), 1);
    for (let n = 0; n < 8; n++) {
      const point = [places[2 * n], places[2 * n + 1]];
      const [value] = sample.values(Float64Array.from(point));
      const [slope] = sample.values(Float64Array.from(point), [1, 1]);
      expect(Math.abs(at(whole, ...point) - value)).toBeLessThan(1e-11 * (1 + Math.abs(value)));
      expect(Math.abs(at(mixed, ...point) - slope)).toBeLessThan(1e-9 * (1 + Math.abs(slope)));
      expect(Math.abs(at(sample.expression([x, y], [1, 1]), ...point) - slope)).toBeLessThan(
        1e-9 * (1 + Math.abs(slope)),
      );
    }
  }
});
