import { describe, expect, test } from 'vitest';
import type { ResidualSystem } from '../../../src/residual/index.ts';
import { raisedAttention } from '../../../src/solve/weighting/self-adaptive.ts';

const block = (path: string, count: number): ResidualSystem['blocks'][0] => ({
  path,
  kind: 'equation',
  points: [new Float64Array(count)],
  count,
  columns: {},
  residuals: [0] as unknown as ResidualSystem['blocks'][0]['residuals'],
  weight: 1,
});
const system: ResidualSystem = {
  trial: { dimension: 1, networks: [] },
  unknowns: [],
  blocks: [block('equations[0]', 3), block('conditions[0]', 1)],
};

const meanOf = (weights: readonly Float64Array[]): number =>
  weights.reduce((sum, w) => sum + w.reduce((a, b) => a + b, 0) / w.length, 0) / weights.length;

describe('self-adaptive weights', () => {
  const residuals = Float64Array.of(1, 2, 0, 0.5);
  const raised = raisedAttention(system, undefined, residuals, 0.1);

  test('are one step of ascent along the gradient of the loss in them, over their mean', () => {
    // λ = 1 and ∂L/∂λ = 2r² at each point; the mean over blocks of its means is (10/3 + 1/2)/2.
    const mean = (10 / 3 + 0.5) / 2;
    const squares = [1, 2, 0, 0.5].map((r) => (1 + (0.1 * 2 * r * r) / mean) ** 2);
    const scale = ((squares[0] + squares[1] + squares[2]) / 3 + squares[3]) / 2;
    [...raised[0], ...raised[1]].forEach((weight, n) => {
      expect(weight).toBeCloseTo(squares[n] / scale, 12);
    });
  });

  test('are larger where the residual is larger, and keep their mean', () => {
    expect(raised[0][1]).toBeGreaterThan(raised[0][0]);
    expect(raised[0][0]).toBeGreaterThan(raised[0][2]);
    expect(meanOf(raised)).toBeCloseTo(1, 12);
    expect(meanOf(raisedAttention(system, raised, residuals, 0.1))).toBeCloseTo(1, 12);
  });

  test('do not change where nothing is left, whatever the size of equal residuals', () => {
    expect(raisedAttention(system, undefined, new Float64Array(4), 1).flatMap((w) => [...w])).toEqual([
      1, 1, 1, 1,
    ]);
    for (const size of [1e-9, 1, 1e9])
      for (const weight of raisedAttention(system, undefined, new Float64Array(4).fill(size), 1).flatMap(
        (w) => [...w],
      ))
        expect(weight).toBeCloseTo(1, 12);
  });
});
