import { describe, expect, test } from 'vitest';
import { evaluateTrial } from '../../src/network/index.ts';
import { axisCount, type SeparableAxis, separableSize } from '../../src/network/separable.ts';
import type { TrialSolution } from '../../src/network/trial-solution.ts';
import { randomGenerator } from '../../src/random/generator.ts';

const axes: readonly (readonly [string, SeparableAxis])[] = [
  ['fourier', { kind: 'fourier', harmonics: 3 }],
  ['sines', { kind: 'sine', first: 1, count: 4, repeats: 1 }],
  ['cosines', { kind: 'cosine', first: 0, count: 4, repeats: 2 }],
  ['half-integer sines', { kind: 'sine', first: 0.5, count: 3, repeats: 1 }],
  ['polynomials', { kind: 'chebyshev', degree: 5 }],
];

function trialOf(own: readonly SeparableAxis[], coordinates: readonly number[]): TrialSolution {
  return {
    dimension: own.length,
    networks: [{ coordinates, fields: ['u'], layers: [], separable: { axes: own } }],
  };
}

function drawn(count: number, seed: number): Float64Array {
  const generator = randomGenerator(seed);
  return Float64Array.from({ length: count }, () => generator.normal());
}

describe.each(axes)('%s along an axis', (_, axis) => {
  const trial = trialOf([axis, { kind: 'chebyshev', degree: 2 }], [1, 0]);
  const theta = drawn(separableSize(trial.networks[0].separable!), 3);
  const points = Float64Array.from([0.3, -0.7, 0.3, 0.41, -0.2, 0.41, 0.99, -0.98]);
  const of = (at: Float64Array, index: readonly number[]) =>
    evaluateTrial(trial, theta, at, [index]).get('u')![0];

  test.each([
    [0, 1],
    [0, 2],
    [1, 1],
    [2, 3],
  ])('the derivative of order (%d, %d) is that of finite differences of the one below', (first, second) => {
    const h = 1e-5;
    const shifted = (by: number) => points.map((x, i) => (i % 2 === 1 ? x + by : x));
    const ahead = of(shifted(h), [first, second - 1]);
    const behind = of(shifted(-h), [first, second - 1]);
    of(points, [first, second]).forEach((value, n) => {
      expect(Math.abs(value - (ahead[n] - behind[n]) / (2 * h))).toBeLessThan(
        1e-6 * (1 + Math.abs(value)) * 50,
      );
    });
  });

  test('several derivatives at once are those one by one, whatever rows have in common', () => {
    const indices = [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 2],
    ];
    const together = evaluateTrial(trial, theta, points, indices).get('u')!;
    indices.forEach((index, i) => {
      for (let n = 0; n < points.length / 2; n++)
        expect(together[i][n]).toBeCloseTo(of(points.slice(2 * n, 2 * n + 2), index)[0], 12);
    });
  });
});

test('the field is the sum over all products of the functions of each axis', () => {
  const own: SeparableAxis[] = [
    { kind: 'chebyshev', degree: 1 },
    { kind: 'fourier', harmonics: 1 },
    { kind: 'sine', first: 1, count: 2, repeats: 1 },
  ];
  const theta = drawn(2 * 3 * 2, 5);
  const [t, x, y] = [0.37, -0.61, 0.13];
  const time = [1, t];
  const along = [1, Math.cos(Math.PI * (x + 1)), Math.sin(Math.PI * (x + 1))];
  const across = [1, 2].map((k) => Math.sin((k * Math.PI * (y + 1)) / 2));
  const expected = time
    .flatMap((a) => along.flatMap((b) => across.map((c) => a * b * c)))
    .reduce((sum, product, i) => sum + product * theta[i], 0);
  const trial = trialOf(own, [2, 0, 1]);
  const [[value]] = evaluateTrial(trial, theta, Float64Array.from([x, y, t]), [[0, 0, 0]]).get('u')!;
  expect(value).toBeCloseTo(expected, 13);
  expect(own.map(axisCount)).toEqual([2, 3, 2]);
});
