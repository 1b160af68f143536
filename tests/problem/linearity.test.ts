import { describe, expect, test } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { nonlinearity } from '../../src/problem/linearity.ts';

const of = (equation: string, condition = 'u = 0', more = {}) =>
  nonlinearity(
    problem({
      name: 'test',
      domain: { x: [0, 1], t: [0, 1] },
      fields: ['u'],
      constants: { k: 2 },
      functions: { flux: '(1 + x^2)*u_x', source: 'exp(-t)*sin(x)' },
      equations: [equation],
      conditions: [
        { on: 't = 0', equation: condition },
        { on: 'x = 0', equation: 'u = 0' },
        { on: 'x = 1', equation: 'u = 0' },
      ],
      ...more,
    }),
  );

describe('linear in the fields', () => {
  test.each([
    ['u_t = k*u_xx'],
    ['u_t + sin(x*t)*u_x = x*u/(1 + t^2) - source'],
    ['u_t = d(flux, x)'],
    ['exp(x)*(u_t - 3*(u + x)) = -laplacian(u)'],
    ['u_t = (x < 0.5 ? u_xx : 2*u_xx)'],
    ['u_t = u_xx^1'],
  ])('%s', (equation) => {
    expect(of(equation)).toBeUndefined();
  });
});

describe('not linear in the fields', () => {
  test.each([
    ['u_t + u*u_x = u_xx'],
    ['u_t = u_xx + u^2'],
    ['u_t = u_xx + sin(u)'],
    ['u_t = u_xx/(1 + u)'],
    ['u_t = abs(u_xx)'],
    ['u_t = u_xx + (u < 0.5 ? 1 : 0)'],
    ['u_t = u_xx + floor(u)'],
    ['u_t = u_xx + max(u, 0)'],
    ['u_t = d((1 + u)*u_x, x)'],
    ['u_t = u_xx + 2^u'],
  ])('%s', (equation) => {
    expect(of(equation)).toEqual({
      path: 'equations[0]',
      reason: `${equation} is not linear in the fields`,
    });
  });

  test('a condition', () => {
    expect(of('u_t = u_xx', 'u*u_x = 0')?.path).toBe('conditions[0]');
  });

  test('an unknown to be estimated with the fields', () => {
    const found = of('u_t = c*u_xx', 'u = sin(pi*x)', {
      unknowns: { c: { initial: 1 } },
      data: [{ rows: [{ x: 0.5, t: 0.5, v: 1 }], at: { x: 'x', t: 't' }, observe: { u: 'v' } }],
    });
    expect(found?.path).toBe('unknowns.c');
  });

  test('an observation of a square', () => {
    const found = of('u_t = u_xx', 'u = sin(pi*x)', {
      data: [{ rows: [{ x: 0.5, t: 0.5, v: 1 }], at: { x: 'x', t: 't' }, observe: { 'u^2': 'v' } }],
    });
    expect(found?.path).toBe('data[0].observe.u^2');
  });
});
