import { describe, expect, test } from 'vitest';
import { solve } from '../../../src/solve/index.ts';
import { read } from '../problems.ts';

const options = { threads: 1, seed: 1, optimizer: 'random-features', timeLimit: 180 } as const;

describe('windows of a linear problem', () => {
  test('standing waves of forty oscillations', async () => {
    const problem = read(
      {
        name: 'wave',
        domain: { x: [0, 1], t: [0, 40] },
        fields: ['u'],
        equations: ['u_tt = u_xx'],
        conditions: [
          { on: 't = 0', equation: 'u = sin(pi*x) + 0.5*sin(2*pi*x)' },
          { on: 't = 0', equation: 'u_t = 0' },
          { on: 'boundary', equation: 'u = 0' },
        ],
        exact: { u: 'sin(pi*x)*cos(pi*t) + 0.5*sin(2*pi*x)*cos(2*pi*t)' },
      },
      {},
    );
    const solution = await solve(problem, options);
    expect(solution.windows!.length).toBeGreaterThan(1);
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(1e-5);
  });

  test('a coefficient and a source that vary in time', async () => {
    const problem = read(
      {
        name: 'decay',
        domain: { t: [0, 60] },
        fields: ['u'],
        equations: ["u' = -(1 + 0.5*sin(3*t))*u + cos(5*t) + (1 + 0.5*sin(3*t))*sin(5*t)/5"],
        conditions: [{ on: 't = 0', equation: 'u = 0' }],
        exact: { u: 'sin(5*t)/5' },
      },
      {},
    );
    const solution = await solve(problem, options);
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(1e-6);
  });

  test('few given features are solved for once in each window: another try would find the same', async () => {
    const problem = read(
      {
        name: 'heat',
        domain: { x: [0, 1], t: [0, 0.1] },
        fields: ['u'],
        equations: ['u_t = u_xx'],
        conditions: [
          { on: 't = 0', equation: 'u = sin(pi*x)' },
          { on: 'boundary', equation: 'u = 0' },
        ],
        exact: { u: 'exp(-pi^2*t)*sin(pi*x)' },
      },
      {},
    );
    const network = { randomFeatures: { count: 20, scale: 2.5 } };
    const { run, ...solution } = await solve(problem, { ...options, network, windows: 2 });
    expect(run.loss).toBeGreaterThan(1e-6);
    expect(run.history.phases.map(({ name }) => name)).toEqual([
      'window 1 of 2, random-features',
      'window 2 of 2, random-features',
    ]);
    expect(solution.windows).toHaveLength(2);
  });
});
