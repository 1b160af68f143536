import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import {
  type AffineLayer,
  type EmbeddingLayer,
  evaluateTrial,
  randomFeatureNetwork,
  randomFeatures,
} from '../../src/network/index.ts';

const columns = ({ inputs, outputs, matrix }: ReturnType<typeof randomFeatures>) =>
  Array.from({ length: inputs }, (_, i) => [...matrix.subarray(i * outputs, (i + 1) * outputs)]);

describe('frequencies', () => {
  test('fill the box of the scales evenly', () => {
    const scales = [3, 20];
    columns(randomFeatures({ count: 20_000, scales, seed: 4 })).forEach((frequencies, i) => {
      expect(Math.max(...frequencies.map(Math.abs))).toBeLessThanOrEqual(scales[i]);
      const mean = frequencies.reduce((sum, w) => sum + w, 0) / frequencies.length;
      const square = frequencies.reduce((sum, w) => sum + w * w, 0) / frequencies.length;
      expect(Math.abs(mean)).toBeLessThan(0.02 * scales[i]);
      expect(square / (scales[i] ** 2 / 3)).toBeCloseTo(1, 1);
    });
  });

  test('are those of the seed: fewer features are the first of more, scales stretch them', () => {
    const few = columns(randomFeatures({ count: 10, scales: [1, 1], seed: 5 }));
    const many = columns(randomFeatures({ count: 40, scales: [2, 1], seed: 5 }));
    const other = columns(randomFeatures({ count: 10, scales: [1, 1], seed: 6 }));
    expect(many[0].slice(0, 10)).toEqual(few[0].map((w) => 2 * w));
    expect(many[1].slice(0, 10)).toEqual(few[1]);
    expect(other).not.toEqual(few);
  });

  test('along a periodic coordinate are every whole number of waves, the fewer the more often', () => {
    const [frequencies] = columns(
      randomFeatures({ count: 14_000, scales: [3 * Math.PI], periodic: [0], seed: 1 }),
    );
    const counts = new Map<number, number>();
    for (const w of frequencies) counts.set(w / Math.PI, (counts.get(w / Math.PI) ?? 0) + 1);
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
    for (let k = 1; k <= 3; k++) {
      expect(counts.get(k)! / counts.get(-k)!).toBeCloseTo(1, 1);
      expect(counts.get(k)!).toBeLessThan(counts.get(k - 1)!);
    }
  });
});

test('a network that is periodic by its features matches on both faces with all derivatives', () => {
  const network = randomFeatureNetwork({
    coordinates: [0, 1],
    fields: ['u', 'v'],
    count: 30,
    scales: [10, 4],
    periodic: [0],
    seed: 2,
  });
  const theta = Float64Array.from({ length: 62 }, (_, i) => Math.sin(i + 1));
  const orders = [
    [0, 0],
    [1, 0],
    [2, 0],
    [3, 1],
  ];
  const times = [-1, -0.3, 0.8];
  const at = (x: number) =>
    evaluateTrial(
      { dimension: 2, networks: [network] },
      theta,
      Float64Array.from(times.flatMap((t) => [x, t])),
      orders,
    );
  const [left, right] = [at(-1), at(1)];
  for (const field of ['u', 'v'])
    orders.forEach((order, k) => {
      left.get(field)![k].forEach((value, n) => {
        expect(Math.abs(right.get(field)![k][n] - value)).toBeLessThan(1e-11 * 10 ** (order[0] + order[1]));
      });
    });
});

test.each([
  ['no features', { count: 0, scales: [1] }],
  ['half a feature', { count: 2.5, scales: [1] }],
  ['a scale of zero', { count: 3, scales: [1, 0] }],
  ['a scale that is no number', { count: 3, scales: [Number.NaN] }],
])('%s is refused', (_, options) => {
  expect(() => randomFeatures({ ...options, seed: 0 })).toThrow(ProblemError);
});

test('derivatives in closed form are those that jets give', () => {
  const network = randomFeatureNetwork({
    coordinates: [1, 0],
    fields: ['u', 'v'],
    count: 12,
    scales: [3, 5],
    seed: 3,
  });
  const [features, last] = network.layers;
  // A linear column that no weight reaches: the same function, but no longer a sum of sines alone.
  const { inputs, outputs, matrix, bias } = features as EmbeddingLayer;
  const wider: EmbeddingLayer = {
    kind: 'embedding',
    inputs,
    outputs: outputs + 1,
    matrix: Float64Array.from({ length: inputs * (outputs + 1) }, (_, k) => {
      const [i, j] = [Math.floor(k / (outputs + 1)), k % (outputs + 1)];
      return j < outputs ? matrix[i * outputs + j] : 1;
    }),
    bias: Float64Array.of(...bias, 0),
    sine: [...new Array<boolean>(outputs).fill(true), false],
  };
  const theta = Float64Array.from({ length: 26 }, (_, i) => Math.cos(3 * i));
  const widerTheta = Float64Array.of(...theta.subarray(0, 24), 0, 0, ...theta.subarray(24));
  const points = Float64Array.from({ length: 600 }, (_, i) => Math.sin(i * i));
  const orders = [
    [0, 0],
    [1, 0],
    [0, 1],
    [2, 0],
    [1, 2],
    [0, 4],
  ];
  const closed = evaluateTrial({ dimension: 2, networks: [network] }, theta, points, orders);
  const jets = evaluateTrial(
    { dimension: 2, networks: [{ ...network, layers: [wider, { ...(last as AffineLayer), inputs: 13 }] }] },
    widerTheta,
    points,
    orders,
  );
  for (const field of ['u', 'v'])
    orders.forEach((_, k) => {
      const size = Math.max(...jets.get(field)![k].map(Math.abs));
      closed.get(field)![k].forEach((value, n) => {
        expect(Math.abs(value - jets.get(field)![k][n])).toBeLessThan(1e-13 * size);
      });
    });
});
