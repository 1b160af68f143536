import { describe, expect, it } from 'vitest';
import { uncharted } from '../../src/network/chart.ts';
import {
  evaluateTrial,
  type NetworkChart,
  randomFeatureNetwork,
  type TrialSolution,
  trialSize,
} from '../../src/network/index.ts';
import { randomGenerator } from '../../src/random/generator.ts';

const placed = { coordinates: [0, 1], center: [0.2, -0.3], radii: [0.25, 0.4] };
const charts: Record<string, NetworkChart> = {
  inversion: { kind: 'inversion', ...placed, source: false },
  'inversion with a source': { kind: 'inversion', ...placed, source: true },
  'polar kind with a power': { kind: 'polar', ...placed, direction: 0.7, angle: 4.7, power: 0.54 },
  'polar kind with a logarithm': { kind: 'polar', ...placed, direction: 0.7, angle: 4.7, power: 0 },
  sector: { kind: 'sector', ...placed, direction: 0.7, exponent: 2 / 3 },
  layer: { kind: 'layer', coordinates: [0], center: [1], radii: [0.05] },
};

function trialWith(...networks: (NetworkChart | undefined)[]): TrialSolution {
  return {
    dimension: 2,
    networks: networks.map((chart, i) => ({
      ...randomFeatureNetwork({ coordinates: [0, 1], fields: ['u', 'v'], count: 5, scales: [3, 3], seed: i }),
      ...(chart && { chart }),
    })),
  };
}

const generator = randomGenerator(3);
const theta = Float64Array.from({ length: 200 }, () => generator.uniform() - 0.5);

describe.each(Object.entries(charts))('a network with the chart of an %s', (_, chart) => {
  it('has the derivatives of its values', () => {
    const trial = trialWith(chart);
    const at = (x: number, y: number, order: number[]): number =>
      evaluateTrial(trial, theta, Float64Array.of(x, y), [order]).get('v')![0][0];
    const h = 1e-3;
    for (const [x, y] of [
      [0.6, 0.4],
      [-0.5, 0.3],
      [0.3, 0.9],
    ]) {
      const slope = (order: number[], axis: number): number => {
        const moved = (k: number) => at(x + (axis === 0 ? k * h : 0), y + (axis === 1 ? k * h : 0), order);
        return (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * h);
      };
      for (const [order, raised, axis] of [
        [[0, 0], [1, 0], 0],
        [[1, 0], [1, 1], 1],
        [[0, 1], [0, 2], 1],
        [[1, 1], [2, 1], 0],
      ] as const) {
        const own = at(x, y, [...raised]);
        expect(Math.abs(slope([...order], axis) - own)).toBeLessThan(1e-7 * Math.max(1, Math.abs(own)));
      }
    }
  });

  it('adds to what other networks give to its fields', () => {
    const points = Float64Array.of(0.6, 0.4, -0.9, 0.2);
    const [both, one, other] = [
      trialWith(undefined, chart),
      trialWith(undefined),
      { ...trialWith(undefined, chart), networks: trialWith(undefined, chart).networks.slice(1) },
    ];
    const order = [[1, 1]];
    const [sum] = evaluateTrial(both, theta, points, order).get('u')!;
    const [a] = evaluateTrial(one, theta, points, order).get('u')!;
    const [b] = evaluateTrial(other, theta.subarray(trialSize(one)), points, order).get('u')!;
    sum.forEach((value, n) => {
      expect(value).toBeCloseTo(a[n] + b[n], 10);
    });
  });
});

it('is constant far from a hole as everything beyond the circle is', () => {
  const chart: NetworkChart = {
    kind: 'inversion',
    coordinates: [0, 1],
    center: [0, 0],
    radii: [0.1, 0.1],
    source: false,
  };
  const values = evaluateTrial(trialWith(chart), theta, Float64Array.of(1e6, 0, 0, -1e6), [[0, 0]]).get(
    'u',
  )![0];
  expect(Math.abs(values[0] - values[1])).toBeLessThan(1e-6);
});

describe.each([-1, 1])('a layer at %d', (face) => {
  const chart: NetworkChart = { kind: 'layer', coordinates: [1], center: [face], radii: [0.01] };

  it('has points spread evenly over the logarithm of the distance from the face', () => {
    const moved = Float64Array.from([0.3, -1, 0.3, 0, 0.3, 1]);
    const points = uncharted(chart, moved, 2);
    const distances = [1, 3, 5].map((n) => Math.abs(points[n] - face));
    const depths = distances.map((distance) => Math.log1p(distance / 0.01));
    expect([points[0], points[2], points[4]]).toEqual([0.3, 0.3, 0.3]);
    expect(distances[0]).toBe(0);
    expect(depths[1]).toBeCloseTo(depths[2] / 2, 12);
    expect(distances[2]).toBeCloseTo(2, 12);
  });

  it('has its network where the points came from', () => {
    const trial = trialWith(chart);
    const plain = trialWith(undefined);
    const moved = Float64Array.of(0.3, -0.4, -0.7, 0.2);
    const order = [[0, 0]];
    const there = evaluateTrial(trial, theta, uncharted(chart, moved, 2), order).get('u')![0];
    const own = evaluateTrial(plain, theta, moved, order).get('u')![0];
    there.forEach((value, n) => {
      expect(value).toBeCloseTo(own[n], 10);
    });
  });
});
