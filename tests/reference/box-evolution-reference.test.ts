import { describe, expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { reference } from '../../src/reference/index.ts';
import { type Definition, expectHonest } from './exact-comparison.ts';

const box = { x: [0, 1], y: [0, 1], t: [0, 1] } satisfies Definition['domain'];
const grid = /^Chebyshev collocation on \d+ by \d+/;

const heat: Definition = {
  name: 'heat',
  domain: box,
  fields: ['u'],
  equations: ['u_t = laplacian(u) + exp(-t)*sin(x + y)'],
  conditions: [
    { on: 't = 0', equation: 'u = sin(x + y)' },
    { on: 'x = 0', equation: 'u = exp(-t)*sin(y)' },
    { on: 'x = 1', equation: 'u_n + u = exp(-t)*(sin(1 + y) + cos(1 + y))' },
    { on: 'y = 0', equation: 'u_n = -exp(-t)*cos(x)' },
    { on: 'y = 1', equation: 'u = exp(-t)*sin(x + 1)' },
  ],
  exact: { u: 'exp(-t)*sin(x + y)' },
};

describe('the reference of an evolution equation in two space coordinates', () => {
  it('heat, with Dirichlet, Neumann and Robin conditions that change in time', async () => {
    await expectHonest(heat, grid, 1e-7);
  });

  it('heat in a medium that is not uniform', async () => {
    await expectHonest(
      {
        ...heat,
        equations: ['u_t = d((1 + x)*u_x, x) + u_yy + exp(-t)*((1 + x)*sin(x + y) - cos(x + y))'],
      },
      grid,
      1e-7,
    );
  });

  it('a wave that leaves through an open side', async () => {
    await expectHonest(
      {
        name: 'absorbed',
        domain: { x: [0, 2], y: [0, 1], t: [0, 1] },
        fields: ['u'],
        equations: ['u_tt = laplacian(u)'],
        conditions: [
          { on: 't = 0', equation: 'u = sin(2*x)' },
          { on: 't = 0', equation: 'u_t = -2*cos(2*x)' },
          { on: 'x = 0', equation: 'u = -sin(2*t)' },
          { on: 'x = 2', equation: 'u_t + u_x = 0' },
          { on: 'y = 0', equation: 'u_n = 0' },
          { on: 'y = 1', equation: 'u_n = 0' },
        ],
        exact: { u: 'sin(2*(x - t))' },
      },
      grid,
      1e-4,
      { target: 1e-4 },
    );
  });

  it("Burgers' equations", async () => {
    const front = (t: string, sign: string) => `3/4 ${sign} 1/(4*(1 + exp((-4*x + 4*y - ${t})/(32*nu))))`;
    await expectHonest(
      {
        name: 'burgers',
        domain: { x: [0, 1], y: [0, 1], t: [0, 0.5] },
        fields: ['u', 'v'],
        constants: { nu: 0.1 },
        equations: ['u_t + u*u_x + v*u_y = nu*laplacian(u)', 'v_t + u*v_x + v*v_y = nu*laplacian(v)'],
        conditions: [
          { on: 't = 0', equation: `u = ${front('0', '-')}` },
          { on: 't = 0', equation: `v = ${front('0', '+')}` },
          { on: 'boundary', equation: `u = ${front('t', '-')}` },
          { on: 'boundary', equation: `v = ${front('t', '+')}` },
        ],
        exact: { u: front('t', '-'), v: front('t', '+') },
      },
      grid,
      1e-3,
      { target: 1e-2 },
    );
  });

  it('periodic along a channel', async () => {
    await expectHonest(
      {
        name: 'channel',
        domain: { x: [0, '2*pi'], y: [0, 1], t: [0, 1] },
        fields: ['u'],
        equations: ['u_t + y*u_x = 0.1*laplacian(u) + exp(-t)*sin(y)*(-0.8*sin(x) + y*cos(x))'],
        conditions: [
          { on: 't = 0', equation: 'u = sin(x)*sin(y)' },
          { periodic: 'x' },
          { on: 'y = 0', equation: 'u = 0' },
          { on: 'y = 1', equation: 'u = exp(-t)*sin(x)*sin(1)' },
        ],
        exact: { u: 'exp(-t)*sin(x)*sin(y)' },
      },
      grid,
      1e-7,
    );
  });

  it('conditions at the end of time: backwards, in one space coordinate and in two', async () => {
    await expectHonest(
      {
        ...heat,
        equations: ['u_t + laplacian(u) = 0'],
        conditions: [
          { on: 't = 1', equation: 'u = sin(x)*sin(y)' },
          { on: 'x = 0', equation: 'u = 0' },
          { on: 'x = 1', equation: 'u = exp(2*(t - 1))*sin(1)*sin(y)' },
          { on: 'y = 0', equation: 'u = 0' },
          { on: 'y = 1', equation: 'u = exp(2*(t - 1))*sin(x)*sin(1)' },
        ],
        exact: { u: 'exp(2*(t - 1))*sin(x)*sin(y)' },
      },
      grid,
      1e-7,
    );
    const price = (tau: string) => {
      const d = (sign: string) => `(log(S/K) + (r ${sign} s^2/2)*(${tau}))/(s*sqrt(${tau}))`;
      return `S*(1 + erf(${d('+')}/sqrt(2)))/2 - K*exp(-r*(${tau}))*(1 + erf(${d('-')}/sqrt(2)))/2`;
    };
    await expectHonest(
      {
        name: 'black-scholes',
        domain: { S: [20, 200], t: [0, 1] },
        fields: ['V'],
        constants: { r: 0.05, s: 0.3, K: 100 },
        equations: ['d(V, t) + s^2/2*S^2*d(V, S, 2) + r*S*d(V, S) = r*V'],
        // Half a year before the end, where the kink at the strike is smooth.
        conditions: [
          { on: 't = 1', equation: `V = ${price('1/2')}` },
          { on: 'S = 20', equation: `V = ${price('3/2 - t')}` },
          { on: 'S = 200', equation: `V = ${price('3/2 - t')}` },
        ],
        exact: { V: price('3/2 - t') },
      },
      /spline/,
      1e-6,
    );
  });

  it('says why where there is none', async () => {
    const reason = async (change: Partial<Definition>): Promise<string> => {
      const result = await reference(problem({ ...heat, exact: {}, ...change }), { timeLimit: 2 });
      return result.available ? 'available' : result.reason;
    };
    expect(await reason({ conditions: heat.conditions!.slice(0, 4) })).toMatch(/1 conditions for u in y/);
    expect(await reason({ equations: ['u_t + laplacian(laplacian(u)) = 0'] })).toMatch(/order 4/);
    expect(await reason({ equations: ['u_t = -laplacian(u)'] })).not.toBe('available');
    const begun = performance.now();
    await reason({ equations: ['u_t = 100*laplacian(u) - exp(30*u)*u_x'] });
    expect(performance.now() - begun).toBeLessThan(4000);
  });
});
