import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import {
  boxEmbedding,
  evaluateTrial,
  fourierFeatures,
  initialize,
  multilayerPerceptron,
  networkSize,
  reachedPoints,
  subdomains,
  type TrialSolution,
  trialSize,
  windowDerivatives,
} from '../../src/network/index.ts';
import { randomGenerator } from '../../src/random/generator.ts';

const generator = randomGenerator(4);
const points = Float64Array.from({ length: 400 }, () => 2 * generator.uniform() - 1);

describe.each([0.2, 0.5, 1])('windows that overlap by %d', (overlap) => {
  const parts = subdomains({ counts: [4, 3], overlap, smoothness: 3 });

  it('add up to one with all their derivatives', () => {
    const orders = [
      [0, 0],
      [1, 0],
      [2, 1],
      [0, 3],
    ];
    for (let n = 0; n < 200; n++) {
      const point = points.subarray(2 * n, 2 * n + 2);
      const own = parts.filter(({ window }) => reachedPoints(window, point, 2).length > 0);
      expect(own.length).toBeLessThanOrEqual(4);
      orders.forEach((order, k) => {
        const values = own.map(({ window }) => windowDerivatives(window, point, 2, [order])[0][0]);
        const size = Math.max(1, ...values.map(Math.abs));
        expect(Math.abs(values.reduce((sum, value) => sum + value, 0) - (k === 0 ? 1 : 0))).toBeLessThan(
          1e-13 * size,
        );
      });
    }
  });

  it('vanish outside their boxes, and are what their derivatives say', () => {
    const h = 1e-4;
    for (const { window, box } of parts) {
      const reached = new Set(reachedPoints(window, points, 2));
      for (let n = 0; n < 200; n++) {
        const [x, y] = points.subarray(2 * n, 2 * n + 2);
        const inside = x > box[0].low && x < box[0].high && y > box[1].low && y < box[1].high;
        if (Math.abs(x) < 1 && Math.abs(y) < 1) expect(reached.has(n)).toBe(inside);
        if (!inside) continue;
        const at = (shift: number) =>
          windowDerivatives(window, Float64Array.of(x + shift * h, y), 2, [[1, 1]])[0][0];
        const slope = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
        const [[own]] = windowDerivatives(window, Float64Array.of(x, y), 2, [[2, 1]]);
        // The fourth derivative of a ramp jumps at its ends.
        expect(Math.abs(own - slope)).toBeLessThan(1e-3 * 16 * (1 / overlap) ** 3);
      }
    }
  });
});

it('windows without overlap are the indicators of boxes that tile the domain', () => {
  const parts = subdomains({ counts: [3, 2], overlap: 0, smoothness: 1 });
  const corners = Float64Array.of(-1, -1, -1 / 3, 0, 1 / 3, 1, 1, 1, 0.1, -0.2);
  const reached = parts.flatMap(({ window }) => reachedPoints(window, corners, 2));
  expect(reached.sort()).toEqual([0, 1, 2, 3, 4]);
});

it('refuses counts and overlaps that cannot be', () => {
  expect(() => subdomains({ counts: [0], overlap: 0.5, smoothness: 1 })).toThrow(ProblemError);
  expect(() => subdomains({ counts: [2], overlap: 1.5, smoothness: 1 })).toThrow(
    'the overlap of the subdomains is 1.5',
  );
});

describe('a field of windowed networks', () => {
  const trial: TrialSolution = {
    dimension: 2,
    networks: subdomains({ counts: [3, 2], overlap: 0.6, smoothness: 3 }).map(({ window, box }) => ({
      ...multilayerPerceptron({
        coordinates: [0, 1],
        fields: ['u', 'v'],
        width: 4,
        depth: 1,
        activation: 'tanh',
        embedding: boxEmbedding(box),
      }),
      window,
    })),
  };
  const theta = initialize(trial, { seed: 5 });

  it('is the sum of its networks times their windows', () => {
    const [v] = evaluateTrial(trial, theta, points, [[0, 0]]).get('v')!;
    const expected = new Float64Array(200);
    let offset = 0;
    for (const { window, ...network } of trial.networks) {
      const own = { dimension: 2, networks: [network] };
      const part = theta.subarray(offset, offset + networkSize(network));
      const [values] = evaluateTrial(own, part, points, [[0, 0]]).get('v')!;
      const reached = new Set(reachedPoints(window!, points, 2));
      const [weights] = windowDerivatives(window!, points, 2, [[0, 0]]);
      for (let n = 0; n < 200; n++) if (reached.has(n)) expected[n] += weights[n] * values[n];
      offset += networkSize(network);
    }
    expect(offset).toBe(trialSize(trial));
    v.forEach((value, n) => {
      expect(value).toBeCloseTo(expected[n], 13);
    });
  });

  it('has derivatives that are slopes of each other', () => {
    const h = 1e-4;
    const at = (shift: number) =>
      evaluateTrial(
        trial,
        theta,
        points.map((x, i) => (i % 2 === 0 ? x + shift * h : x)),
        [[1, 1]],
      ).get('u')![0];
    const [a, b, c, d] = [at(2), at(1), at(-1), at(-2)];
    const [own] = evaluateTrial(trial, theta, points, [[2, 1]]).get('u')!;
    const size = Math.max(...own.map(Math.abs));
    own.forEach((value, n) => {
      const slope = (8 * (b[n] - c[n]) - (a[n] - d[n])) / (12 * h);
      expect(Math.abs(value - slope)).toBeLessThan(1e-5 * size);
    });
  });

  it('sees Fourier features of its own box', () => {
    const features = fourierFeatures({ inputs: 2, count: 3, scale: 2, seed: 1 });
    const box = [
      { low: -0.5, high: 0.25 },
      { low: 0, high: 1 },
    ];
    const composed = boxEmbedding(box, features);
    const inBox = boxEmbedding(box);
    const [x, y] = [-0.1, 0.3];
    const local = [x, y].map((value, i) => value * inBox.matrix[3 * i] + inBox.bias[i]);
    expect(local[0]).toBeCloseTo((2 * (x + 0.5)) / 0.75 - 1, 14);
    for (let j = 0; j < 6; j++) {
      const direct = x * composed.matrix[j] + y * composed.matrix[6 + j] + composed.bias[j];
      const expected = local[0] * features.matrix[j] + local[1] * features.matrix[6 + j] + features.bias[j];
      expect(direct).toBeCloseTo(expected, 13);
    }
  });
});
