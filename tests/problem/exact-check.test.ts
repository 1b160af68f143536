import { describe, expect, it } from 'vitest';
import { checkExact, exactMismatches } from '../../src/problem/exact-check.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';

const heat = (exact: string, parts: Partial<ProblemDefinition> = {}) =>
  problem({
    name: 'heat',
    domain: { x: [0, 1], t: [0, 1] },
    fields: ['u'],
    equations: ['u_t = u_xx'],
    conditions: [
      { on: 't = 0', equation: 'u = sin(pi*x)' },
      { on: 'boundary', equation: 'u = 0' },
    ],
    exact: { u: exact },
    ...parts,
  });

describe('exact solutions against their problems', () => {
  it('what satisfies everything is not mentioned', () => {
    expect(checkExact(heat('exp(-pi^2*t)*sin(pi*x)'))).toEqual([]);
  });

  it('the share is the residual over its largest term', () => {
    // u_t = −a u, u_xx = −π² u
    const a = 9;
    const [only] = exactMismatches(heat(`exp(-${a}*t)*sin(pi*x)`));
    expect(only.path).toBe('equations[0]');
    expect(only.share).toBeCloseTo((Math.PI ** 2 - a) / Math.PI ** 2, 9);
  });

  it('a contradiction of an equation or a condition is refused, a small miss is told', () => {
    expect(() => checkExact(heat('exp(-t)*sin(pi*x)'))).toThrow(/contradicts equations\[0\]/);
    expect(() => checkExact(heat('1 + exp(-pi^2*t)*sin(pi*x)'))).toThrow(/contradicts conditions/);
    const [near] = checkExact(heat('exp(-pi^2*t)*sin(pi*x)*1.0001'));
    expect(near.path).toBe('conditions[0]');
    expect(near.share).toBeCloseTo(1e-4, 6);
  });

  it('normal derivatives and jumps are looked at', () => {
    const piecewise = (flux: string) =>
      problem({
        name: 'inclusion',
        domain: { geometry: { disk: { center: [0, 0], radius: 1 } } } as ProblemDefinition['domain'],
        regions: { core: { disk: { center: [0, 0], radius: 0.5 } } },
        fields: ['u'],
        functions: {
          k: 'inside("core") ? 10 : 1',
          r2: 'x^2 + y^2',
          e: 'inside("core") ? r2/10 : r2 - 0.225',
        },
        equations: ['d(k*u_x, x) + d(k*u_y, y) = 4'],
        conditions: [
          { on: 'boundary', equation: `u_n = ${flux}` },
          { on: 'core', equation: 'jump(u) = 0' },
          { on: 'core', equation: 'jump(k*u_n) = 0' },
        ],
        exact: { u: 'e' },
      });
    expect(exactMismatches(piecewise('2'))).toEqual([]);
    expect(exactMismatches(piecewise('1')).map(({ path }) => path)).toEqual(['conditions[0]']);
  });

  it('unknowns and fields without an exact solution say nothing', () => {
    const unknowns = { k: { initial: 3 } };
    const data = [{ rows: [{ x: 0.5, t: 0.1, u: 1 }], at: { x: 'x', t: 't' }, observe: { u: 'u' } }];
    const equations = ['u_t = k*u_xx'];
    expect(exactMismatches(heat('exp(-pi^2*t)*sin(pi*x)', { unknowns, data, equations }))).toEqual([]);
  });
});
