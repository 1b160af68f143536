import { describe, expect, it } from 'vitest';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { loadSolution, saveSolution, solve } from '../../src/solve/index.ts';

const hard = true;

const poisson = (built: boolean): ProblemDefinition => ({
  name: 'poisson',
  domain: { x: [0, 1], y: [0, 1] },
  fields: ['u'],
  equations: ['laplacian(u) = -2*pi^2*sin(pi*x)*sin(pi*y)'],
  conditions: [{ on: 'boundary', equation: 'u = 0', hard: built }],
  exact: { u: 'sin(pi*x)*sin(pi*y)' },
});

const wave = (end: number, start = 'cos(t0)'): ProblemDefinition => ({
  name: 'oscillator',
  domain: { t: [0, end] },
  fields: ['u'],
  constants: { t0: 0 },
  equations: ["u'' = -u"],
  conditions: [
    { on: 't = 0', equation: `u = ${start}`, hard },
    { on: 't = 0', equation: "u' = 0", hard },
  ],
  exact: { u: `${start}*cos(t)` },
});

const heat: ProblemDefinition = {
  name: 'heat',
  domain: { x: [0, 1], t: [0, 1] },
  fields: ['u'],
  constants: { D: 0.1 },
  equations: ['u_t = D*u_xx + u*u_x - u*pi*cos(pi*x)*exp(-D*pi^2*t)'],
  conditions: [
    { on: 't = 0', equation: 'u = sin(pi*x)', hard },
    { on: 'boundary', equation: 'u = 0', hard },
  ],
  exact: { u: 'exp(-D*pi^2*t)*sin(pi*x)' },
};

describe('runs with hard conditions', () => {
  it('Poisson is solved ten times as accurately as with conditions in the loss, in as many steps', async () => {
    const errors = await Promise.all(
      [false, true].map(async (built) => {
        const solution = await solve(problem(poisson(built)), {
          optimizer: 'lm',
          network: '12x2',
          iterations: 60,
          timeLimit: 60,
          threads: 1,
          points: 500,
        });
        return solution.compare('exact').u.relativeL2;
      }),
    );
    expect(errors[1]).toBeLessThan(0.1 * errors[0]);
  }, 30_000);

  it('least squares over random features reach rounding', async () => {
    const solution = await solve(problem(poisson(true)), { threads: 1 });
    expect(solution.run.settings.optimizers).toEqual(['random-features']);
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(1e-13);
  });

  it('what is stored is what is loaded', async () => {
    const solution = await solve(problem(heat), {
      optimizer: 'lm',
      network: '8x2',
      iterations: 30,
      threads: 1,
    });
    const stored = JSON.parse(JSON.stringify(saveSolution(solution)));
    const points = Float64Array.of(0.3, 0.4, 0.9, 1, 0, 0.2, 0.6, 0);
    const values = loadSolution(stored).evaluateFields(points).u;
    expect(values).toEqual(solution.evaluateFields(points).u);
    expect(values[2]).toBe(0);
    expect(values[3]).toBeCloseTo(Math.sin(0.6 * Math.PI), 15);
    expect(solution.evaluate('u_xx', points)[3]).toBeCloseTo(-(Math.PI ** 2) * Math.sin(0.6 * Math.PI), 10);
    const resumed = await solve(problem(heat), { resume: stored, iterations: 31, threads: 1 });
    expect(resumed.run.loss).toBeLessThanOrEqual(1.001 * solution.run.loss);
  }, 30_000);

  it('windows of time keep faces hard and start from where the window before ends', async () => {
    const solution = await solve(problem(heat), {
      optimizer: 'lm',
      network: '8x2',
      iterations: 90,
      windows: 2,
      threads: 1,
    });
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(1e-4);
    const faces = solution.evaluateFields(Float64Array.of(0, 0.1, 1, 0.4, 0, 0.7, 1, 0.95)).u;
    expect(Math.max(...faces.map(Math.abs))).toBeLessThan(1e-15);
    const stored = JSON.parse(JSON.stringify(saveSolution(solution)));
    const points = Float64Array.of(0.3, 0.4, 0.9, 1, 0.2, 0.7);
    expect(loadSolution(stored).evaluateFields(points).u).toEqual(solution.evaluateFields(points).u);
  }, 60_000);

  it('a warm start goes on from the same field, on a longer domain and from another initial value', async () => {
    const first = await solve(problem(wave(2)), { threads: 1, optimizer: 'lm', network: '8x2' });
    const longer = await solve(problem(wave(2.5, '1.01')), { start: first, iterations: 1, threads: 1 });
    const points = Float64Array.of(0.5, 1, 2);
    const [before, now] = [first, longer].map((s) => s.evaluateFields(points).u);
    for (const i of [0, 1, 2]) expect(now[i]).toBeCloseTo(before[i], 1);
    expect(longer.evaluateFields(Float64Array.of(0)).u[0]).toBe(1.01);
  }, 30_000);

  it('a warm start from a solution without hard conditions is refused', async () => {
    const soft = { ...wave(2), conditions: wave(2).conditions!.map(({ hard: _, ...rest }) => rest) };
    const first = await solve(problem(soft as ProblemDefinition), {
      threads: 1,
      iterations: 5,
      optimizer: 'lm',
    }).catch(() => undefined);
    if (first === undefined) return;
    await expect(solve(problem(wave(2)), { start: first, threads: 1 })).rejects.toThrow(
      /no hard conditions on u/,
    );
  }, 30_000);
});
