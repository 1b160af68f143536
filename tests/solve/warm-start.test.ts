import { beforeAll, describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { shoot } from '../../src/estimate/index.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { scalingOf } from '../../src/residual/index.ts';
import { loadSolution, resolveSettings, type Solution, saveSolution, solve } from '../../src/solve/index.ts';
import { fieldsOfPiece } from '../../src/solve/piece.ts';
import { warmStart } from '../../src/solve/warm-start.ts';

const rate = 0.7;
/** exp(−t·rate) with errors of alternating sign. */
const rows = Array.from({ length: 9 }, (_, n) => ({
  t: n / 4,
  u: Math.exp((-rate * n) / 4) + 0.01 * (n % 2 === 0 ? 1 : -1),
}));

function decay(count: number, change: Partial<ProblemDefinition> = {}): ProblemDefinition {
  return {
    name: `decay, ${count} rows`,
    domain: { t: [0, 2] },
    fields: ['u'],
    unknowns: { k: { initial: 2, min: 0, max: 10 } },
    equations: ['du/dt = -k*u'],
    conditions: [{ on: 't = 0', equation: 'u = 1' }],
    data: [{ rows: rows.slice(0, count), at: { t: 't' }, observe: { u: 'u' } }],
    ...change,
  };
}

const settings = { threads: 1, seed: 1, network: '6x1', points: 24 } as const;
let yesterday: Solution;

beforeAll(async () => {
  yesterday = await solve(problem(decay(6)), settings);
});

describe('a warm start', () => {
  it('has the fields and unknowns of the solution it starts from, whatever the new domain and scale', async () => {
    const fourier = await solve(problem(decay(6)), {
      ...settings,
      network: { width: 6, depth: 1, fourierFeatures: { count: 3, scale: 1 } },
    });
    const points = Float64Array.from([0, 0.3, 1.1, 2]);
    for (const before of [yesterday, fourier]) {
      const longer = problem(
        decay(6, {
          domain: { t: [-1, 3] },
          unknowns: { k: { initial: 1 }, c: { initial: 4 } },
          equations: ['du/dt = -k*u + c'],
        }),
      );
      const scaling = scalingOf(longer, new Map([['u', { low: 90, high: 100 }]]));
      const { trial, theta } = warmStart(
        before,
        longer,
        scaling,
        resolveSettings(
          longer,
          before.run.settings.fourierFeatures
            ? { network: { width: 6, depth: 1, fourierFeatures: { count: 3, scale: 1 } } }
            : settings,
        ),
      );
      const values = fieldsOfPiece(longer, trial, { scaling, theta }, points).u;
      before.evaluateFields(points).u.forEach((value, n) => {
        expect(values[n]).toBeCloseTo(value, 10);
      });
      const [k, c] = scaling.unknowns.map((transform, i) => transform.value(theta[theta.length - 2 + i]));
      expect(k).toBeCloseTo(before.unknowns.k, 12);
      expect(c).toBe(4);
    }
  });

  it('finds the estimate of more data and a longer domain in fewer steps than a run from nothing', async () => {
    const today = problem(decay(9, { domain: { t: [0, 3] } }));
    const warm = await solve(today, { threads: 1, points: 24, start: yesterday });
    const cold = await solve(today, settings);
    const { value } = shoot(today).estimates.k;
    expect(Math.abs(warm.unknowns.k / value - 1)).toBeLessThan(1e-4);
    expect(warm.run.iterations).toBeLessThan(cold.run.iterations);
    expect(warm.run.history.phases[0].start).toBe(0);
    expect(warm.run.settings.width).toBe(6);
  });

  it('is the same from a stored solution', async () => {
    const today = problem(decay(7));
    const stored = JSON.parse(JSON.stringify(saveSolution(yesterday)));
    const direct = await solve(today, { threads: 1, points: 24, start: yesterday });
    const loaded = await solve(today, { threads: 1, points: 24, start: stored });
    expect([...loaded.theta]).toEqual([...direct.theta]);
    expect(loadSolution(stored).unknowns).toEqual(yesterday.unknowns);
  });

  it('goes on with the last phase of a forward problem', async () => {
    const forward = (k: number): ProblemDefinition =>
      decay(0, { unknowns: undefined, constants: { k }, data: undefined, exact: { u: 'exp(-k*t)' } });
    const before = await solve(problem(forward(1)), settings);
    const { run, ...after } = await solve(problem(forward(1.1)), { threads: 1, points: 24, start: before });
    expect(run.history.phases).toHaveLength(1);
    expect(run.loss).toBeLessThan(1e-8);
    expect(after.problem.constants.get('k')).toBe(1.1);
  });

  it.each<[string, Partial<ProblemDefinition>, object]>([
    [
      'other fields',
      {
        fields: ['v'],
        equations: ['dv/dt = -k*v'],
        conditions: [{ on: 't = 0', equation: 'v = 1' }],
        data: [{ rows, at: { t: 't' }, observe: { v: 'u' } }],
      },
      {},
    ],
    [
      'another coordinate',
      {
        domain: { x: [0, 2] },
        equations: ['u_x = -k*u'],
        conditions: [{ on: 'x = 0', equation: 'u = 1' }],
        data: [{ rows, at: { x: 't' }, observe: { u: 'u' } }],
      },
      {},
    ],
    ['another network', {}, { network: '8x1' }],
    ['another activation', {}, { activation: 'sine' }],
    ['windows of time', {}, { windows: 2 }],
    ['random features', {}, { optimizer: 'random-features' }],
  ])('refuses %s', async (_, change, options) => {
    await expect(solve(problem(decay(7, change)), { start: yesterday, ...options })).rejects.toThrow(
      ProblemError,
    );
  });

  it('refuses to resume at the same time', async () => {
    const resume = saveSolution(yesterday);
    await expect(solve(problem(decay(6)), { start: yesterday, resume })).rejects.toThrow(/resumes or starts/);
  });
});
