import { describe, expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { reference } from '../../src/reference/index.ts';
import { type Definition, expectHonest } from './exact-comparison.ts';

const flow = /^Chebyshev collocation on \d+ by \d+ points, backward differentiation/;

/** Vortices in a channel, kept up by nothing: p = −(cos 2πx + cos 2πy)e/4, less its value at the outlet. */
const decay = 'exp(-2*nu*pi^2*t)';
const pressure = `-(cos(2*pi*x) + cos(2*pi*y))*${decay}^2/4`;

const vortices: Definition & Required<Pick<Definition, 'conditions'>> = {
  name: 'vortices',
  domain: { x: [0, 1.5], y: [0, 1], t: [0, 0.2] },
  fields: ['u', 'v', 'p'],
  constants: { nu: 0.1 },
  equations: [
    'u_t + u*u_x + v*u_y = -p_x + nu*laplacian(u)',
    'v_t + u*v_x + v*v_y = -p_y + nu*laplacian(v)',
    'u_x + v_y = 0',
  ],
  conditions: [
    { on: 't = 0', equation: 'u = -cos(pi*x)*sin(pi*y)' },
    { on: 't = 0', equation: 'v = sin(pi*x)*cos(pi*y)' },
    { on: 'x = 0', equation: `u = -cos(pi*x)*sin(pi*y)*${decay}` },
    { on: 'x = 0', equation: `v = sin(pi*x)*cos(pi*y)*${decay}` },
    { on: 'x = 1.5', equation: `p = ${pressure}` },
    { on: 'x = 1.5', equation: `v = sin(pi*x)*cos(pi*y)*${decay}` },
    { on: 'y = 0', equation: 'u = 0' },
    { on: 'y = 0', equation: `v = sin(pi*x)*cos(pi*y)*${decay}` },
    { on: 'y = 1', equation: 'u = 0' },
    { on: 'y = 1', equation: `v = sin(pi*x)*cos(pi*y)*${decay}` },
  ],
  exact: {
    u: `-cos(pi*x)*sin(pi*y)*${decay}`,
    v: `sin(pi*x)*cos(pi*y)*${decay}`,
    p: pressure,
  },
};

describe('the reference of a flow in time', () => {
  it('vortices that die away, with an outlet that gives the pressure', async () => {
    await expectHonest(vortices, flow, 1e-3, { target: 1e-3, timeLimit: 60 });
  }, 90_000);

  it('says why where an outlet does not determine the velocity', async () => {
    const conditions = vortices.conditions.filter((_, i) => i !== 5);
    const result = await reference(problem({ ...vortices, conditions, exact: undefined }), { timeLimit: 5 });
    expect(result).toMatchObject({
      available: false,
      reason: 'no condition gives v on a part of the boundary',
    });
  });
});
