import { expect, test } from 'vitest';
import { product, transposed } from '../../../src/operator/linear/matrix-product.ts';
import { orthonormalized, principalParts } from '../../../src/operator/linear/principal-parts.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

const random = randomGenerator(1);
const drawn = (n: number) => Float64Array.from({ length: n }, () => random.normal());
const largest = (values: Float64Array) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
const minus = (a: Float64Array, b: Float64Array) => a.map((value, i) => value - b[i]);

/** A matrix with singular values 2^-k, k = 0 … rank − 1. */
function known(n: number, m: number, rank: number): Float64Array {
  const left = orthonormalized(drawn(n * rank), n, rank).map((value, i) => value * 2 ** -(i % rank));
  const right = orthonormalized(drawn(m * rank), m, rank);
  return product(left, transposed(right, m, rank), n, rank, m);
}

test('the product is the sum over rows and columns', () => {
  const [a, b] = [drawn(3 * 5), drawn(5 * 4)];
  const c = product(a, b, 3, 5, 4);
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 4; j++) {
      const sum = [0, 1, 2, 3, 4].reduce((s, k) => s + a[i * 5 + k] * b[k * 4 + j], 0);
      expect(c[i * 4 + j]).toBeCloseTo(sum, 13);
    }
});

test.each([
  [12, 7, 5],
  [7, 12, 5],
  [400, 300, 30],
])('singular values and vectors of a %d × %d matrix are those it was made of', (n, m, rank) => {
  const a = known(n, m, rank);
  const { values, left, right, ...parts } = principalParts(a, n, m, { most: rank + 5, tolerance: 1e-12 });
  expect(parts.rank).toBe(rank);
  values.forEach((value, k) => void expect(value).toBeCloseTo(2 ** -k, 12));
  const scaled = left.map((value, i) => value * values[i % rank]);
  expect(largest(minus(product(scaled, transposed(right, m, rank), n, rank, m), a))).toBeLessThan(1e-13);
  for (const [matrix, rows] of [
    [left, n],
    [right, m],
  ] as const) {
    const gram = product(transposed(matrix, rows, rank), matrix, rank, rows, rank);
    gram.forEach((value, i) => void expect(value).toBeCloseTo(i % (rank + 1) === 0 ? 1 : 0, 12));
  }
});
