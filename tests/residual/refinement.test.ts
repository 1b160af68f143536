import { beforeAll, describe, expect, test } from 'vitest';
import { multilayerPerceptron } from '../../src/network/index.ts';
import { trialSize } from '../../src/network/trial-solution.ts';
import { problem } from '../../src/problem/index.ts';
import { candidatePoints } from '../../src/residual/candidates.ts';
import {
  buildResidualSystem,
  fieldRanges,
  type ResidualSystem,
  refined,
  resampled,
  scalingOf,
  withPointSets,
} from '../../src/residual/index.ts';
import { residualsAt } from './host-residuals.ts';

const trial = {
  dimension: 2,
  networks: [
    multilayerPerceptron({ coordinates: [0, 1], fields: ['u'], width: 4, depth: 1, activation: 'tanh' }),
  ],
};
/** u = 0, so that the residual is the source alone. */
const zero = new Float64Array(trialSize(trial));

function systemOf(source: string, points: number, separateTerms = false): ResidualSystem {
  const poisson = problem({
    name: 'poisson',
    domain: { x: [0, 1], y: [0, 1] },
    fields: ['u'],
    equations: [`u_xx + u_yy = ${source}`],
    conditions: [{ on: 'boundary', equation: 'u = 0' }],
  });
  return buildResidualSystem(poisson, scalingOf(poisson, fieldRanges(poisson)), trial, {
    points,
    conditionPoints: 10,
    sampling: 'sobol',
    seed: 1,
    weights: { equations: 1, conditions: 1, data: 1 },
    periodicCoordinates: new Set(),
    separateTerms,
  });
}

const bump = systemOf('100*exp(-200*((x - 0.3)^2 + (y - 0.7)^2))', 400);
const toBump = (points: Float64Array, n: number): number =>
  Math.hypot((points[2 * n] + 1) / 2 - 0.3, (points[2 * n + 1] + 1) / 2 - 0.7);

describe('refinement', () => {
  const [before] = bump.blocks[0].points;
  let grown: ResidualSystem;
  let points: Float64Array;
  beforeAll(async () => {
    grown = await refined(bump, residualsAt(zero), 'sobol', 7, { add: 12, maximum: 1000 });
    [points] = grown.blocks[0].points;
  });

  test('keeps the points and adds so many', () => {
    expect(points.subarray(0, before.length)).toEqual(before);
    expect(grown.blocks[0].count).toBe(412);
    expect(points.length).toBe(824);
  });

  test('adds the candidates of the largest residual, which falls with the distance from the middle', async () => {
    const choices = await candidatePoints(bump, residualsAt(zero), 'sobol', [1600], 7);
    const { points: candidates } = choices.get(before)!;
    const distances = Array.from({ length: 1600 }, (_, n) => toBump(candidates, n)).sort((a, b) => a - b);
    const added = Array.from({ length: 12 }, (_, i) => toBump(points, 400 + i));
    expect(added).toEqual(distances.slice(0, 12));
  });

  test('ends at the largest number of points', async () => {
    const upTo = (maximum: number) => refined(bump, residualsAt(zero), 'sobol', 7, { add: 12, maximum });
    expect((await upTo(405)).blocks[0].count).toBe(405);
    expect((await upTo(300)).blocks).toEqual(bump.blocks);
  });

  test('looks only where residuals count', async () => {
    const importance = (at: Float64Array): Float64Array =>
      Float64Array.from({ length: at.length / 2 }, (_, n) => (at[2 * n] > 0 ? 1 : 0));
    const right = await refined(bump, residualsAt(zero), 'sobol', 7, { add: 12, maximum: 1000, importance });
    for (let n = 400; n < 412; n++) expect(right.blocks[0].points[0][2 * n]).toBeGreaterThan(0);
  });

  test('can be stored as point sets', () => {
    const sets = grown.blocks.map((block, b) => (b === 0 ? block.points[0] : null));
    expect(withPointSets(bump, sets).blocks).toEqual(grown.blocks);
  });
});

describe('points drawn by the residual', () => {
  test.each([
    { k: 1, c: 1 },
    { k: 2, c: 0.5 },
    { k: 1, c: 0 },
    { k: 0, c: 1 },
  ])('have the density |r|^k / mean |r|^k + c with k = $k, c = $c (χ² over ten strips)', async ({ k, c }) => {
    const count = 600;
    const system = systemOf('exp(2*x)', count);
    const drawn = await resampled(system, residualsAt(zero), 'uniform', 11, { k, c, candidates: 60_000 });
    const observed = new Float64Array(10);
    for (let n = 0; n < count; n++) observed[Math.floor(((drawn.blocks[0].points[0][2 * n] + 1) / 2) * 10)]++;
    // ∫ over a strip of e^{2kx} over its mean, plus c; together 1 + c.
    const primitive = (x: number): number => (k === 0 ? x : Math.expm1(2 * k * x) / Math.expm1(2 * k));
    const chiSquare = observed.reduce((sum, seen, i) => {
      const share = (primitive((i + 1) / 10) - primitive(i / 10) + c / 10) / (1 + c);
      return sum + (seen - count * share) ** 2 / (count * share);
    }, 0);
    // The 99.9% quantile of χ² with nine degrees of freedom.
    expect(chiSquare).toBeLessThan(27.88);
  });

  test('stay shared by blocks that share them, so that they are evaluated together', async () => {
    const pair = problem({
      name: 'pair',
      domain: { x: [0, 1], y: [0, 1] },
      fields: ['u', 'v'],
      equations: ['u_xx + u_yy = v', 'v_xx + v_yy = x'],
      conditions: [
        { on: 'boundary', equation: 'u = 0' },
        { on: 'boundary', equation: 'v = 0' },
      ],
    });
    const networks = [
      multilayerPerceptron({
        coordinates: [0, 1],
        fields: ['u', 'v'],
        width: 4,
        depth: 1,
        activation: 'tanh',
      }),
    ];
    const both = { dimension: 2, networks };
    const system = buildResidualSystem(pair, scalingOf(pair, fieldRanges(pair)), both, {
      points: 50,
      conditionPoints: 4,
      sampling: 'sobol',
      seed: 1,
      weights: { equations: 1, conditions: 1, data: 1 },
      periodicCoordinates: new Set(),
      separateTerms: true,
    });
    expect(system.blocks.map(({ path }) => path)).toEqual([
      'equations[0]',
      'equations[1]',
      'conditions[0]',
      'conditions[1]',
    ]);
    const theta = new Float64Array(trialSize(both)).fill(0.1);
    for (const moved of [
      await resampled(system, residualsAt(theta), 'sobol', 3),
      await refined(system, residualsAt(theta), 'sobol', 3, { add: 5, maximum: 100 }),
    ]) {
      expect(moved.blocks[1].points[0]).toBe(moved.blocks[0].points[0]);
      expect(moved.blocks[0].points[0]).not.toBe(system.blocks[0].points[0]);
    }
  });
});
