import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ResidualSystem } from '../../../src/residual/index.ts';
import {
  causalWeights,
  climbedWeights,
  slabLosses,
  weightsAt,
} from '../../../src/solve/weighting/causal-weights.ts';

const losses = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 20 });
const epsilon = fc.double({ min: 1e-3, max: 100, noNaN: true });

describe('causal weights', () => {
  test('begin at 1 and never rise with time', () => {
    fc.assert(
      fc.property(losses, epsilon, (values, e) => {
        const weights = causalWeights(Float64Array.from(values), e);
        expect(weights[0]).toBe(1);
        for (let i = 1; i < weights.length; i++) expect(weights[i]).toBeLessThanOrEqual(weights[i - 1]);
      }),
    );
  });

  test('are exp(−ε Σ of the losses before)', () => {
    const weights = causalWeights(Float64Array.of(0.1, 0.2, 0.3), 2);
    [1, Math.exp(-0.2), Math.exp(-0.6)].forEach((value, i) => {
      expect(weights[i]).toBeCloseTo(value, 14);
    });
  });

  test('are 1 as long as the losses before vanish', () => {
    expect([...causalWeights(Float64Array.of(0, 0, 0, 3), 100)]).toEqual([1, 1, 1, 1]);
  });

  test('are 0 after a loss that is not finite', () => {
    expect([...causalWeights(Float64Array.of(0, Number.POSITIVE_INFINITY, 0), 1)]).toEqual([1, 1, 0]);
  });

  test('climb to the strictest ε whose predecessors are satisfied', () => {
    const ladder = [0.01, 0.1, 1, 10, 100];
    expect(climbedWeights(Float64Array.of(0, 0, 5), ladder, 0).rung).toBe(4);
    // exp(−ε/20): above 0.99 for ε = 0.1, below for ε = 1.
    const { rung, weights } = climbedWeights(Float64Array.of(0.05, 0, 0), ladder, 0);
    expect(rung).toBe(2);
    expect(weights[2]).toBeCloseTo(Math.exp(-0.05), 14);
    expect(climbedWeights(Float64Array.of(3, 0), ladder, 1).rung).toBe(1);
  });
});

describe('slabs of time', () => {
  const system: ResidualSystem = {
    trial: { dimension: 2, networks: [] },
    unknowns: [],
    blocks: [
      {
        path: 'equations[0]',
        kind: 'equation',
        // (x, t): t = −1, −0.6, 0.1, 1
        points: [Float64Array.of(0, -1, 0, -0.6, 0, 0.1, 0, 1)],
        count: 4,
        columns: {},
        residuals: [],
        weight: 1,
      },
    ],
  };
  // Two residuals at each point; an empty list of expressions would make them none.
  const withOutputs = {
    ...system,
    blocks: [
      { ...system.blocks[0], residuals: [0, 0] as unknown as ResidualSystem['blocks'][0]['residuals'] },
    ],
  };
  const residuals = Float64Array.of(1, 2, 3, 0, 2, 2, 5, 0);

  test('hold the mean over their points of the squares summed over the equations', () => {
    const found = slabLosses(withOutputs, residuals, { time: 1, slabs: 4, from: -1 });
    expect([...found]).toEqual([(5 + 9) / 2, 0, 8, 25]);
  });

  test('are counted from the end where conditions stand there', () => {
    const found = slabLosses(withOutputs, residuals, { time: 1, slabs: 4, from: 1 });
    expect([...found]).toEqual([25, 8, 0, 7]);
  });

  test('leave out points that do not count', () => {
    const masked = {
      ...withOutputs,
      blocks: [{ ...withOutputs.blocks[0], pointWeights: Float64Array.of(0, 2, 2, 0) }],
    };
    expect([...slabLosses(masked, residuals, { time: 1, slabs: 4, from: -1 })]).toEqual([9, 0, 8, 0]);
  });

  test('give each point the weight of its slab', () => {
    const weights = Float64Array.of(1, 0.5, 0.25, 0.125);
    const at = weightsAt(system.blocks[0].points[0], 2, weights, { time: 1, slabs: 4, from: -1 });
    expect([...at]).toEqual([1, 1, 0.25, 0.125]);
  });
});
