import { describe, expect, it } from 'vitest';
import { problem, solve } from '../../src/index.ts';
import { resolveSettings } from '../../src/solve/settings.ts';
import type { StoredSolution } from '../../src/solve/stored-format.ts';

const poisson = problem({
  name: 'poisson',
  domain: { x: [0, 1], y: [0, 1] },
  fields: ['u'],
  equations: ['u_xx + u_yy = -2*pi^2*sin(pi*x)*sin(pi*y)'],
  conditions: [{ on: 'boundary', equation: 'u = 0' }],
  exact: { u: 'sin(pi*x)*sin(pi*y)' },
});

const options = { optimizer: 'spring', network: '16x2', points: 400, threads: 1, seed: 3 } as const;

describe('solve() by SPRING', () => {
  it("solves Poisson's equation", async () => {
    const solution = await solve(poisson, { ...options, iterations: 250, timeLimit: 60 });
    expect(solution.run.settings.engine).toBe('f64');
    const worst = Math.max(
      ...[0.1, 0.35, 0.5, 0.8].map((x) =>
        Math.abs(solution.at({ x, y: 0.4 }).u - Math.sin(Math.PI * x) * Math.sin(0.4 * Math.PI)),
      ),
    );
    expect(worst).toBeLessThan(1e-2);
  });

  it('has the same result for the same seed, and after being resumed', async () => {
    const theta = async (iterations: number, resume?: StoredSolution) => {
      let stored: StoredSolution | undefined;
      const onCheckpoint = (now: StoredSolution) => {
        stored = now;
      };
      const run = { ...options, iterations, timeLimit: 60, onCheckpoint, resume };
      await solve(poisson, run).catch(() => undefined);
      return stored!;
    };
    const straight = await theta(24);
    expect((await theta(24)).theta).toEqual(straight.theta);
    const resumed = await theta(24, JSON.parse(JSON.stringify(await theta(13))) as StoredSolution);
    expect(resumed.theta).toEqual(straight.theta);
  });

  it('takes the f64 engine for a large network too, and refuses the other', () => {
    const large = { optimizer: 'spring', network: '64x4' };
    expect(resolveSettings(poisson, large)).toMatchObject({
      engine: 'f64',
      engineReason: expect.stringMatching(/spring/),
    });
    expect(() => resolveSettings(poisson, { ...large, engine: 'tfjs' })).toThrow(/spring needs/);
  });
});
