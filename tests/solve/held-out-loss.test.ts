import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createF64Engine, type F64Engine } from '../../src/engine/f64/index.ts';
import { initialize, multilayerPerceptron } from '../../src/network/index.ts';
import {
  buildResidualSystem,
  fieldRanges,
  type ResidualsOf,
  resampled,
  scalingOf,
} from '../../src/residual/index.ts';
import { HeldOutLoss } from '../../src/solve/held-out-loss.ts';
import { heat, read } from './problems.ts';

const problem = read(heat);
const trial = {
  dimension: 2,
  networks: [
    multilayerPerceptron({ coordinates: [0, 1], fields: ['u'], width: 6, depth: 1, activation: 'tanh' }),
  ],
};
const system = buildResidualSystem(problem, scalingOf(problem, fieldRanges(problem)), trial, {
  points: 200,
  conditionPoints: 20,
  sampling: 'sobol',
  seed: 1,
  weights: { equations: 1, conditions: 1, data: 1 },
  periodicCoordinates: new Set(),
});

let engine: F64Engine;
beforeAll(async () => {
  engine = await createF64Engine(system, { threads: 1 });
});
afterAll(() => engine.dispose());

const judge = (largestFactor: number): HeldOutLoss =>
  new HeldOutLoss(engine, system, (s) => s, 3, largestFactor, 1);
const parameters = (seed: number): Float64Array => initialize(trial, { seed });

describe('the loss at points never trained on', () => {
  test('keeps the parameters at which it was least', async () => {
    const losses = new Map<number, number>();
    const seeds = [1, 2, 3, 4, 5];
    const heldOut = judge(1);
    for (const seed of seeds) {
      await heldOut.note(parameters(seed), 1);
      losses.set(seed, (await engine.loss(parameters(seed))).loss);
    }
    const best = seeds.reduce((a, b) => (losses.get(b)! < losses.get(a)! ? b : a));
    for (const seed of seeds) expect(await heldOut.better(parameters(seed))).toEqual(parameters(best));
  });

  test('asks for more points where it stands still far above the loss trained, up to as many as are allowed', async () => {
    const heldOut = judge(4);
    const theta = parameters(1);
    const asked: boolean[] = [];
    for (let k = 0; k < 12; k++) asked.push(await heldOut.note(theta, 1e-6));
    expect(asked.slice(0, 3)).toEqual([false, false, true]);
    expect(heldOut.factor).toBe(4);
    expect(asked.filter(Boolean)).toHaveLength(4);
  });

  test('asks for none where the loss trained is no less, nor where their number was given', async () => {
    const theta = parameters(1);
    const { loss } = await engine.loss(theta);
    for (const [heldOut, trained] of [
      [judge(4), loss],
      [judge(1), 1e-6],
    ] as const)
      for (let k = 0; k < 6; k++) expect(await heldOut.note(theta, trained)).toBe(false);
  });
});

test('points are drawn in the number that is asked for', async () => {
  const theta = parameters(1);
  const residualsOf: ResidualsOf = async (elsewhere) => {
    await engine.update(elsewhere);
    return engine.residuals(theta);
  };
  const drawn = await resampled(system, residualsOf, 'sobol', 5, { count: 300 });
  expect(drawn.blocks[0].count).toBe(300);
  expect(drawn.blocks[0].points[0]).toHaveLength(600);
});
