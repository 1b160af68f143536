import { expect, test } from 'vitest';
import { LeastSquares } from '../../../src/operator/linear/feature-least-squares.ts';
import { product } from '../../../src/operator/linear/matrix-product.ts';
import { basisOf } from '../../../src/operator/training/basis-of.ts';
import { FeatureBasis, featureLayer, featureValues } from '../../../src/operator/training/feature-basis.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

const coordinates = [
  { name: 'x', low: -1, high: 3 },
  { name: 't', low: 0, high: 0.5 },
];
const random = randomGenerator(2);
const layer = featureLayer(coordinates, [0, 1], { count: 20, scales: [4, 3], seed: 1 });
const basis = new FeatureBasis(
  layer,
  Float64Array.from({ length: 21 * 3 }, () => random.normal()),
  3,
);
const point = Float64Array.of(0.7, 0.2);

test('derivatives of the trunk agree with finite differences', () => {
  const h = 1e-4;
  const along = (i: number, step: number, index?: readonly number[]) =>
    basis.values(
      Float64Array.from(point, (value, k) => (k === i ? value + step : value)),
      1,
      index,
    );
  for (const [i, index, below] of [
    [0, [1, 0], undefined],
    [1, [0, 1], undefined],
    [0, [2, 0], [1, 0]],
    [1, [1, 1], [1, 0]],
    [1, [0, 3], [0, 2]],
  ] as const) {
    const [plus, minus] = [along(i, h, below), along(i, -h, below)];
    const exact = basis.values(point, 1, index);
    exact.forEach((value, k) => {
      const difference = (plus[k] - minus[k]) / (2 * h);
      expect(Math.abs(value - difference)).toBeLessThan(1e-4 * (1 + Math.abs(value)));
    });
  }
});

test('combined functions are the combinations', () => {
  const matrix = Float64Array.of(1, 0, 2, -1, 0.5, 3);
  const values = basis.combined(matrix, 2).values(point, 1);
  product(basis.values(point, 1), matrix, 1, 3, 2).forEach(
    (value, k) => void expect(values[k]).toBeCloseTo(value, 12),
  );
});

test('a stored trunk is the same, a damaged one is refused', () => {
  const block = basis.store();
  expect([...basisOf(block, { coordinates }).values(point, 1)]).toEqual([...basis.values(point, 1)]);
  for (const damaged of [
    { ...block, kind: 'something' },
    { ...block, size: 4 },
    { ...block, bias: layer.bias.slice(1) },
    { ...block, coefficients: basis.coefficients.map(() => Number.NaN) },
  ])
    expect(() => basisOf(damaged, { coordinates })).toThrow(/trunk/);
});

test('least squares over features find what is among them', async () => {
  const rows = 300;
  const points = Float64Array.from({ length: 2 * rows }, (_, k) => {
    const { low, high } = coordinates[k % 2];
    return low + (high - low) * random.uniform();
  });
  const squares = await LeastSquares.create();
  const found = squares.solve(featureValues(layer, points, rows), basis.values(points, rows), rows, 21, 3);
  const again = new FeatureBasis(layer, found, 3).values(point, 1);
  basis.values(point, 1).forEach((value, k) => void expect(again[k]).toBeCloseTo(value, 8));
});
