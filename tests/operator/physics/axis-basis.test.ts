import { describe, expect, it } from 'vitest';
import { gaussLegendre } from '../../../src/expression/gauss-legendre.ts';
import {
  axisBasis,
  axisProjection,
  axisValues,
  periodicAxisBasis,
} from '../../../src/operator/physics/axis-basis.ts';

const bases = [
  ['random features', axisBasis(18, 3)],
  ['sines and cosines', periodicAxisBasis(13)],
] as const;

describe.each(bases)('an axis basis of %s', (_, basis) => {
  it('is orthonormal on [−1, 1]', () => {
    const { nodes, weights } = gaussLegendre(80);
    const values = axisValues(basis, nodes);
    const { count } = basis;
    for (let i = 0; i < count; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        weights.forEach((weight, q) => {
          sum += weight * values[q * count + i] * values[q * count + j];
        });
        expect(Math.abs(sum - (i === j ? 1 : 0))).toBeLessThan(1e-7);
      }
  });

  it('has derivatives that agree with differences', () => {
    const h = 1e-5;
    for (const order of [1, 2, 3]) {
      const [before, after] = [-h, h].map((shift) => axisValues(basis, [0.37 + shift], order - 1));
      const slopes = axisValues(basis, [0.37], order);
      slopes.forEach((slope, j) => {
        const difference = (after[j] - before[j]) / (2 * h);
        expect(Math.abs(slope - difference)).toBeLessThan(2e-4 * 60 ** order);
      });
    }
  });
});

describe('what functions hold', () => {
  it('is a smooth function to many digits', () => {
    const basis = axisBasis(20, 0);
    const given = (x: number): number => Math.exp(x) * Math.cos(4 * x);
    const coefficients = axisProjection(basis, given);
    const points = [-1, -0.6, 0.1, 0.99];
    const values = axisValues(basis, points);
    points.forEach((x, n) => {
      let sum = 0;
      for (let j = 0; j < basis.count; j++) sum += coefficients[j] * values[n * basis.count + j];
      expect(Math.abs(sum - given(x))).toBeLessThan(1e-5);
    });
  });

  it('has the period 2 where it is periodic, with all derivatives', () => {
    for (const order of [0, 1, 2]) {
      const [left, right] = [-1, 1].map((x) => axisValues(periodicAxisBasis(9), [x], order));
      left.forEach((value, j) => {
        expect(value).toBeCloseTo(right[j], 9);
      });
    }
  });
});
