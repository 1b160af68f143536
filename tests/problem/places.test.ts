import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';

function integral(text: string, more: Partial<ProblemDefinition> = {}): ProblemDefinition {
  return {
    name: 'integral',
    domain: { x: [0, 1], t: [0, 2] },
    fields: ['u'],
    equations: [`u_t = ${text}`],
    conditions: [{ on: 't = 0', equation: 'u = 1' }],
    ...more,
  };
}

describe('places of fields under integrals', () => {
  it.each([
    'integral(u, x, 0, 1)',
    'integral(u, x, 0, x)',
    'integral(u(x, s), s, 0, t)',
    'integral(u(x, t - s), s, 0, t)',
    'integral(u(s, 2*s*t/(1 + s*t^2)), s, 0, 1, 4)*0.1 + u',
  ])('%s stays in the domain', (text) => {
    expect(() => problem(integral(text))).not.toThrow();
  });

  it.each([
    [
      'integral(u, x, -1, 1)',
      /an integral takes `u` at x = -0\.98\d*, outside the domain/,
      /x runs from 0 to 1/,
    ],
    ['integral(u, t, 0, t + 1)', /takes `u` at t = 2\.\d+, outside/, /t runs from 0 to 2/],
    ['integral(u(x, t - s), s, 0, 1)', /takes `u` at t = -0\.\d+, outside/, /t runs/],
  ])('%s leaves it', (text, reason, hint) => {
    try {
      problem(integral(text));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ProblemError);
      expect((error as ProblemError).path).toBe('equations[0]');
      expect((error as ProblemError).reason).toMatch(reason);
      expect((error as ProblemError).hint).toMatch(hint);
    }
  });

  it('are looked at where the equation holds', () => {
    const where = { equation: 'u_t = integral(u, t, t - 1, t)', where: 't > 1' };
    expect(() =>
      problem(integral('', { equations: [where, { equation: 'u_t = 0', where: 't <= 1' }] })),
    ).not.toThrow();
    expect(() => problem(integral('', { equations: [{ ...where, where: 't > 0.5' }] }))).toThrow(
      /outside the domain/,
    );
  });

  it('are looked at on the planes of conditions and at observations', () => {
    const on = (condition: string) =>
      problem(integral('u_xx', { conditions: [{ on: 't = 0', equation: condition }] }));
    expect(() => on('integral(u(x, s), s, 0, t + 2) = x')).not.toThrow();
    expect(() => on('integral(u(x, s), s, 0, t + 3) = x')).toThrow(
      /conditions\[0\]\.equation.*outside the domain/,
    );
    const observed = (t: number) =>
      problem(
        integral('u_xx', {
          data: [
            {
              rows: [{ x: 0, t, v: 1 }],
              at: { x: 'x', t: 't' },
              observe: { 'integral(u(x, s), s, t, t + 1)': 'v' },
            },
          ],
        }),
      );
    expect(() => observed(1)).not.toThrow();
    expect(() => observed(1.5)).toThrow(/data\[0\].*outside the domain/);
  });

  it('what stands under an integral needs no conditions of its own', () => {
    expect(() =>
      problem({
        name: 'fredholm',
        domain: { x: [0, 1] },
        fields: ['u'],
        equations: ['u = x + integral(s*u_xx(s), s, 0, 1)'],
      }),
    ).not.toThrow();
  });
});
