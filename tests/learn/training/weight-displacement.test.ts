import { expect, test } from 'vitest';
import { weightDisplacement } from '../../../src/learn/index.ts';

const weights = (...values: number[][]) =>
  values.map((own) => ({ shape: [own.length], values: Float32Array.from(own) }));

test('displacement is the length of the difference over that of the start, over all weights', () => {
  expect(weightDisplacement(weights([3, 0], [4]), weights([3, 1], [2]))).toBeCloseTo(Math.sqrt(5) / 5, 12);
  expect(weightDisplacement(weights([1, 2]), weights([1, 2]))).toBe(0);
});

test('displacement of weights that do not fit, or from zero, says so', () => {
  expect(() => weightDisplacement(weights([1, 2]), weights([1]))).toThrow(/unlike networks/);
  expect(() => weightDisplacement(weights([0]), weights([1]))).toThrow(/zero at the start/);
});
