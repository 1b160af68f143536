import { describe, expect, it } from 'vitest';
import { problem } from '../../../src/problem/index.ts';
import { reference } from '../../../src/reference/index.ts';
import { steadyScatteredReference } from '../../../src/reference/scattered/steady-reference.ts';

const geometry = { disk: { center: [0, 0] as [number, number], radius: 1 } };
const [u, v] = ['sin(x)*cos(y)', '-cos(x)*sin(y)'];

describe('incompressible flow on scattered nodes', () => {
  it('Taylor–Green vortices kept up by a force: continuity and momentum share all nodes', async () => {
    const flow = problem({
      name: 'vortices',
      domain: { geometry },
      fields: ['u', 'v', 'p'],
      constants: { nu: 0.1 },
      equations: [
        `u*u_x + v*u_y + p_x = nu*laplacian(u) + 2*nu*${u}`,
        `u*v_x + v*v_y + p_y = nu*laplacian(v) + 2*nu*(${v})`,
        'u_x + v_y = 0',
      ],
      conditions: [
        { on: 'boundary', equation: `u = ${u}` },
        { on: 'boundary', equation: `v = ${v}` },
        { on: { points: [[0, 0]] }, equation: 'p = 0.5' },
      ],
    });
    const { evaluate } = steadyScatteredReference(
      flow,
      new Float64Array(0),
      2e-2,
      performance.now() + 60_000,
    );
    const points = flow.space!.shape.sample('uniform', 200, 3);
    const values = evaluate(points);
    for (let i = 0; i < 200; i++) {
      const [x, y] = points.subarray(2 * i, 2 * i + 2);
      expect(Math.abs(values.u[i] - Math.sin(x) * Math.cos(y))).toBeLessThan(1e-3);
      expect(Math.abs(values.v[i] + Math.cos(x) * Math.sin(y))).toBeLessThan(1e-3);
      expect(Math.abs(values.p[i] - (Math.cos(2 * x) + Math.cos(2 * y)) / 4)).toBeLessThan(1e-3);
    }
  });

  it('an evolving pressure is said not to be supported', async () => {
    const result = await reference(
      problem({
        name: 'evolving',
        domain: { geometry, t: [0, 1] },
        fields: ['u', 'v', 'p'],
        equations: ['u_t + p_x = laplacian(u)', 'v_t + p_y = laplacian(v)', 'u_x + v_y = 0'],
        conditions: [
          { on: 't = 0', equation: 'u = 0' },
          { on: 't = 0', equation: 'v = 0' },
          { on: 'boundary', equation: 'u = 0' },
          { on: 'boundary', equation: 'v = 0' },
        ],
      }),
    );
    expect(result).toMatchObject({ available: false, reason: expect.stringMatching(/pressure/) });
  });
});
