import { describe, expect, it } from 'vitest';
import { InterruptedError, ProblemError, SolveError } from '../../src/errors.ts';
import { bootstrap } from '../../src/estimate/bootstrap.ts';
import { predictionGrid } from '../../src/estimate/prediction-grid.ts';
import { ReplicateRunner } from '../../src/estimate/replicate/replicate.ts';
import { problem } from '../../src/problem/index.ts';

const t = [1, 2, 3, 4, 5, 6];
const y = [2.3, 3.6, 6.5, 7.9, 9.8, 12.4];
const line = problem({
  name: 'line',
  domain: { t: [0, 8] },
  fields: ['u'],
  unknowns: { a: { initial: 1 } },
  equations: ['du/dt = a'],
  conditions: [{ on: 't = 0', equation: 'u = 0' }],
  data: [{ rows: t.map((s, i) => ({ s, y: y[i] })), at: { t: 's' }, observe: { u: 'y' } }],
  derived: { double: '2*a' },
});
const squares = t.reduce((sum, s) => sum + s * s, 0);
const a = t.reduce((sum, s, i) => sum + s * y[i], 0) / squares;
const deviation = Math.sqrt(t.reduce((sum, s, i) => sum + (y[i] - a * s) ** 2, 0) / 5);

describe('the bootstrap of a linear model', () => {
  it('has the standard error, the intervals and the bands of theory within Monte Carlo error', async () => {
    const { intervals, estimates, replicates, failed, bands } = await bootstrap(line, {
      replicates: 600,
      seed: 5,
      threads: 1,
      times: [2, 8],
      quantities: { square: (unknowns) => unknowns.a ** 2 },
    });
    const error = deviation / Math.sqrt(squares);
    expect(failed).toBe(0);
    expect(estimates.a).toBeCloseTo(a, 8);
    expect(estimates['standard deviation of u']).toBeCloseTo(deviation, 8);
    expect(replicates.a).toHaveLength(600);
    // The relative error of a standard deviation from n values is 1/√(2n), of a mean error/√n.
    const tolerance = 4 / Math.sqrt(1200);
    expect(Math.abs(intervals.a.standardDeviation / error - 1)).toBeLessThan(tolerance);
    expect(Math.abs(intervals.a.mean - a)).toBeLessThan((4 * error) / Math.sqrt(600));
    expect(Math.abs((intervals.a.high - intervals.a.low) / (2 * 1.96 * error) - 1)).toBeLessThan(0.15);
    expect(intervals.double.high).toBeCloseTo(2 * intervals.a.high, 10);
    expect(intervals.square.high).toBeCloseTo(intervals.a.high ** 2, 1);
    const [mean, prediction] = bands;
    expect(mean).toMatchObject({ name: 'u', kind: 'mean' });
    expect(mean.value[1]).toBeCloseTo(8 * a, 6);
    expect(mean.high[1]).toBeCloseTo(8 * intervals.a.high, 6);
    // Wider than that of the noise alone, but with the replicates' own, smaller or larger, noise.
    const half = (prediction.high[0] - prediction.low[0]) / 2;
    expect(half / (1.96 * Math.hypot(deviation, 2 * error))).toBeGreaterThan(0.85);
    expect(half / (1.96 * Math.hypot(deviation, 2 * error))).toBeLessThan(1.25);
  });

  it('depends on the seed alone, not on the threads', async () => {
    const options = { replicates: 30, seed: 7, times: [4] };
    const here = await bootstrap(line, { ...options, threads: 1 });
    const seen: number[] = [];
    const there = await bootstrap(line, {
      ...options,
      threads: 2,
      onProgress: ({ done }) => seen.push(done),
    });
    expect(there).toEqual(here);
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    const other = await bootstrap(line, { ...options, seed: 8, threads: 1 });
    expect(other.replicates.a).not.toEqual(here.replicates.a);
  });

  it('ends when it is asked to, in this thread and in workers', async () => {
    for (const threads of [1, 2]) {
      const controller = new AbortController();
      const run = bootstrap(line, {
        replicates: 100_000,
        threads,
        times: [4],
        signal: controller.signal,
        onProgress: ({ done }) => {
          if (done === 3) controller.abort();
        },
      });
      await expect(run).rejects.toBeInstanceOf(InterruptedError);
    }
  });

  it('needs two replicates and a level', async () => {
    await expect(bootstrap(line, { replicates: 1 })).rejects.toBeInstanceOf(ProblemError);
    await expect(bootstrap(line, { level: 95 })).rejects.toBeInstanceOf(ProblemError);
  });
});

describe('a replicate', () => {
  it('that can be fitted from no start is a failure with its reason', () => {
    // u = 1/(1 − a·t) has no value at t = 2 for a > 1/2.
    const explosive = problem({
      name: 'explosive',
      domain: { t: [0, 2] },
      fields: ['u'],
      unknowns: { a: { initial: 0.2 } },
      equations: ['du/dt = a*u^2'],
      conditions: [{ on: 't = 0', equation: 'u = 1' }],
      data: [
        {
          rows: [
            { t: 1, y: 1.2 },
            { t: 2, y: 1.7 },
          ],
          at: { t: 't' },
          observe: { u: 'y' },
          noise: 0.1,
        },
      ],
    });
    const setup = {
      problem: explosive,
      rtol: 1e-8,
      fit: Float64Array.of(5),
      predicted: [Float64Array.of(1.2, 1.7)],
      noise: {},
      grid: predictionGrid(explosive, { times: [1] }),
      draws: 2,
    };
    expect(new ReplicateRunner(setup).run(1)).toHaveProperty('failure');
    const outcome = new ReplicateRunner({ ...setup, fit: Float64Array.of(0.2) }).run(1);
    expect(outcome).toHaveProperty('replicate.drawn');
  });

  it('that fails everywhere is an error that says why', async () => {
    const explosive = problem({
      name: 'explosive',
      domain: { t: [0, 2] },
      fields: ['u'],
      unknowns: { a: { initial: 5 } },
      equations: ['du/dt = a*u^2'],
      conditions: [{ on: 't = 0', equation: 'u = 1' }],
      data: [
        {
          rows: [
            { t: 1, y: 1.2 },
            { t: 2, y: 1.7 },
          ],
          at: { t: 't' },
          observe: { u: 'y' },
        },
      ],
    });
    await expect(bootstrap(explosive, { replicates: 3, threads: 1 })).rejects.toBeInstanceOf(SolveError);
  });
});
