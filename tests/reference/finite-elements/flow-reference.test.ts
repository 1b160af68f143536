import { describe, expect, it } from 'vitest';
import { problem } from '../../../src/problem/index.ts';
import { flowReference } from '../../../src/reference/finite-elements/flow-reference.ts';
import { reference } from '../../../src/reference/index.ts';
import { expectExact } from '../scattered/expect-exact.ts';

const [u, v, p] = ['sin(x)*cos(y)', '-cos(x)*sin(y)', '(cos(2*x) + cos(2*y))/4'];
const vortices = {
  name: 'vortices',
  fields: ['u', 'v', 'p'],
  constants: { nu: 0.05 },
  equations: [
    `u*u_x + v*u_y + p_x = nu*laplacian(u) + 2*nu*${u}`,
    `u*v_x + v*v_y + p_y = nu*laplacian(v) + 2*nu*(${v})`,
    'u_x + v_y = 0',
  ],
  exact: { u, v, p },
};
const polygon: [number, number][] = [
  [0, 0],
  [2, 0],
  [2, 2],
  [1, 2],
  [1, 1],
  [0, 1],
];
const given = (on: string) => [
  { on, equation: `u = ${u}` },
  { on, equation: `v = ${v}` },
];
const walls = ['x = 0', 'x = 1', 'y = 0', 'y = 1', 'y = 2'].flatMap(given);

describe('steady flow by finite elements', () => {
  it('in a round space, the pressure given at a point', async () => {
    const method = await expectExact(
      {
        ...vortices,
        domain: { geometry: { disk: { center: [0, 0], radius: 1 } } },
        conditions: [...given('boundary'), { on: { points: [[0, 0]] }, equation: 'p = 0.5' }],
      },
      2e-2,
      1e-2,
    );
    expect(method).toMatch(/Taylor & Hood/);
  });

  it('through an outlet where pressure and tangential velocity are given', async () => {
    await expectExact(
      {
        ...vortices,
        domain: { geometry: { polygon } },
        conditions: [...walls, { on: 'x = 2', equation: `v = ${v}` }, { on: 'x = 2', equation: `p = ${p}` }],
      },
      2e-2,
      2e-2,
    );
  });

  it('through an outlet where the traction is given', async () => {
    await expectExact(
      {
        ...vortices,
        constants: { nu: 0.3 },
        domain: { geometry: { polygon } },
        conditions: [
          ...walls,
          { on: 'x = 2', equation: `nu*u_n - p = nu*cos(x)*cos(y) - ${p}` },
          { on: 'x = 2', equation: 'v_n = sin(x)*sin(y)' },
        ],
      },
      2e-2,
      2e-2,
    );
  });

  it("under a moving lid: Botella & Peyret's extreme velocities at Re = 100 (Comput. & Fluids 27, 1998, table 2)", () => {
    const lid = problem({
      name: 'lid',
      domain: { x: [0, 1], y: [0, 1] },
      fields: ['u', 'v', 'p'],
      constants: { nu: 0.01 },
      equations: [
        'u*u_x + v*u_y = -p_x + nu*laplacian(u)',
        'u*v_x + v*v_y = -p_y + nu*laplacian(v)',
        'u_x + v_y = 0',
      ],
      conditions: [
        { on: 'y = 1', equation: 'u = 1' },
        ...['x = 0', 'x = 1', 'y = 0'].map((on) => ({ on, equation: 'u = 0' })),
        { on: 'boundary', equation: 'v = 0' },
        { on: { points: [[0.5, 0.5]] }, equation: 'p = 0' },
      ],
    });
    const { evaluate } = flowReference(lid, new Float64Array(0), 0.05, performance.now() + 60_000);
    const { u, v } = evaluate(Float64Array.of(0.5, 0.4581, 0.8104, 0.5, 0.237, 0.5));
    expect(Math.abs(u[0] + 0.2140424)).toBeLessThan(2e-3);
    expect(Math.abs(v[1] + 0.253803)).toBeLessThan(2e-3);
    expect(Math.abs(v[2] - 0.1795728)).toBeLessThan(2e-3);
  });

  it('two given values at one place of the boundary are too few', async () => {
    const result = await reference(
      problem({
        ...vortices,
        exact: undefined,
        domain: { geometry: { polygon } },
        conditions: [...walls, { on: 'x = 2', equation: 'p = 0' }],
      }),
      { timeLimit: 5 },
    );
    expect(result.available).toBe(false);
  });
});
