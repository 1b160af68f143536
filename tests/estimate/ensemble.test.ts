import { describe, expect, it } from 'vitest';
import { InterruptedError, ProblemError } from '../../src/errors.ts';
import { ensemble } from '../../src/estimate/ensemble.ts';
import { quantileOfSorted, summarize } from '../../src/estimate/quantiles.ts';
import { problem } from '../../src/problem/index.ts';

const times = [0.25, 0.5, 0.75, 1];
const decay = problem({
  name: 'decay',
  domain: { t: [0, 1] },
  fields: ['y'],
  unknowns: { k: { initial: 1, min: 0, max: 10 } },
  equations: ['dy/dt = -k*y'],
  conditions: [{ on: 't = 0', equation: 'y = 1' }],
  data: [{ rows: times.map((t) => ({ t, y: Math.exp(-2 * t) })), at: { t: 't' }, observe: { y: 'y' } }],
  derived: { halfLife: 'log(2)/k' },
});

const small = { members: 3, seed: 4, network: '8x1', points: 30, iterations: 60 };

describe('an ensemble', () => {
  it('summarizes unknowns, derived numbers and fields of its members', async () => {
    let last = { done: 0, total: 0, share: 0 };
    const { members, parameters, derived, failures, spreadAt } = await ensemble(decay, {
      ...small,
      parallel: 1,
      onProgress: (progress) => {
        last = progress;
      },
    });
    expect(failures).toEqual([]);
    expect(members.map(({ run }) => run.settings.seed)).toEqual([4, 5, 6]);
    expect(last).toMatchObject({ done: 3, total: 3, share: 1 });
    const values = members.map(({ unknowns }) => unknowns.k);
    expect(parameters.k.mean).toBeCloseTo((values[0] + values[1] + values[2]) / 3, 12);
    expect(parameters.k.median).toBeCloseTo([...values].sort((a, b) => a - b)[1], 12);
    expect(parameters.k.mean).toBeCloseTo(2, 2);
    expect(derived.halfLife.mean).toBeCloseTo(Math.log(2) / 2, 2);
    const { y } = spreadAt(Float64Array.of(0, 0.6));
    expect(y.mean[1]).toBeCloseTo(Math.exp(-1.2), 2);
    expect(y.low[1]).toBeLessThanOrEqual(y.mean[1]);
    expect(y.high[1]).toBeGreaterThanOrEqual(y.mean[1]);
  });

  it('trains in workers on a geometry with a region in pieces as it does here', async () => {
    const inclusion = problem({
      name: 'inclusion',
      domain: { geometry: { disk: { center: [0, 0] as [number, number], radius: 1 } } },
      regions: { inner: { disk: { center: [0, 0] as [number, number], radius: 0.5 } } },
      fields: ['u'],
      functions: { k: 'inside("inner") ? 2 : 1' },
      equations: ['d(k*u_x, x) + d(k*u_y, y) = 4'],
      conditions: [
        { on: 'boundary', equation: 'u = 1' },
        { on: 'inner', equation: 'jump(u) = 0' },
        { on: 'inner', equation: 'jump(k*u_n) = 0' },
      ],
    });
    const settings = { ...small, members: 2, optimizer: 'lm' as const, iterations: 5 };
    const here = await ensemble(inclusion, { ...settings, parallel: 1 });
    const there = await ensemble(inclusion, { ...settings, parallel: 2 });
    const at = Float64Array.of(0.1, 0.2, 0.5, -0.5);
    expect(there.spreadAt(at).u.mean).toEqual(here.spreadAt(at).u.mean);
  });

  it('is the same whether its members are trained in workers or here', async () => {
    const shares: number[] = [];
    const here = await ensemble(decay, { ...small, parallel: 1 });
    const there = await ensemble(decay, {
      ...small,
      parallel: 2,
      onProgress: ({ share }) => shares.push(share),
    });
    expect(there.parameters).toEqual(here.parameters);
    expect(there.members.map(({ theta }) => theta)).toEqual(here.members.map(({ theta }) => theta));
    expect(shares.at(-1)).toBe(1);
  });

  it('ends when it is asked to', async () => {
    for (const parallel of [1, 2]) {
      const controller = new AbortController();
      const run = ensemble(decay, {
        ...small,
        members: 50,
        parallel,
        signal: controller.signal,
        onProgress: () => controller.abort(),
      });
      await expect(run).rejects.toBeInstanceOf(InterruptedError);
    }
  });

  it('of one member is refused', async () => {
    await expect(ensemble(decay, { members: 1 })).rejects.toBeInstanceOf(ProblemError);
  });
});

describe('the summary of a sample', () => {
  it('has the quantiles by linear interpolation and the standard deviation with n − 1', () => {
    // R 4: quantile(c(1, 2, 4, 8), c(0.025, 0.3, 0.5), type = 6), sd(c(1, 2, 4, 8)).
    const { mean, standardDeviation, median, low } = summarize([8, 1, 4, 2], 0.95);
    expect(mean).toBe(3.75);
    expect(median).toBe(3);
    expect(low).toBe(1);
    expect(quantileOfSorted(Float64Array.of(1, 2, 4, 8), 0.3)).toBeCloseTo(1.5, 12);
    expect(standardDeviation).toBeCloseTo(3.095695936834452, 12);
    expect(quantileOfSorted(new Float64Array(0), 0.5)).toBeNaN();
    const open = summarize([1, 2, 3, Number.POSITIVE_INFINITY], 0.5);
    expect(open).toMatchObject({ mean: Infinity, standardDeviation: Infinity, low: 1.25, high: Infinity });
  });
});
