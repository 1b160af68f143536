import { describe, it } from 'vitest';
import { expectExact } from './expect-exact.ts';

const hole = {
  difference: [
    {
      box: [
        [-1, 1],
        [-1, 1],
      ] as [number, number][],
      name: 'outer',
    },
    { disk: { center: [0.3, 0.2] as [number, number], radius: 0.3 }, name: 'inner' },
  ],
};

describe('the reference of an evolution equation on scattered nodes', () => {
  it('heat with a Robin condition on a hole', async () => {
    const u = 'exp(-2*t)*sin(x)*cos(y)';
    await expectExact(
      {
        name: 'heat',
        domain: { geometry: hole, t: [0, 1] },
        fields: ['u'],
        equations: ['u_t = laplacian(u)'],
        conditions: [
          { on: 't = 0', equation: 'u = sin(x)*cos(y)' },
          { on: 'outer', equation: `u = ${u}` },
          {
            on: 'inner',
            equation: `u_n + u = ${u} - exp(-2*t)*((x - 0.3)*cos(x)*cos(y) - (y - 0.2)*sin(x)*sin(y))/0.3`,
          },
        ],
        exact: { u },
      },
      1e-4,
      5e-5,
    );
  });

  it('a nonlinear source on a disk', async () => {
    const u = 'cos(t)*sin(x)*cos(y)';
    await expectExact(
      {
        name: 'nonlinear-heat',
        domain: { geometry: { disk: { center: [0, 0], radius: 1 } }, t: [0, 1] },
        fields: ['u'],
        equations: [`u_t = laplacian(u) + u^2 - (${u})^2 + 2*${u} - sin(t)*sin(x)*cos(y)`],
        conditions: [
          { on: 't = 0', equation: 'u = sin(x)*cos(y)' },
          { on: 'boundary', equation: `u = ${u}` },
        ],
        exact: { u },
      },
      1e-4,
      5e-5,
    );
  });

  it('a plane wave through a square with a hole, of second order in time', async () => {
    const u = 'sin(x + y - sqrt(2)*t)';
    await expectExact(
      {
        name: 'wave',
        domain: { geometry: hole, t: [0, 2] },
        fields: ['u'],
        equations: ['u_tt = laplacian(u)'],
        conditions: [
          { on: 't = 0', equation: 'u = sin(x + y)' },
          { on: 't = 0', equation: 'u_t = -sqrt(2)*cos(x + y)' },
          { on: 'boundary', equation: `u = ${u}` },
        ],
        exact: { u },
      },
      1e-3,
      1e-4,
    );
  });
});
