import { describe, expect, it } from 'vitest';
import { createF64Engine } from '../../src/engine/f64/index.ts';
import { createTfjsEngine } from '../../src/engine/tfjs/index.ts';
import { negativeBinomial } from '../../src/estimate/noise/negative-binomial.ts';
import { poissonDraw } from '../../src/estimate/noise/poisson.ts';
import { initialize, multilayerPerceptron } from '../../src/network/index.ts';
import { trialSize } from '../../src/network/trial-solution.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { randomGenerator } from '../../src/random/generator.ts';
import { buildResidualSystem, fieldRanges, reweighted, scalingOf } from '../../src/residual/index.ts';
import { fittedDispersion } from '../../src/residual/noise-weights.ts';
import { hostResiduals, hostTerms } from '../engine/host-loss.ts';
import { build, type ExactDerivative, options, residualsOf } from './evaluation.ts';

/** du/dt = -u with outflow and level observed. */
function outflow(data: readonly object[]): ProblemDefinition {
  return {
    name: 'outflow',
    domain: { t: [0, 6] },
    fields: ['u'],
    equations: ['du/dt = -u'],
    conditions: [{ on: 't = 0', equation: 'u = 300' }],
    data: data as ProblemDefinition['data'],
  };
}

/** u = 300 exp(-t) and its integral. */
const truth: ExactDerivative = ({ name }, [t]) =>
  name === 'u' ? 300 * Math.exp(-t) : 300 * (1 - Math.exp(-t));

const times = [1, 2, 3, 4, 5, 6];
const level = (value: (t: number) => number, extra: object = {}) => ({
  rows: times.map((t) => ({ t, y: value(t) })),
  at: { t: 't' },
  observe: { u: 'y' },
  ...extra,
});
const dataBlocks = (built: ReturnType<typeof build>) =>
  built.system.blocks.filter(({ kind }) => kind === 'data');

describe('residuals of observations', () => {
  it('of spans of time vanish for the exact integral', () => {
    const built = build(outflow([level((t) => 300 * (Math.exp(1 - t) - Math.exp(-t)), { over: 1 })]));
    const [block] = dataBlocks(built);
    expect(block.points).toHaveLength(2);
    for (const r of residualsOf(built, block, truth)[0]) expect(Math.abs(r)).toBeLessThan(1e-13);
  });

  it('of counts are differences over the standard deviation, but for one factor', () => {
    for (const [noise, variance] of [
      ['poisson', (m: number) => m],
      [{ distribution: 'negative-binomial', dispersion: 4 }, (m: number) => m + (m * m) / 4],
    ] as const) {
      const count = (t: number) => Math.round(100 * Math.exp(-t / 2));
      const built = build(outflow([level(count, { noise })]));
      const [block] = dataBlocks(built);
      const factors = residualsOf(built, block, truth)[0].map((r, n) => {
        const y = count(times[n]);
        return (r * Math.sqrt(variance(y))) / (300 * Math.exp(-times[n]) - y);
      });
      for (const factor of factors) expect(factor / factors[0]).toBeCloseTo(1, 12);
    }
  });

  it('of log-normal values are logarithms of ratios, continued by a tangent where a network is negative', () => {
    const built = build(outflow([level((t) => 100 * Math.exp(-t), { noise: 'log-normal' })]));
    const [block] = dataBlocks(built);
    for (const r of residualsOf(built, block, truth)[0]) expect(r).toBeCloseTo(Math.log(3), 12);
    const negative = residualsOf(built, block, (leaf, point) => -truth(leaf, point))[0];
    for (const r of negative) expect(r).toBeLessThan(-100);
  });

  it('count as often as they are, and by the inverse square of a deviation that all share', () => {
    const few = { ...level((t) => t), rows: [{ t: 1, y: 1 }], observe: { '10*u': 'y' } };
    const built = build(outflow([level((t) => t), few]));
    const [many, one] = dataBlocks(built);
    // Σ (m − y)² over all rows, up to one factor: residuals are divided by the blocks' sizes.
    const perRow = ({ weight, count, noise }: typeof many) => weight / (count * noise!.size ** 2);
    expect(perRow(one) / perRow(many)).toBeCloseTo(1, 12);
  });
});

describe('counts weighted at fitted means', () => {
  const system = (noise: unknown) => {
    const read = problem(outflow([level((t) => 10 * t, { noise }), level((t) => t, { over: 1, noise: 2 })]));
    const network = multilayerPerceptron({
      coordinates: [0],
      fields: read.fields.map(({ name }) => name),
      width: 5,
      depth: 1,
      activation: 'tanh',
    });
    const trial = { dimension: 1, networks: [network] };
    const scaling = scalingOf(read, fieldRanges(read));
    const built = buildResidualSystem(read, scaling, trial, options);
    const theta = new Float64Array(trialSize(trial));
    theta.set(initialize(trial, { seed: 4, scheme: 'glorot' }));
    return { built, theta, scaling };
  };

  it('have Pearson residuals as their own weights', () => {
    const { built, theta } = system('poisson');
    const again = reweighted(built, theta);
    const b = built.blocks.findIndex(({ kind }) => kind === 'data');
    const before = hostResiduals(built, theta)[b];
    const after = hostResiduals(again, theta)[b];
    const { observed, size } = built.blocks[b].noise!;
    const ratios = before.map((r, n) => {
      const mean = observed[n] + (size * r) / built.blocks[b].columns.precision[n];
      const trusted = Math.min(Math.max(mean, observed[n] / 10), 10 * observed[n]);
      return (after[n] * Math.sqrt(trusted)) / (mean - observed[n]);
    });
    for (const ratio of ratios) expect(ratio / ratios[0]).toBeCloseTo(1, 10);
    expect(reweighted(again, theta).blocks[b].columns.precision).toEqual(again.blocks[b].columns.precision);
  });

  it('have the dispersion of maximum likelihood', () => {
    const random = randomGenerator(2);
    const means = Float64Array.from({ length: 4000 }, () => 20 + 200 * random.uniform());
    const observed = means.map((m) => negativeBinomial.sample(m, 8, random));
    const k = fittedDispersion(observed, means);
    expect(Math.abs(k / 8 - 1)).toBeLessThan(0.1);
    const score = observed.reduce((sum, y, n) => sum + negativeBinomial.parameterScore(y, means[n], k), 0);
    const information = means.reduce((sum, m) => sum + negativeBinomial.parameterInformation(m, k), 0);
    expect(Math.abs(score) / information).toBeLessThan(1e-5 * k);
    const poisson = means.map((m) => poissonDraw(m, random));
    expect(fittedDispersion(poisson, means)).toBeGreaterThan(1000);
  });

  it('are the same to both engines, two point sets and all', async () => {
    for (const noise of ['poisson', 'log-normal', 'negative-binomial']) {
      const { built, theta } = system(noise);
      const single = theta.map(Math.fround);
      const expected = hostTerms(built, single);
      const total = expected.reduce((sum, term) => sum + term, 0);
      const f64 = await createF64Engine(built, { threads: 1 });
      const tfjs = await createTfjsEngine(built, { backend: 'cpu' });
      const ours = await f64.lossAndGradient(single);
      const theirs = await tfjs.lossAndGradient(single);
      ours.terms.forEach((term, b) => {
        expect(Math.abs(term - expected[b])).toBeLessThan(1e-12 * total);
        expect(Math.abs(theirs.terms[b] - expected[b])).toBeLessThan(1e-5 * total);
      });
      const norm = Math.hypot(...ours.gradient);
      ours.gradient.forEach((slope, i) => {
        expect(Math.abs(slope - theirs.gradient[i])).toBeLessThan(1e-4 * norm);
      });
      await f64.dispose();
      await tfjs.dispose();
    }
  });
});
