import { describe, expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { type AvailableReference, type ReferenceOptions, reference } from '../../src/reference/index.ts';
import { independentValues } from './independent-values.ts';

type Definition = Parameters<typeof problem>[0];

async function solved(definition: Definition, options?: ReferenceOptions): Promise<AvailableReference> {
  const result = await reference(problem(definition), options);
  if (!result.available) throw new Error(result.reason);
  return result;
}

async function reason(definition: Definition, options?: ReferenceOptions): Promise<string> {
  const result = await reference(problem(definition), options);
  return result.available ? 'available' : result.reason;
}

/** Checks values against the exact ones, and that the estimate is not too good to be true. */
function expectExact(
  result: AvailableReference,
  field: string,
  points: number[],
  exact: (t: number) => number,
  tolerance: number,
): void {
  const values = result.evaluate(Float64Array.from(points))[field];
  points.forEach((t, i) => {
    expect(Math.abs(values[i] - exact(t))).toBeLessThan(tolerance * Math.max(1, Math.abs(exact(t))));
  });
  expect(result.errorEstimate).toBeLessThan(tolerance);
  expect(result.errorEstimate).toBeGreaterThan(0);
}

const inside = [0, 0.1, 0.33, 0.5, 0.77, 0.9, 1];

describe('the reference of an initial value problem', () => {
  it('of second order, with an affine initial condition that mixes derivatives', async () => {
    const result = await solved({
      name: 'oscillator',
      domain: { t: [0, 1] },
      fields: ['u'],
      equations: ["2*u'' + 8*u = 0"],
      conditions: [
        { on: 't = 0', equation: "u + u' = 3" },
        { on: 't = 0', equation: "u - u'/2 = 0" },
      ],
    });
    expectExact(result, 'u', inside, (t) => Math.cos(2 * t) + Math.sin(2 * t), 1e-9);
  });

  it('with conditions at the upper end, or inside', async () => {
    for (const on of ['t = 1', 't = 0.5']) {
      const place = on === 't = 1' ? 1 : 0.5;
      const result = await solved({
        name: 'growth',
        domain: { t: [0, 1] },
        fields: ['u'],
        constants: { k: 3 },
        equations: ["u' = k*u + t"],
        conditions: [{ on, equation: 'u = 2' }],
      });
      const c = (2 + place / 3 + 1 / 9) * Math.exp(-3 * place);
      expectExact(result, 'u', inside, (t) => c * Math.exp(3 * t) - t / 3 - 1 / 9, 1e-8);
    }
  });

  it('with a mass matrix that couples the highest derivatives', async () => {
    const result = await solved({
      name: 'coupled',
      domain: { t: [0, 1] },
      fields: ['u', 'v'],
      equations: ["(2 + t)*u' + v' = -2*u - t*u + v", "u' - v' = -u - v"],
      conditions: [
        { on: 't = 0', equation: 'u = 1' },
        { on: 't = 0', equation: 'v = 2' },
      ],
    });
    expectExact(result, 'u', inside, (t) => Math.exp(-t), 1e-9);
    expectExact(result, 'v', inside, (t) => 2 * Math.exp(t), 1e-9);
  });

  it('with nonlinear initial conditions', async () => {
    const result = await solved({
      name: 'logistic',
      domain: { t: [0, 1] },
      fields: ['u'],
      equations: ["u' = u*(1 - u)"],
      conditions: [{ on: 't = 0', equation: 'exp(u) = exp(0.25)' }],
    });
    expectExact(result, 'u', inside, (t) => 1 / (1 + 3 * Math.exp(-t)), 1e-9);
  });

  it('with an algebraic equation', async () => {
    const result = await solved({
      name: 'algebraic',
      domain: { t: [0, 1] },
      fields: ['u', 'w'],
      equations: ["u' = -w", 'w = u^3 + t'],
      conditions: [{ on: 't = 0', equation: 'u = 1' }],
    });
    const w = result.evaluate(Float64Array.from(inside));
    inside.forEach((t, i) => {
      expect(w.w[i]).toBeCloseTo(w.u[i] ** 3 + t, 9);
    });
  });

  it('stiff: Van der Pol with μ = 1000', async () => {
    const { t, y } = independentValues.vanDerPol;
    const result = await solved({
      name: 'van-der-pol',
      domain: { t: [0, 2000] },
      fields: ['x'],
      constants: { mu: 1000 },
      equations: ["x'' = mu*(1 - x^2)*x' - x"],
      conditions: [
        { on: 't = 0', equation: 'x = 2' },
        { on: 't = 0', equation: "x' = 0" },
      ],
    });
    expect(result.method).toContain('Rodas');
    const { x } = result.evaluate(Float64Array.from(t));
    y.forEach(([value], i) => {
      expect(Math.abs(x[i] - value)).toBeLessThan(1e-6);
    });
    expect(result.errorEstimate).toBeLessThan(1e-5);
  });

  it('chaotic: the estimate tells how far to trust it', async () => {
    const lorenz = (end: number): Definition => ({
      name: 'lorenz',
      domain: { t: [0, end] },
      fields: ['x', 'y', 'z'],
      unknowns: { sigma: { initial: 1 }, rho: { initial: 1 }, beta: { initial: 1 } },
      equations: ["x' = sigma*(y - x)", "y' = x*(rho - z) - y", "z' = x*y - beta*z"],
      conditions: ['x', 'y', 'z'].map((name) => ({ on: 't = 0', equation: `${name} = 1` })),
      data: [{ rows: [{ t: 0, x: 1 }], at: { t: 't' }, observe: { x: 'x' } }],
    });
    const unknowns = { sigma: 10, rho: 28, beta: 8 / 3 };
    const short = await solved(lorenz(5), { unknowns });
    const { t, y } = independentValues.lorenz;
    const values = short.evaluate(Float64Array.from(t));
    y.forEach((state, i) => {
      expect(values.x[i]).toBeCloseTo(state[0], 7);
      expect(values.z[i]).toBeCloseTo(state[2], 7);
    });
    const long = await solved(lorenz(60), { unknowns });
    expect(long.errorEstimate).toBeGreaterThan(1e-2);
    expect(await reason(lorenz(5))).toMatch(/unknowns \(sigma, rho, beta\)/);
    await expect(reference(problem(lorenz(5)), { unknowns: { sigma: 10, rho: 28 } })).rejects.toThrow(/beta/);
    await expect(reference(problem(lorenz(5)), { unknowns: { alpha: 1 } })).rejects.toThrow(/not an unknown/);
  });

  it('says why where there is none', async () => {
    const blowUp: Definition = {
      name: 'blow-up',
      domain: { t: [0, 2] },
      fields: ['u'],
      equations: ["u' = u^2"],
      conditions: [{ on: 't = 0', equation: 'u = 1' }],
    };
    expect(await reason(blowUp)).toMatch(/t = (0\.99|1\.0)/);
  });

  it('rejects points outside the domain', async () => {
    const result = await solved({
      name: 'decay',
      domain: { t: [0, 1] },
      fields: ['u'],
      equations: ["u' = -u"],
      conditions: [{ on: 't = 0', equation: 'u = 1' }],
    });
    expect(() => result.evaluate(Float64Array.of(1.5))).toThrow(/outside/);
  });
});
