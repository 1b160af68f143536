import { describe, expect, it } from 'vitest';
import { besselFunctions } from '../../src/reference/fourier/bessel.ts';
import { type Definition, expectHonest, solved } from './exact-comparison.ts';

const chebyshev = /^sines and cosines .*, Chebyshev polynomials in time$/;

/** A standing wave whose frequency is the same everywhere, though its speed is not. */
const standing: Definition = {
  name: 'standing',
  domain: { x: [0, 1], y: [-1, 1], t: [0, 2] },
  fields: ['u'],
  constants: { omega: 12 },
  functions: { c: '2 + sin(3*x + y)*exp(y)/3', k2: 'pi^2*(1 + 1/4)' },
  equations: ['u_tt = c*laplacian(u) - (omega^2 - c*k2)*u'],
  conditions: [
    { on: 't = 0', equation: 'u = cos(pi*x)*cos(pi*y/2)' },
    { on: 't = 0', equation: 'u_t = omega*cos(pi*x)*cos(pi*y/2)' },
    { on: 'x = 0', equation: 'u_n = 0' },
    { on: 'x = 1', equation: 'u_n = 0' },
    { on: 'y = -1', equation: 'u = 0' },
    { on: 'y = 1', equation: 'u = 0' },
  ],
  exact: { u: 'cos(pi*x)*cos(pi*y/2)*(cos(omega*t) + sin(omega*t))' },
};

/** A pulse that meets a medium of another speed; its energy is ∫ (u_t²/c + |∇u|²)/2. */
const pulse: Definition = {
  name: 'pulse',
  domain: { x: [-1, 1], y: [-1, 1], t: [0, 2] },
  fields: ['u'],
  functions: { c: '2 + tanh(3*(x + y/2))' },
  equations: ['u_tt = c*laplacian(u)'],
  conditions: [
    { on: 't = 0', equation: 'u = exp(-((x + 0.2)^2 + y^2)/0.08)' },
    { on: 't = 0', equation: 'u_t = 0' },
    { on: 'boundary', equation: 'u_n = 0' },
  ],
};

describe('waves of varying speed', () => {
  it('a standing wave is met to the digits of its interpolation in time', async () => {
    await expectHonest(standing, chebyshev, 1e-6);
  });

  it('energy is kept while a pulse passes from one medium into another', async () => {
    const found = await solved(pulse, { target: 3e-3 });
    expect(found.method).toMatch(chebyshev);
    const n = 40;
    const h = 1e-3;
    const energy = (t: number): number => {
      const at = (dx: number, dy: number, dt: number): Float64Array => {
        const points: number[] = [];
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++)
            points.push(-1 + (2 * i + 1) / n + dx, -1 + (2 * j + 1) / n + dy, t + dt);
        return found.evaluate(Float64Array.from(points)).u;
      };
      const slope = (dx: number, dy: number, dt: number): Float64Array => {
        const ahead = at(dx, dy, dt);
        const behind = at(-dx, -dy, -dt);
        return ahead.map((value, i) => (value - behind[i]) / (2 * h));
      };
      const [ux, uy, ut] = [slope(h, 0, 0), slope(0, h, 0), slope(0, 0, h)];
      return ut.reduce((sum, value, i) => {
        const x = -1 + (2 * Math.floor(i / n) + 1) / n;
        const y = -1 + (2 * (i % n) + 1) / n;
        const c = 2 + Math.tanh(3 * (x + y / 2));
        return sum + (value ** 2 / c + ux[i] ** 2 + uy[i] ** 2) / n ** 2;
      }, 0);
    };
    const first = energy(0.01);
    for (const t of [0.5, 1.1, 1.9]) expect(energy(t) / first).toBeCloseTo(1, 2);
  });

  it('damping is left to other methods', async () => {
    const damped = await solved({
      ...standing,
      exact: undefined,
      domain: { x: [0, 1], y: [-1, 1], t: [0, 0.1] },
      equations: ['u_tt = c*laplacian(u) - u_t'],
    });
    expect(damped.method).not.toMatch(chebyshev);
  });
});

describe('Bessel functions', () => {
  it('have the values of tables', () => {
    // Abramowitz & Stegun (1964), tables 9.1, 9.2 and 9.4.
    const [at1, at10] = [besselFunctions(1, 4), besselFunctions(10, 11)];
    expect(at1[0]).toBeCloseTo(0.7651976865579666, 14);
    expect(at1[1]).toBeCloseTo(0.4400505857449335, 14);
    expect(at10[0]).toBeCloseTo(-0.2459357644513483, 14);
    expect(at10[10]).toBeCloseTo(0.2074861066333589, 14);
  });

  it('add up to one in squares', () => {
    // J₀² + 2 Σ J_k² = 1.
    for (const z of [0, 0.01, 3, 47.3, 900]) {
      const values = besselFunctions(z, Math.ceil(z) + 200);
      expect(values.reduce((sum, j, k) => sum + (k === 0 ? 1 : 2) * j * j, 0)).toBeCloseTo(1, 12);
    }
  });
});
