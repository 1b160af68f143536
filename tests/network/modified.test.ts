import { describe, expect, it } from 'vitest';
import {
  evaluateTrial,
  initialize,
  multilayerPerceptron,
  networkSize,
  type TrialSolution,
  trialSize,
  widened,
} from '../../src/network/index.ts';

const trialOf = (width: number, depth: number): TrialSolution => ({
  dimension: 2,
  networks: [
    multilayerPerceptron({
      coordinates: [0, 1],
      fields: ['u'],
      width,
      depth,
      activation: 'tanh',
      architecture: 'modified',
    }),
  ],
});

const points = Float64Array.from({ length: 30 }, (_, i) => Math.sin(5 * i));

/** The network as its authors write it, value by value. */
function byDefinition(theta: Float64Array, width: number, depth: number, x: number[]): number {
  let at = 0;
  const affine = (input: number[], outputs: number): number[] => {
    const z = Array.from({ length: outputs }, (_, j) =>
      input.reduce((sum, value, i) => sum + value * theta[at + i * outputs + j], 0),
    );
    at += input.length * outputs;
    const result = z.map((value, j) => value + theta[at + j]);
    at += outputs;
    return result;
  };
  const encodings = affine(x, 3 * width).map(Math.tanh);
  const [u, v] = [encodings.slice(0, width), encodings.slice(width, 2 * width)];
  const gate = (z: number[]): number[] => z.map((value, j) => (1 - value) * u[j] + value * v[j]);
  let h = gate(encodings.slice(2 * width));
  for (let layer = 1; layer < depth; layer++) h = gate(affine(h, width).map(Math.tanh));
  return affine(h, 1)[0];
}

describe('the modified network', () => {
  it.each([1, 3])('of depth %i is what Wang, Teng & Perdikaris define', (depth) => {
    const trial = trialOf(4, depth);
    const theta = initialize(trial, { seed: 3 });
    const values = evaluateTrial(trial, theta, points, [[0, 0]]).get('u')![0];
    values.forEach((value, n) => {
      const expected = byDefinition(theta, 4, depth, [points[2 * n], points[2 * n + 1]]);
      expect(value).toBeCloseTo(expected, 13);
    });
  });

  it('has derivatives that are the slopes of lower ones, to order 4', () => {
    const trial = trialOf(6, 2);
    const theta = initialize(trial, { seed: 1 });
    const orders = [
      [0, 0],
      [1, 0],
      [1, 1],
      [1, 2],
      [2, 2],
    ];
    const axes = [0, 1, 1, 0];
    const h = 1e-3;
    axes.forEach((axis, k) => {
      const at = (shift: number): Float64Array =>
        evaluateTrial(
          trial,
          theta,
          points.map((x, i) => (i % 2 === axis ? x + shift * h : x)),
          [orders[k]],
        ).get('u')![0];
      const [a, b, c, d] = [at(2), at(1), at(-1), at(-2)];
      const slope = b.map((value, n) => (8 * (value - c[n]) - (a[n] - d[n])) / (12 * h));
      const [own] = evaluateTrial(trial, theta, points, [orders[k + 1]]).get('u')!;
      own.forEach((value, n) => {
        expect(Math.abs(value - slope[n])).toBeLessThan(1e-8 * (1 + Math.abs(value)));
      });
    });
  });

  it('has encodings that are drawn like layers of their own', () => {
    const trial = trialOf(200, 1);
    expect(networkSize(trial.networks[0])).toBe(3 * 3 * 200 + 201);
    const theta = initialize(trial, { seed: 2, scheme: 'glorot' });
    const bound = Math.sqrt(6 / (2 + 200));
    const weights = theta.subarray(0, 2 * 600);
    expect(Math.max(...weights.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(Math.max(...weights.map(Math.abs))).toBeGreaterThan(0.95 * bound);
  });

  it('is widened without a change of its field', () => {
    const [narrow, wide] = [trialOf(4, 3), trialOf(7, 3)];
    const theta = initialize(narrow, { seed: 4 }).map((value, i) => value + 0.1 * Math.sin(i));
    const result = widened(narrow, wide, theta, { seed: 9 });
    expect(result).toHaveLength(trialSize(wide));
    const [before, after] = [
      evaluateTrial(narrow, theta, points, [[1, 1]]),
      evaluateTrial(wide, result, points, [[1, 1]]),
    ];
    after.get('u')![0].forEach((value, n) => {
      expect(value).toBeCloseTo(before.get('u')![0][n], 12);
    });
  });
});
