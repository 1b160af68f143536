import { describe, expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { type AvailableReference, type ReferenceOptions, reference } from '../../src/reference/index.ts';

type Definition = Parameters<typeof problem>[0];

async function solved(definition: Definition, options?: ReferenceOptions): Promise<AvailableReference> {
  const result = await reference(problem(definition), options);
  if (!result.available) throw new Error(result.reason);
  return result;
}

async function expectExact(
  definition: Definition,
  exact: Record<string, (x: number, t: number) => number>,
  tolerance: number,
): Promise<void> {
  const result = await solved(definition);
  const { coordinates } = problem(definition);
  const points: number[] = [];
  for (let i = 0; i <= 12; i++) {
    for (let j = 0; j <= 9; j++) {
      [i / 12, j / 9].forEach((part, axis) => {
        points.push(coordinates[axis].low + (coordinates[axis].high - coordinates[axis].low) * part);
      });
    }
  }
  const values = result.evaluate(Float64Array.from(points));
  for (const [field, f] of Object.entries(exact)) {
    values[field].forEach((value, i) => {
      expect(Math.abs(value - f(points[2 * i], points[2 * i + 1]))).toBeLessThan(tolerance);
    });
  }
  expect(result.errorEstimate).toBeLessThan(tolerance);
}

const box = { x: [0, 1], t: [0, 0.5] } satisfies Definition['domain'];

describe('the reference of an evolution equation', () => {
  it('heat, with Dirichlet and Robin conditions that change in time', async () => {
    await expectExact(
      {
        name: 'heat',
        domain: box,
        fields: ['u'],
        equations: ['u_t = u_xx + exp(-t)*(-sin(x) + sin(x))'],
        conditions: [
          { on: 't = 0', equation: 'u = sin(x)' },
          { on: 'x = 0', equation: 'u = 0' },
          { on: 'x = 1', equation: 'u_n + 2*u = exp(-t)*(cos(1) + 2*sin(1))' },
        ],
      },
      { u: (x, t) => Math.exp(-t) * Math.sin(x) },
      1e-7,
    );
  });

  it("Burgers' equation with its front", async () => {
    const burgers = await solved({
      name: 'burgers',
      domain: { x: [-1, 1], t: [0, 1] },
      fields: ['u'],
      constants: { nu: '0.01/pi' },
      equations: ['u_t + u*u_x = nu*u_xx'],
      conditions: [
        { on: 't = 0', equation: 'u = -sin(pi*x)' },
        { on: 'boundary', equation: 'u = 0' },
      ],
    });
    // Independent: the Cole–Hopf integrals by mpmath's quad with 30 digits.
    const cases = [
      [0.3, 0.5, -0.80124031511922],
      [0.01, 0.4, -0.7692456793237232],
      [0.7, 1, -0.2266432812586793],
      [-0.002, 0.9, 0.1889741309653484],
      [0.05, 0.25, -0.5315978594388195],
    ];
    const { u } = burgers.evaluate(Float64Array.from(cases.flatMap((entry) => entry.slice(0, 2))));
    cases.forEach(([, , value], i) => {
      expect(Math.abs(u[i] - value)).toBeLessThan(3e-8);
    });
    expect(burgers.errorEstimate).toBeLessThan(1e-7);
    expect(burgers.errorEstimate).toBeGreaterThan(1e-12);
  });

  it('Allen–Cahn, periodic', async () => {
    const result = await solved({
      name: 'allen-cahn',
      domain: { t: [0, 1], x: [-1, 1] },
      fields: ['u'],
      equations: ['u_t = 0.0001*u_xx + 5*u - 5*u^3'],
      conditions: [{ on: 't = 0', equation: 'u = x^2*cos(pi*x)' }, { periodic: 'x' }],
    });
    // Independent: 2048 Fourier modes, SciPy 1.17.1, solve_ivp(DOP853, rtol=1e-10, atol=1e-12).
    const cases = [
      [0.5, 0.3, 0.5413570037443429],
      [0.5, 0.01, 0.0024304770015908432],
      [1, 0.7, -0.9997439366243663],
      [1, -0.5, -0.06407679772783939],
      [1, 0.96, -0.9999954225253713],
    ];
    const { u } = result.evaluate(Float64Array.from(cases.flatMap((entry) => entry.slice(0, 2))));
    cases.forEach(([, , value], i) => {
      expect(Math.abs(u[i] - value)).toBeLessThan(2e-8);
    });
  });

  it('the wave equation, of second order in time', async () => {
    await expectExact(
      {
        name: 'wave',
        domain: { x: [0, 1], t: [0, 1] },
        fields: ['u'],
        equations: ['u_tt = 4*u_xx'],
        conditions: [
          { on: 't = 0', equation: 'u = sin(pi*x)' },
          { on: 't = 0', equation: 'u_t = 2*pi*sin(pi*x)' },
          { on: 'x = 0', equation: 'u = 0' },
          { on: 'x = 1', equation: 'u_x = -pi*(cos(2*pi*t) + sin(2*pi*t))' },
        ],
      },
      { u: (x, t) => Math.sin(Math.PI * x) * (Math.cos(2 * Math.PI * t) + Math.sin(2 * Math.PI * t)) },
      3e-7,
    );
  });

  it('convection: periodic, and with an inflow', async () => {
    const exact = (x: number, t: number) => Math.sin(x - 5 * t);
    const convection: Definition = {
      name: 'convection',
      domain: { x: [0, '2*pi'], t: [0, 1] },
      fields: ['u'],
      equations: ['u_t + 5*u_x = 0'],
      conditions: [{ on: 't = 0', equation: 'u = sin(x)' }, { periodic: 'x' }],
    };
    await expectExact(convection, { u: exact }, 3e-7);
    const inflow = [
      { on: 't = 0', equation: 'u = sin(x)' },
      { on: 'x = 0', equation: 'u = -sin(5*t)' },
    ];
    await expectExact({ ...convection, conditions: inflow }, { u: exact }, 3e-7);
  });

  it('a soliton of the Korteweg–de Vries equation', async () => {
    const delta = 0.05;
    const c = 0.5;
    const profile = (z: number) => 3 * c * Math.cosh((Math.sqrt(c) / (2 * delta)) * z) ** -2;
    await expectExact(
      {
        name: 'kdv',
        domain: { x: [-2, 2], t: [0, 0.5] },
        fields: ['u'],
        constants: { delta, c },
        equations: ['u_t + u*u_x + delta^2*u_xxx = 0'],
        conditions: [
          { on: 't = 0', equation: 'u = 3*c/cosh(sqrt(c)/(2*delta)*x)^2' },
          { periodic: 'x', order: 2 },
        ],
      },
      { u: (x, t) => profile(x - c * t) },
      1e-6,
    );
  });

  it('a system: Schrödinger in real and imaginary part, a standing soliton', async () => {
    await expectExact(
      {
        name: 'schroedinger',
        domain: { x: [-20, 20], t: [0, 1] },
        fields: ['u', 'v'],
        equations: ['u_t = -v_xx/2 - (u^2 + v^2)*v', 'v_t = u_xx/2 + (u^2 + v^2)*u'],
        conditions: [
          { on: 't = 0', equation: 'u = 1/cosh(x)' },
          { on: 't = 0', equation: 'v = 0' },
          { periodic: 'x' },
        ],
      },
      {
        u: (x, t) => Math.cos(t / 2) / Math.cosh(x),
        v: (x, t) => Math.sin(t / 2) / Math.cosh(x),
      },
      1e-6,
    );
  });

  it('a parabolic equation with an elliptic one beside it', async () => {
    await expectExact(
      {
        name: 'coupled',
        domain: box,
        fields: ['u', 'phi'],
        equations: [
          'u_t = u_xx + phi + (pi^2 - 1)*exp(-t)*sin(pi*x) - exp(-t)*sin(pi*x)',
          'phi_xx = -pi^2*u',
        ],
        conditions: [
          { on: 't = 0', equation: 'u = sin(pi*x)' },
          { on: 'boundary', equation: 'u = 0' },
          { on: 'boundary', equation: 'phi = 0' },
        ],
      },
      {
        u: (x, t) => Math.exp(-t) * Math.sin(Math.PI * x),
        phi: (x, t) => Math.exp(-t) * Math.sin(Math.PI * x),
      },
      1e-7,
    );
  });

  it('says why where there is none', async () => {
    const reason = async (change: Partial<Definition>, options?: ReferenceOptions): Promise<string> => {
      const result = await reference(
        problem({
          name: 'none',
          domain: box,
          fields: ['u'],
          equations: ['u_t = u_xx'],
          conditions: [
            { on: 't = 0', equation: 'u = sin(pi*x)' },
            { on: 'boundary', equation: 'u = 0' },
          ],
          ...change,
        }),
        options,
      );
      return result.available ? 'available' : result.reason;
    };
    expect(await reason({ conditions: [{ on: 't = 0', equation: 'u = x' }] })).toMatch(
      /0 boundary conditions in x where the equations' orders sum to 2/,
    );
    expect(await reason({ equations: ['u_t = u_xx + u_xxt'] })).toMatch(/highest time derivative/);
    expect(await reason({ equations: ['u_t^2 = u_xx'] })).toMatch(/not linear in the time derivatives/);
    expect(await reason({ equations: [{ equation: 'u_t = u_xx', where: 'x < 0.5' }] })).toMatch(
      /part of the domain/,
    );
    expect(await reason({ domain: { x: [0, 1], y: [0, 1], t: [0, 1] } })).toMatch(/conditions for u in y/);
    expect(await reason({}, { timeLimit: 0 })).toMatch(/time limit/);
    // Backward in time it is not well posed: noise grows without bound.
    expect(await reason({ equations: ['u_t = -u_xx'] }, { timeLimit: 1 })).not.toBe('available');
  });
});
