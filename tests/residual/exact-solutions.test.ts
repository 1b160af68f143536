import { describe, expect, it } from 'vitest';
import type { ProblemDefinition } from '../../src/problem/index.ts';
import { build, exactDerivatives, largest, residualsOf } from './evaluation.ts';

/** Every residual of the problem at its exact solution. */
function residualsAtExact(definition: ProblemDefinition): number {
  const built = build(definition);
  const exact = exactDerivatives(built.problem);
  return Math.max(...built.system.blocks.map((block) => largest(residualsOf(built, block, exact))));
}

const square = { x: [0, 1], y: [-1, 2] } satisfies ProblemDefinition['domain'];
const strip = { x: [0, 2], t: [0, 0.5] } satisfies ProblemDefinition['domain'];

/** Equations of many forms, each with a solution that is known. */
const problems: Record<string, ProblemDefinition> = {
  'a Volterra integro-differential equation': {
    name: 'volterra',
    domain: { t: [0, 5] },
    fields: ['u'],
    equations: ["u' + u = integral(exp(s - t)*u(s), s, 0, t)"],
    conditions: [{ on: 't = 0', equation: 'u = 1' }],
    exact: { u: 'exp(-t)*cosh(t)' },
  },
  'a Fredholm equation with a global condition': {
    name: 'fredholm',
    domain: { x: [0, 2] },
    fields: ['u'],
    equations: ['u_x = cos(x) + x*integral(s*u(s), s, 0, pi/2) - x'],
    conditions: [{ on: 'x = 0', equation: 'integral(u, x, 0, pi/2) = 1' }],
    exact: { u: 'sin(x)' },
  },
  'a nonlocal heat equation, integrals over space and over time': {
    name: 'nonlocal',
    domain: { x: [0, 1], t: [0, 0.5] },
    fields: ['u'],
    equations: ['u_t = u_xx + integral(u, x, 0, 1) + integral(u_xx(x, s), s, 0, t) + f'],
    functions: { f: 'cos(pi*x)*(1 - exp(-pi^2*t))' },
    conditions: [{ on: 't = 0', equation: 'u = 1 + cos(pi*x)' }],
    exact: { u: 'exp(t) + cos(pi*x)*exp(-pi^2*t)' },
  },
  'a derivative of an integral': {
    name: 'leibniz',
    domain: { x: [0.5, 2] },
    fields: ['u'],
    equations: ['d(integral(u(s)/x, s, 0.5, x), x) = u/x - integral(u(s), s, 0.5, x)/x^2 + u - exp(x)'],
    conditions: [],
    data: [{ rows: [{ x: 1, v: Math.E }], at: { x: 'x' }, observe: { u: 'v' }, weight: 1e-30 }],
    exact: { u: 'exp(x)' },
  },
  'the biharmonic equation': {
    name: 'biharmonic',
    domain: square,
    fields: ['u'],
    equations: ['laplacian(laplacian(u)) = 25*u'],
    conditions: [
      { on: 'boundary', equation: 'laplacian(u) = -5*u' },
      { on: 'x = 1', equation: 'd(laplacian(u), x) = -5*u_n' },
      { on: 'y = -1', equation: 'd(laplacian(u), n) = -5*u_n' },
      { on: 'y = 2', equation: 'u_nn + u_xx = -5*u' },
    ],
    exact: { u: 'sin(x)*cos(2*y)' },
  },
  'the same, written out': {
    name: 'biharmonic',
    domain: square,
    fields: ['u'],
    equations: ['u_xxxx + 2*d(u, x, 2, y, 2) + d4u/dy4 = d(laplacian(u), x, 2) + laplacian(u_yy)'],
    conditions: [{ on: 'boundary', equation: 'u = sin(x)*cos(2*y)' }],
    exact: { u: 'sin(x)*cos(2*y)' },
  },
  'mixed derivatives of order four': {
    name: 'mixed',
    domain: { x: [0, 1], y: [0, 2], t: [0, 1] },
    fields: ['u'],
    equations: ['u_xxyt + d(u_xy, y, t) = 6*u_x'],
    conditions: [{ on: 't = 0', equation: 'u = sin(x + 2*y)' }],
    exact: { u: 'sin(x + 2*y)*exp(-t)' },
  },
  'Kuramoto–Sivashinsky with a source': {
    name: 'kuramoto-sivashinsky',
    domain: strip,
    fields: ['u'],
    equations: ['u_t + u*u_x + u_xx + u_xxxx = f'],
    functions: { f: 'exp(-t)*(-sin(x) - sin(x) + sin(x) + exp(-t)*sin(x)*cos(x))' },
    conditions: [{ on: 't = 0', equation: 'u = sin(x)' }],
    exact: { u: 'exp(-t)*sin(x)' },
  },
  'Benjamin–Bona–Mahony: a derivative in space and time': {
    name: 'benjamin-bona-mahony',
    domain: { x: [-10, 20], t: [0, 5] },
    fields: ['u'],
    equations: ['u_t + u_x + u*u_x - u_xxt = 0'],
    conditions: [{ on: 't = 0', equation: 'u = 3*(c - 1)*sech(sqrt(1 - 1/c)/2*x)^2' }],
    constants: { c: 2 },
    exact: { u: '3*(c - 1)*sech(sqrt(1 - 1/c)/2*(x - c*t))^2' },
  },
  'conservation form': {
    name: 'conservation',
    domain: { x: [0.5, 1], t: [0, 1] },
    fields: { u: {}, k: { of: ['x'], unknown: true } },
    equations: ['u_t + d(u*u_x, x) = d(k*u_x, x) + d(u^2/2, x, 2)'],
    conditions: [{ on: 't = 0', equation: 'u = x^2' }],
    data: [{ rows: [{ x: 0.5, t: 0, v: 0.25 }], at: { x: 'x', t: 't' }, observe: { u: 'v' } }],
    exact: { u: 'x^2 + 4*t', k: '2 + 1/x' },
  },
  'a coefficient of one coordinate in an equation of order four': {
    name: 'beam',
    domain: { x: [0.5, 1], y: [0, 1] },
    fields: { u: {}, k: { of: ['x'] } },
    equations: ['d(k*u_xx, x, 2) + d(k*u_yy, y, 2) = 24*k + 48*x*k_x + 12*x^2*k_xx', 'k_x = k'],
    conditions: [
      { on: 'boundary', equation: 'u = x^4' },
      { on: 'x = 0.5', equation: 'k = exp(0.5)' },
    ],
    exact: { u: 'x^4', k: 'exp(x)' },
  },
};

describe('residuals vanish at the exact solution', () => {
  it.each(Object.keys(problems))('%s', (name) => {
    expect(residualsAtExact(problems[name])).toBeLessThan(1e-10);
  });
});
