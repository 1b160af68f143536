import { describe, expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { reference } from '../../src/reference/index.ts';

type Definition = Parameters<typeof problem>[0];

async function expectExact(
  definition: Definition,
  exact: Record<string, (x: number) => number>,
  tolerance: number,
): Promise<string> {
  const read = problem(definition);
  const result = await reference(read);
  if (!result.available) throw new Error(result.reason);
  const { low, high } = read.coordinates[0];
  const points = Float64Array.from({ length: 57 }, (_, i) => low + ((high - low) * i) / 56);
  const values = result.evaluate(points);
  for (const [field, f] of Object.entries(exact)) {
    const scale = Math.max(...Array.from(points, (x) => Math.abs(f(x))));
    points.forEach((x, i) => {
      expect(Math.abs(values[field][i] - f(x))).toBeLessThan(tolerance * scale);
    });
  }
  expect(result.errorEstimate).toBeLessThan(tolerance);
  return result.method;
}

describe('the reference of a boundary value problem', () => {
  it('linear, with a Dirichlet and a Neumann condition', async () => {
    await expectExact(
      {
        name: 'poisson',
        domain: { x: [0, 1] },
        fields: ['u'],
        equations: ['u_xx + pi^2*sin(pi*x) = 0'],
        conditions: [
          { on: 'x = 0', equation: 'u = 0' },
          { on: 'x = 1', equation: 'u_n = -pi' },
        ],
      },
      { u: (x) => Math.sin(Math.PI * x) },
      1e-10,
    );
  });

  it('with a boundary layer of width 1e-3', async () => {
    const e = 1e-3;
    await expectExact(
      {
        name: 'layer',
        domain: { x: [0, 1] },
        fields: ['u'],
        constants: { e },
        equations: ['e*u_xx + u_x = 0'],
        conditions: [
          { on: 'x = 0', equation: 'u = 0' },
          { on: 'x = 1', equation: 'u = 1' },
        ],
      },
      { u: (x) => (1 - Math.exp(-x / e)) / (1 - Math.exp(-1 / e)) },
      1e-9,
    );
  });

  it('nonlinear: Bratu, the lower branch', async () => {
    // θ = √2 cosh(θ/4) for λ = 1, its smaller root.
    let theta = 1.5;
    for (let i = 0; i < 100; i++) theta = Math.SQRT2 * Math.cosh(theta / 4);
    await expectExact(
      {
        name: 'bratu',
        domain: { x: [0, 1] },
        fields: ['u'],
        equations: ['d2u/dx2 + exp(u) = 0'],
        conditions: [{ on: 'boundary', equation: 'u = 0' }],
      },
      { u: (x) => -2 * Math.log(Math.cosh((x - 0.5) * (theta / 2)) / Math.cosh(theta / 4)) },
      1e-9,
    );
  });

  it('of fourth order, with a condition inside', async () => {
    await expectExact(
      {
        name: 'beam',
        domain: { x: [0, 1] },
        fields: ['w'],
        equations: ['w_xxxx = 24'],
        conditions: [
          { on: 'x = 0', equation: 'w = 0' },
          { on: 'x = 0', equation: 'w_x = 0' },
          { on: 'x = 0.5', equation: 'w = 1/16' },
          { on: 'x = 1', equation: 'w_xx = 12' },
        ],
      },
      { w: (x) => x ** 4 },
      1e-9,
    );
  });

  it('a system of mixed orders', async () => {
    await expectExact(
      {
        name: 'mixed',
        domain: { x: [0, 2] },
        fields: ['u', 'v'],
        equations: ['u_xx + v = 0', 'v_x = u - 2*sin(x) + v*(u - sin(x)) + cos(x)+sin(x)'],
        conditions: [
          { on: 'x = 0', equation: 'u = 0' },
          { on: 'x = 2', equation: 'u + v = 2*sin(2)' },
          { on: 'x = 0', equation: 'v = 0' },
        ],
      },
      { u: Math.sin, v: Math.sin },
      1e-9,
    );
  });

  it('periodic', async () => {
    await expectExact(
      {
        name: 'periodic',
        domain: { x: [0, 2] },
        fields: ['u'],
        equations: ['u_xx - u + u^3 = -(pi^2 + 1)*sin(pi*x) + sin(pi*x)^3'],
        conditions: [{ periodic: 'x' }],
      },
      { u: (x) => Math.sin(Math.PI * x) },
      1e-8,
    );
  });

  it('of an initial value problem that is singular at its start: Lane–Emden of index 5', async () => {
    await expectExact(
      {
        name: 'lane-emden',
        domain: { x: [0, 5] },
        fields: ['y'],
        equations: ['x*d2y/dx2 + 2*dy/dx + x*y^5 = 0'],
        conditions: [
          { on: 'x = 0', equation: 'y = 1' },
          { on: 'x = 0', equation: 'y_x = 0' },
        ],
      },
      { y: (x) => 1 / Math.sqrt(1 + (x * x) / 3) },
      1e-8,
    );
  });

  it('of an equation not linear in its highest derivative', async () => {
    await expectExact(
      {
        name: 'clairaut',
        domain: { t: [0, 1] },
        fields: ['u'],
        equations: ["u' + u'^3 = 2*exp(t) + 8*exp(3*t) + u - 2*exp(t)"],
        conditions: [{ on: 't = 0', equation: 'u = 2' }],
      },
      { u: (t) => 2 * Math.exp(t) },
      1e-9,
    );
  });

  it('says why where there is none', async () => {
    const none = await reference(
      problem({
        name: 'no-solution',
        domain: { x: [0, 1] },
        fields: ['u'],
        equations: ['u_xx + pi^2*u = sin(pi*x)'],
        conditions: [{ on: 'boundary', equation: 'u = 0' }],
      }),
    );
    expect(none).toMatchObject({ available: false, reason: expect.stringMatching(/./) });
  });
});
