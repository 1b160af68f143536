import { afterAll, describe, expect, test } from 'vitest';
import { createEngine, type LoadedEngine } from '../../../src/engine/create-engine.ts';
import type { F64Engine } from '../../../src/engine/f64/f64-engine.ts';
import { field, multiply, number, subtract } from '../../../src/expression/build.ts';
import { initialize, multilayerPerceptron } from '../../../src/network/index.ts';
import { problem } from '../../../src/problem/index.ts';
import {
  buildResidualSystem,
  fieldRanges,
  type ResidualSystem,
  scalingOf,
} from '../../../src/residual/index.ts';
import { balancingFactors, movingAverage } from '../../../src/solve/weighting/balance.ts';
import { gradientNorms } from '../../../src/solve/weighting/gradient-norms.ts';
import { LossWeights } from '../../../src/solve/weighting/loss-weights.ts';
import { tangentKernelTraces } from '../../../src/solve/weighting/tangent-kernel.ts';

/** u = w·x + b with residuals 3u′ − 1 inside and u at x = ±1: everything can be said by hand. */
const line: ResidualSystem = {
  trial: {
    dimension: 1,
    networks: [{ coordinates: [0], fields: ['u'], layers: [{ kind: 'affine', inputs: 1, outputs: 1 }] }],
  },
  unknowns: [],
  blocks: [
    {
      path: 'equations[0]',
      kind: 'equation',
      points: [Float64Array.of(-0.5, 0, 0.5)],
      count: 3,
      columns: {},
      residuals: [subtract(multiply(number(3), field('u', [1], [0])), number(1))],
      weight: 7,
    },
    {
      path: 'conditions[0]',
      kind: 'condition',
      points: [Float64Array.of(-1, 1)],
      count: 2,
      columns: {},
      residuals: [field('u', [0], [0])],
      weight: 1,
    },
  ],
};
const [w, b] = [0.5, 0.25];
const theta = Float64Array.of(w, b);
/** ∇(3w − 1)² and ∇ of the mean of (b ± w)², which is w² + b². */
const normsByHand = [6 * Math.abs(3 * w - 1), 2 * Math.hypot(w, b)];

const burgers = problem({
  name: 'burgers',
  domain: { x: [-1, 1], t: [0, 1] },
  fields: ['u'],
  equations: ['u_t + u*u_x = 0.05*u_xx'],
  conditions: [
    { on: 't = 0', equation: 'u = -sin(pi*x)' },
    { on: 'x = -1', equation: 'u = 0' },
    { on: 'x = 1', equation: 'u = 0' },
  ],
});
const trial = {
  dimension: 2,
  networks: [
    multilayerPerceptron({ coordinates: [0, 1], fields: ['u'], width: 6, depth: 2, activation: 'tanh' }),
  ],
};
const systemOf = (multipliers: boolean): ResidualSystem =>
  buildResidualSystem(burgers, scalingOf(burgers, fieldRanges(burgers)), trial, {
    points: 60,
    conditionPoints: 9,
    sampling: 'sobol',
    seed: 1,
    weights: { equations: 1, conditions: 1, data: 1 },
    periodicCoordinates: new Set(),
    separateTerms: true,
    multipliers,
  });
const parameters = initialize(trial, { seed: 2 });

const engines: LoadedEngine[] = [];
const engineFor = async (name: 'f64' | 'tfjs', system: ResidualSystem): Promise<LoadedEngine> => {
  const engine = await createEngine(name, system, name === 'tfjs' ? { backend: 'cpu' } : { threads: 1 });
  engines.push(engine);
  return engine;
};
afterAll(async () => {
  for (const engine of engines) await engine.dispose();
});

/** Tr(J_i J_iᵀ) by the rows of the Jacobian. */
async function explicitTraces(system: ResidualSystem): Promise<number[]> {
  const engine = await engineFor('f64', system);
  const { rows } = await (engine as unknown as F64Engine).jacobian(parameters);
  let at = 0;
  return system.blocks.map(({ count, residuals }) => {
    const length = count * residuals.length * parameters.length;
    at += length;
    return rows.subarray(at - length, at).reduce((sum, value) => sum + value * value, 0);
  });
}

describe('gradient norms', () => {
  test.each(['f64', 'tfjs'] as const)('are those found by hand, whatever the weights (%s)', async (name) => {
    const norms = await gradientNorms(await engineFor(name, line), line, theta);
    norms.forEach((norm, i) => {
      expect(norm).toBeCloseTo(normsByHand[i], 5);
    });
  });

  test('times the factors are equal', () => {
    const factors = balancingFactors(normsByHand);
    expect(factors[0] * normsByHand[0]).toBeCloseTo(factors[1] * normsByHand[1], 12);
    expect(Math.min(...factors)).toBe(1);
  });

  test('are equal in the system that training sees', async () => {
    const system = systemOf(false);
    const engine = await engineFor('f64', system);
    const weights = new LossWeights(
      { weighting: { kind: 'gradient-norm', every: undefined, average: 0.9 }, causal: undefined, seed: 0 },
      1,
    );
    await weights.update(engine, system, parameters);
    const applied = weights.apply(system);
    const norms: number[] = [];
    for (let i = 0; i < applied.blocks.length; i++) {
      await engine.update({
        ...applied,
        blocks: applied.blocks.map((block, j) => (i === j ? block : { ...block, weight: 0 })),
      });
      norms.push(Math.hypot(...(await engine.lossAndGradient(parameters)).gradient));
    }
    for (const norm of norms) expect(norm / norms[0]).toBeCloseTo(1, 10);
  });
});

describe('traces of the tangent kernel', () => {
  test('of a line are those found by hand: 9, and the mean of 1 + x²', async () => {
    const traces = await tangentKernelTraces(await engineFor('f64', line), line, theta, { seed: 1 });
    expect(traces[0]).toBeCloseTo(9, 12);
    expect(traces[1]).toBeCloseTo(2, 12);
  });

  test('are the squared Frobenius norms of the explicit Jacobian', async () => {
    const system = systemOf(false);
    const explicit = await explicitTraces(system);
    const traces = await tangentKernelTraces(await engineFor('f64', system), system, parameters, { seed: 1 });
    traces.forEach((trace, i) => {
      expect(trace / explicit[i]).toBeCloseTo(1, 10);
    });
  });

  test.each(['f64', 'tfjs'] as const)(
    'are met by random signs where there are gradients alone (%s)',
    async (name) => {
      const explicit = await explicitTraces(systemOf(false));
      const system = systemOf(true);
      const engine = await engineFor(name, system);
      const gradientsAlone: LoadedEngine = {
        name: engine.name,
        backend: engine.backend,
        precision: engine.precision,
        size: engine.size,
        lossAndGradient: (at) => engine.lossAndGradient(at),
        loss: (at) => engine.loss(at),
        residuals: (at) => engine.residuals(at),
        update: (next) => engine.update(next),
        dispose: () => engine.dispose(),
      };
      const probes = name === 'f64' ? 400 : 40;
      const traces = await tangentKernelTraces(gradientsAlone, system, parameters, { seed: 5, probes });
      // The variance of the estimate is at most 2 tr² over the number of probes: four standard deviations.
      traces.forEach((trace, i) => {
        expect(Math.abs(trace / explicit[i] - 1)).toBeLessThan(4 * Math.sqrt(2 / probes));
      });
    },
  );
});

describe('balancing factors', () => {
  test('stay finite for a term that vanishes', () => {
    expect(balancingFactors([1, 0, Number.NaN])).toEqual([1, 1e6, 1e6]);
    expect(balancingFactors([0, 0])).toEqual([1, 1]);
  });

  test('move by the share that the average leaves', () => {
    expect(movingAverage(undefined, [3, 5], 0.9)).toEqual([3, 5]);
    const [first, second] = movingAverage([1, 1], [11, 1], 0.9);
    expect(first).toBeCloseTo(2, 12);
    expect(second).toBeCloseTo(1, 12);
  });
});
