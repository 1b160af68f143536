import { describe, expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { reference } from '../../src/reference/index.ts';
import { type Definition, expectHonest, solved } from './exact-comparison.ts';

const circle = ['0', '2*pi'] as unknown as [number, number];
const fourier = /^Fourier pseudo-spectral/;
const periodic = (axes: readonly string[]) => axes.map((axis) => ({ periodic: axis }));

const advection: Definition = {
  name: 'advection',
  domain: { x: circle, t: [0, 1] },
  fields: ['u'],
  equations: ['u_t + 30*u_x = 0'],
  conditions: [{ on: 't = 0', equation: 'u = sin(x)' }, ...periodic(['x'])],
  exact: { u: 'sin(x - 30*t)' },
};

describe('the Fourier reference of a periodic evolution equation', () => {
  it('advection and advection with diffusion', async () => {
    await expectHonest(advection, fourier, 1e-8);
    await expectHonest(
      {
        ...advection,
        equations: ['u_t + 30*u_x = 0.5*u_xx'],
        exact: { u: 'exp(-0.5*t)*sin(x - 30*t)' },
      },
      fourier,
      1e-8,
    );
  });

  it('a soliton of the Korteweg–de Vries equation', async () => {
    await expectHonest(
      {
        name: 'kdv',
        domain: { x: [-2, 2], t: [0, 0.5] },
        fields: ['u'],
        constants: { c: 0.5, delta: 0.05 },
        equations: ['u_t + u*u_x + delta^2*u_xxx = 0'],
        conditions: [
          { on: 't = 0', equation: 'u = 3*c/cosh(sqrt(c)/(2*delta)*x)^2' },
          { periodic: 'x', order: 2 },
        ],
        exact: { u: '3*c/cosh(sqrt(c)/(2*delta)*(x - c*t))^2' },
      },
      fourier,
      1e-6,
    );
  });

  it('the nonlinear Schrödinger equation in real and imaginary part', async () => {
    await expectHonest(
      {
        name: 'schroedinger',
        domain: { x: [-20, 20], t: [0, 1] },
        fields: ['u', 'v'],
        equations: ['u_t = -v_xx/2 - (u^2 + v^2)*v', 'v_t = u_xx/2 + (u^2 + v^2)*u'],
        conditions: [
          { on: 't = 0', equation: 'u = 1/cosh(x)' },
          { on: 't = 0', equation: 'v = 0' },
          ...periodic(['x']),
        ],
        exact: { u: 'cos(t/2)/cosh(x)', v: 'sin(t/2)/cosh(x)' },
      },
      fourier,
      1e-6,
    );
  });

  it('second order in time: Klein–Gordon with a source', async () => {
    await expectHonest(
      {
        name: 'klein-gordon',
        domain: { t: [0, 3], x: circle },
        fields: ['u'],
        equations: ['u_tt = u_xx - u - u^3 + (cos(x)*cos(2*t))^3 - 2*cos(x)*cos(2*t)'],
        conditions: [
          { on: 't = 0', equation: 'u = cos(x)' },
          { on: 't = 0', equation: 'u_t = 0' },
          ...periodic(['x']),
        ],
        exact: { u: 'cos(x)*cos(2*t)' },
      },
      fourier,
      1e-7,
    );
  });

  it('a reaction that is pointwise, and diffusion with a coefficient that varies', async () => {
    const start = '(1/2 + 0.3*sin(x))';
    await expectHonest(
      {
        ...advection,
        equations: ['u_t = 5*u*(1 - u)'],
        conditions: [{ on: 't = 0', equation: `u = ${start}` }, ...periodic(['x'])],
        exact: { u: `${start}*exp(5*t)/(1 + ${start}*(exp(5*t) - 1))` },
      },
      fourier,
      1e-7,
    );
    await expectHonest(
      {
        ...advection,
        equations: ['u_t = d((2 + sin(x))*u_x, x) + exp(-t)*(cos(x) + 2*sin(x)*cos(x))'],
        conditions: [{ on: 't = 0', equation: 'u = cos(x)' }, ...periodic(['x'])],
        exact: { u: 'exp(-t)*cos(x)' },
      },
      fourier,
      1e-7,
    );
  });

  it('two space coordinates: decaying vortices of Burgers type', async () => {
    // Cole–Hopf: u = −2ν φ_x/φ, v = −2ν φ_y/φ of a φ that solves the heat equation.
    const phi = '(2 + exp(-2*nu*t)*cos(x)*cos(y))';
    await expectHonest(
      {
        name: 'burgers-2d',
        domain: { x: circle, y: circle, t: [0, 1] },
        fields: ['u', 'v'],
        constants: { nu: 0.2 },
        equations: ['u_t + u*u_x + v*u_y = nu*laplacian(u)', 'v_t + u*v_x + v*v_y = nu*laplacian(v)'],
        conditions: [
          { on: 't = 0', equation: 'u = 2*nu*sin(x)*cos(y)/(2 + cos(x)*cos(y))' },
          { on: 't = 0', equation: 'v = 2*nu*cos(x)*sin(y)/(2 + cos(x)*cos(y))' },
          ...periodic(['x', 'y']),
        ],
        exact: {
          u: `2*nu*exp(-2*nu*t)*sin(x)*cos(y)/${phi}`,
          v: `2*nu*exp(-2*nu*t)*cos(x)*sin(y)/${phi}`,
        },
      },
      fourier,
      1e-5,
      { target: 1e-5 },
    );
  });

  it('three space coordinates: diffusion', async () => {
    await expectHonest(
      {
        name: 'diffusion-3d',
        domain: { x: circle, y: circle, z: circle, t: [0, 1] },
        fields: ['u'],
        equations: ['u_t = 0.1*laplacian(u)'],
        conditions: [{ on: 't = 0', equation: 'u = sin(x)*cos(y + z)' }, ...periodic(['x', 'y', 'z'])],
        exact: { u: 'exp(-0.3*t)*sin(x)*cos(y + z)' },
      },
      fourier,
      1e-7,
    );
  });

  it('the Kuramoto–Sivashinsky equation: two independent methods agree', async () => {
    const definition: Definition = {
      name: 'kuramoto-sivashinsky',
      domain: { x: circle, t: [0, 0.1] },
      fields: ['u'],
      constants: { a: '100/16', b: '100/16^2', c: '100/16^4' },
      equations: ['u_t + a*u*u_x + b*u_xx + c*u_xxxx = 0'],
      conditions: [{ on: 't = 0', equation: 'u = cos(x)*(1 + sin(x))' }, ...periodic(['x'])],
    };
    const spectral = await solved(definition);
    expect(spectral.method).toMatch(fourier);
    const splines = (
      await import('../../src/reference/collocation/evolution-reference.ts')
    ).evolutionReference(problem(definition), new Float64Array(0), 1e-6, performance.now() + 10_000);
    const points = Float64Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? (i / 80) * 6.28 : 0.1));
    const [a, b] = [spectral.evaluate(points).u, splines.evaluate(points).u];
    a.forEach((value, i) => {
      expect(Math.abs(value - b[i])).toBeLessThan(1e-5);
    });
  });

  it('gives way where the start is not smooth on the circle', async () => {
    // A kink that nothing smooths: Fourier modes decay slowly.
    const result = await solved(
      {
        ...advection,
        equations: ['u_t = -u'],
        conditions: [{ on: 't = 0', equation: 'u = x*(2*pi - x)' }, ...periodic(['x'])],
      },
      { timeLimit: 4 },
    );
    const { u } = result.evaluate(Float64Array.of(1, 1));
    expect(Math.abs(u[0] - Math.exp(-1) * (2 * Math.PI - 1))).toBeLessThan(30 * result.errorEstimate);
  });

  it('keeps its time limit and says why where it has none', async () => {
    const reason = async (change: Partial<Definition>, timeLimit?: number): Promise<string> => {
      const result = await reference(problem({ ...advection, exact: {}, ...change }), { timeLimit });
      return result.available ? 'available' : result.reason;
    };
    const begun = performance.now();
    expect(await reason({ equations: ['u_t = -u_xx'] }, 1)).not.toBe('available');
    expect(performance.now() - begun).toBeLessThan(2500);
    expect(await reason({ equations: ['u_t^2 = u_xx'] })).toMatch(/time derivative/);
    expect(await reason({}, 0)).toMatch(/time limit/);
  });
});
