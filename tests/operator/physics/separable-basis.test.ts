import { describe, expect, it } from 'vitest';
import { axisBasis } from '../../../src/operator/physics/axis-basis.ts';
import { compressed } from '../../../src/operator/physics/compression.ts';
import { productBasis } from '../../../src/operator/physics/product-basis.ts';
import { SeparableBasis, separableBasisOf } from '../../../src/operator/physics/separable-basis.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

const random = randomGenerator(5);
const normal = (length: number): Float64Array =>
  Float64Array.from({ length }, () => 2 * random.uniform() - 1);

/** Three windows of t in [0, 3], x in [2, 6]. */
function example(): SeparableBasis {
  const axes = [axisBasis(6, 0), axisBasis(5, 1)];
  const pieces = {
    basis: productBasis([0, 1], axes),
    lows: Float64Array.of(2, 0),
    highs: Float64Array.of(6, 3),
    time: 1,
    windows: 3,
  };
  return new SeparableBasis(pieces, normal(3 * 30 * 4), 4);
}

const points = Float64Array.of(2.5, 0.3, 2.5, 1.4, 5.1, 2.9, 4.4, 1.7);

describe('a basis of products, window by window', () => {
  const basis = example();

  it.each([
    [[1, 0], 0],
    [[0, 1], 1],
    [[1, 1], 0],
    [[2, 0], 0],
  ] as const)('has the derivative %j', (index, axis) => {
    const h = 1e-5;
    const lower = index.map((k, i) => (i === axis ? k - 1 : k));
    const moved = (shift: number): Float64Array =>
      basis.values(
        points.map((value, k) => (k % 2 === axis ? value + shift : value)),
        4,
        lower,
      );
    const [before, after] = [moved(-h), moved(h)];
    basis.values(points, 4, index).forEach((value, k) => {
      const difference = (after[k] - before[k]) / (2 * h);
      expect(Math.abs(value - difference)).toBeLessThan(1e-4 * (1 + Math.abs(value)));
    });
  });

  it('is the same after it has been stored', () => {
    const again = separableBasisOf(basis.store());
    expect(again.values(points, 4)).toEqual(basis.values(points, 4));
  });

  it('is combined as its functions are', () => {
    const matrix = normal(4 * 2);
    const values = basis.values(points, 4);
    basis
      .combined(matrix, 2)
      .values(points, 4)
      .forEach((value, k) => {
        const [n, column] = [Math.floor(k / 2), k % 2];
        let sum = 0;
        for (let j = 0; j < 4; j++) sum += values[n * 4 + j] * matrix[j * 2 + column];
        expect(value).toBeCloseTo(sum, 10);
      });
  });
});

describe('few functions for many solutions', () => {
  it('hold each of them, and are orthonormal', () => {
    const parts = [normal(40), normal(40), normal(40)];
    const rows = Array.from({ length: 12 }, () => {
      const shares = normal(3);
      return Float64Array.from({ length: 40 }, (_, k) =>
        parts.reduce((sum, part, j) => sum + shares[j] * part[k], 0),
      );
    });
    const { size, functions, coefficients } = compressed(rows, 40);
    expect(size).toBe(3);
    rows.forEach((row, i) => {
      row.forEach((value, k) => {
        let sum = 0;
        for (let j = 0; j < size; j++) sum += coefficients[i * size + j] * functions[k * size + j];
        expect(sum).toBeCloseTo(value, 5);
      });
    });
    for (let a = 0; a < size; a++)
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let k = 0; k < 40; k++) sum += functions[k * size + a] * functions[k * size + b];
        expect(sum).toBeCloseTo(a === b ? 1 : 0, 10);
      }
  });
});
