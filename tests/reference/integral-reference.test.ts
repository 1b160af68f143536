import { describe, expect, it } from 'vitest';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { reference } from '../../src/reference/index.ts';
import { IntegratedBasis } from '../../src/reference/integral/integrated-basis.ts';

const start = (equation: string) => ({ on: 't = 0', equation });

/** Problems with exact solutions, and the relative error allowed. */
const problems: Record<string, ProblemDefinition> = {
  'Volterra, linear': {
    name: 'volterra',
    domain: { t: [0, 5] },
    fields: ['u'],
    equations: ["u' + u = integral(exp(s - t)*u(s), s, 0, t)"],
    conditions: [start('u = 1')],
    exact: { u: 'exp(-t)*cosh(t)' },
  },
  'Volterra, nonlinear, a derivative under the integral': {
    name: 'volterra',
    domain: { t: [0, 1.2] },
    fields: ['u'],
    equations: ["u' = 1 + integral(u(s)*u'(s), s, 0, t)"],
    conditions: [start('u = 0')],
    exact: { u: 'sqrt(2)*tan(t/sqrt(2))' },
  },
  'Volterra of the second kind, without a derivative': {
    name: 'volterra',
    domain: { t: [0, 10] },
    fields: ['u'],
    equations: ['u = t - integral((t - s)*u(s), s, 0, t)'],
    conditions: [],
    exact: { u: 'sin(t)' },
  },
  'a system of the second order with memory': {
    name: 'memory',
    domain: { t: [0, 3] },
    fields: ['u', 'v'],
    equations: [
      "u'' = -integral(v, t, 0, t)",
      "v' = -u + integral(cos(t - s)*v(s), s, 0, t) - t*cos(t)/2 - sin(t)/2",
    ],
    conditions: [start('u = 0'), start("u' = 1"), start('v = 1')],
    exact: { u: 'sin(t)', v: 'cos(t)' },
  },
  'Fredholm, nonlinear': {
    name: 'fredholm',
    domain: { x: [0, 1] },
    fields: ['u'],
    equations: ['u_x = 1 - 1/4 + integral(s*u(s)^2, s, 0, 1)'],
    conditions: [{ on: 'x = 0', equation: 'u = 0' }],
    exact: { u: 'x' },
  },
  'a boundary value problem of order four with a nonlocal load': {
    name: 'beam',
    domain: { x: [0, 2] },
    fields: ['w'],
    equations: ['w_xxxx = sin(x) + x*(integral(w, x, 0, 2) - 1 + cos(2))'],
    conditions: [
      { on: 'boundary', equation: 'w = sin(x)' },
      { on: 'x = 0', equation: 'w_n = -1' },
      { on: 'x = 2', equation: 'integral(w_xx, x, 0, 2) = cos(2) - 1' },
    ],
    exact: { w: 'sin(x)' },
  },
  'a periodic problem': {
    name: 'periodic',
    domain: { x: [0, '2*pi'] },
    fields: ['u'],
    equations: ['u_xx - u = -2*sin(x) + integral(cos(s)*u(s), s, 0, 2*pi)'],
    conditions: [{ periodic: 'x' }],
    exact: { u: 'sin(x)' },
  },
};

describe('the reference of integro-differential problems', () => {
  it.each(Object.keys(problems))('%s: error and its estimate', async (name) => {
    const read = problem(problems[name]);
    const result = await reference(read);
    if (!result.available) throw new Error(result.reason);
    const [{ low, high }] = read.coordinates;
    const points = Float64Array.from({ length: 101 }, (_, i) => low + ((high - low) * i) / 100);
    const values = result.evaluate(points);
    for (const [field, expression] of read.exact) {
      const truth = points.map((x) => evaluateScalar(expression, () => x));
      const error = Math.hypot(...truth.map((u, i) => u - values[field][i])) / Math.hypot(...truth);
      expect(error).toBeLessThan(1e-11);
      expect(error).toBeLessThan(100 * result.errorEstimate);
    }
    expect(result.errorEstimate).toBeLessThan(1e-10);
  });

  it('what quadrature leaves is part of the error estimate', async () => {
    const weak = problem({
      name: 'abel',
      domain: { t: [0, 1] },
      fields: ['u'],
      equations: ["u' = -integral(u(s)/sqrt(t - s), s, 0, t, 8)"],
      conditions: [start('u = 1')],
    });
    const result = await reference(weak, { target: 1e-3 });
    // the kernel is singular: quadrature converges slowly, and the reference must say so
    expect(result.available && result.errorEstimate).toBeGreaterThan(1e-3);
  });

  it('a stiff memory is reached from parts of the interval', async () => {
    // Volterra's population with toxic memory: kappa u' = u − u² − u∫u; peak by Wazwaz (1999), kappa = 0.02: 0.9234271721
    const toxin = problem({
      name: 'toxin',
      domain: { t: [0, 1] },
      fields: ['u'],
      equations: ["0.02*u' = u - u^2 - u*integral(u(s), s, 0, t, 32)"],
      conditions: [start('u = 0.1')],
    });
    const result = await reference(toxin);
    if (!result.available) throw new Error(result.reason);
    const points = Float64Array.from({ length: 4001 }, (_, i) => i / 4000);
    expect(Math.max(...result.evaluate(points).u)).toBeCloseTo(0.9234271721, 6);
  });

  it('says why there is none', async () => {
    const result = await reference(
      problem({
        name: 'nonlocal',
        domain: { x: [0, 1], t: [0, 1] },
        fields: ['u'],
        equations: ['u_t = u_xx + integral(u, x, 0, 1)'],
        conditions: [start('u = 1'), { on: 'boundary', equation: 'u_n = 0' }],
      }),
    );
    expect(!result.available && result.reason).toMatch(/integrals over fields of several coordinates/);
  });
});

describe('the integrated Chebyshev basis', () => {
  it('has derivatives that are derivatives, and reaches all orders', () => {
    const basis = new IntegratedBasis(2, 6, 1, 4);
    const value = (j: number, order: number, x: number): number => {
      const row = new Float64Array(basis.size);
      basis.row(x, order, row, 0);
      return row[j];
    };
    const h = 1e-3;
    for (let j = 0; j < basis.size; j++)
      for (let order = 0; order < 4; order++) {
        const at = (k: number): number => value(j, order, 2.3 + k * h);
        const slope = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
        expect(value(j, order + 1, 2.3)).toBeCloseTo(slope, 7);
      }
    // T_3 of (x − 2.5)/1.5 is the second derivative of function 3
    expect(value(3, 2, 2.3) * 1.5 ** 2).toBeCloseTo(4 * (-0.2 / 1.5) ** 3 - 3 * (-0.2 / 1.5), 12);
  });
});
