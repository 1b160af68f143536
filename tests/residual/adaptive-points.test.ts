import { beforeAll, describe, expect, test } from 'vitest';
import { initialize, multilayerPerceptron } from '../../src/network/index.ts';
import { trialSize } from '../../src/network/trial-solution.ts';
import { problem } from '../../src/problem/index.ts';
import {
  buildResidualSystem,
  fieldRanges,
  type ResidualSystem,
  resampled,
  scalingOf,
} from '../../src/residual/index.ts';
import { residualsAt } from './host-residuals.ts';

/** u = 0 by zero parameters, so that the residual is the source alone: a bump around (0.3, 0.7). */
const bump = problem({
  name: 'bump',
  domain: { x: [0, 1], y: [0, 1] },
  fields: ['u'],
  equations: ['u_xx + u_yy = 100*exp(-200*((x - 0.3)^2 + (y - 0.7)^2))'],
  conditions: [{ on: 'boundary', equation: 'u = 0' }],
});

const trial = {
  dimension: 2,
  networks: [
    multilayerPerceptron({ coordinates: [0, 1], fields: ['u'], width: 4, depth: 1, activation: 'tanh' }),
  ],
};

const system = buildResidualSystem(bump, scalingOf(bump, fieldRanges(bump)), trial, {
  points: 2000,
  conditionPoints: 10,
  sampling: 'sobol',
  seed: 1,
  weights: { equations: 1, conditions: 1, data: 1 },
  periodicCoordinates: new Set(),
});

/** Share of points within 0.1 of the bump's middle; its disk covers π/100 of the square. */
function shareAtBump(points: Float64Array): number {
  let inside = 0;
  for (let n = 0; n < points.length / 2; n++) {
    const [x, y] = [(points[2 * n] + 1) / 2, (points[2 * n + 1] + 1) / 2];
    if (Math.hypot(x - 0.3, y - 0.7) < 0.1) inside++;
  }
  return inside / (points.length / 2);
}

describe('points drawn by the residual', () => {
  const zero = new Float64Array(trialSize(trial));
  let drawn: ResidualSystem;
  beforeAll(async () => {
    drawn = await resampled(system, residualsAt(zero), 'sobol', 7);
  });

  test('are as many as before, lie inside, and are all different', () => {
    const [points] = drawn.blocks[0].points;
    expect(points.length).toBe(system.blocks[0].points[0].length);
    expect(points.every((x) => x > -1 && x < 1)).toBe(true);
    const distinct = new Set(
      Array.from({ length: points.length / 2 }, (_, n) => `${points[2 * n]},${points[2 * n + 1]}`),
    );
    expect(distinct.size).toBe(points.length / 2);
  });

  test('gather where the residual is large, and leave no region empty', () => {
    const uniform = shareAtBump(system.blocks[0].points[0]);
    expect(uniform).toBeCloseTo(Math.PI / 100, 2);
    // Half of the density follows the residual, of which 86% lies in the disk; every candidate there is a quarter
    // of what a uniform draw would hold, so that at most four times as many can be drawn.
    expect(shareAtBump(drawn.blocks[0].points[0])).toBeGreaterThan(3 * uniform);
    const quadrants = [0, 0, 0, 0];
    const [points] = drawn.blocks[0].points;
    for (let n = 0; n < points.length / 2; n++)
      quadrants[(points[2 * n] > 0 ? 1 : 0) + (points[2 * n + 1] > 0 ? 2 : 0)]++;
    for (const count of quadrants) expect(count).toBeGreaterThan(200);
  });

  test('are the same for the same seed and others for another', async () => {
    const again = await resampled(system, residualsAt(zero), 'sobol', 7);
    const other = await resampled(system, residualsAt(zero), 'sobol', 8);
    expect(again.blocks[0].points[0]).toEqual(drawn.blocks[0].points[0]);
    expect(other.blocks[0].points[0]).not.toEqual(drawn.blocks[0].points[0]);
  });

  test('follow the residual where the trial solution has one of its own', async () => {
    const theta = initialize(trial, { seed: 3 });
    const moved = await resampled(system, residualsAt(theta), 'sobol', 7);
    expect(moved.blocks[0].points[0].every(Number.isFinite)).toBe(true);
  });

  test('conditions keep theirs', () => {
    expect(drawn.blocks.slice(1)).toEqual(system.blocks.slice(1));
  });
});
