import { describe, expect, it } from 'vitest';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { fieldRanges, scalingOf } from '../../src/residual/index.ts';
import { decay, epidemic, heat } from '../problem/refusal.ts';

const ranges = (definition: ProblemDefinition) => fieldRanges(problem(definition));

describe('ranges of fields', () => {
  it('come from initial values: a population of a million', () => {
    const found = ranges({
      ...epidemic,
      constants: { N: 1e6 },
      conditions: [
        { on: 't = 0', equation: 'S = 999999' },
        { on: 't = 0', equation: 'I = 1' },
        { on: 't = 0', equation: 'R = 0' },
      ],
      data: [{ rows: [{ t: 1, n: 2e5 }], at: { t: 't' }, observe: { I: 'n' } }],
    });
    expect(found.get('S')!.high).toBe(999999);
    expect(found.get('I')).toEqual({ low: 1, high: 2e5 });
    // nothing states R: its rate gamma*I over half the interval does
    expect(found.get('R')!.high).toBeGreaterThan(1e5);
    expect(found.get('R')!.high).toBeLessThan(2e6);
  });

  it('come from functions on faces', () => {
    const { low, high } = ranges({
      ...heat,
      conditions: [{ on: 't = 0', equation: 'u = 7*sin(2*pi*x)' }],
    }).get('u')!;
    expect(high).toBeGreaterThan(6.99);
    expect(low).toBeLessThan(-6.99);
  });

  it('do not come from rounding: sin(2*pi*x) is zero at both ends', () => {
    const square = {
      name: 'square',
      domain: { x: [0, 1], y: [0, 1] },
      fields: ['u'],
    } satisfies Partial<ProblemDefinition>;
    const poisson = (value: string): ProblemDefinition => ({
      ...square,
      equations: ['-laplacian(u) = sin(pi*x)*sin(pi*y)'],
      conditions: [{ on: 'boundary', equation: `u = ${value}` }],
    });
    expect(ranges(poisson('sin(2*pi*x)*sin(2*pi*y)'))).toEqual(ranges(poisson('0')));
    const around = problem(poisson('2 + sin(2*pi*x)*sin(2*pi*y)'));
    expect(scalingOf(around, fieldRanges(around)).fields.get('u')!.scale).toBeCloseTo(2, 10);
  });

  it('see a peak as narrow as a hundredth of the face', () => {
    const peak = { on: 't = 0', equation: 'u = exp(-((x - 0.3)/0.01)^2)' };
    expect(ranges({ ...heat, conditions: [peak] }).get('u')!.high).toBeGreaterThan(0.98);
  });

  it('come from a forcing where all conditions are zero', () => {
    const { high } = ranges({
      name: 'beam of one metre under load',
      domain: { x: [0, 2] },
      fields: ['w'],
      equations: ['w_xx = 3e7'],
      conditions: [{ on: 'boundary', equation: 'w = 0' }],
    }).get('w')!;
    // the solution's largest value is 3e7/2
    expect(high).toBeGreaterThan(1.4e7);
    expect(high).toBeLessThan(4e7);
  });

  it('come from the balance of terms for a pressure that nothing states', () => {
    const { high } = ranges({
      name: 'channel',
      domain: { x: [0, 1e-3], y: [0, 1e-3] },
      fields: ['u', 'v', 'p'],
      constants: { mu: 1e-3 },
      equations: ['mu*laplacian(u) = p_x', 'mu*laplacian(v) = p_y', 'u_x + v_y = 0'],
      conditions: [
        { on: 'boundary', equation: 'u = 4e6*0.01*y*(1e-3 - y)' },
        { on: 'boundary', equation: 'v = 0' },
      ],
    }).get('p')!;
    // μ U/h with U = 0.01 and h = half the width
    expect(high).toBeGreaterThan(0.005);
    expect(high).toBeLessThan(0.1);
  });

  it('do not depend on the order of the conditions', () => {
    const conditions = [
      { on: 't = 0', equation: 'u = 300 + 10*x' },
      { on: 'x = 0', equation: 'u_x = 0' },
      { on: 'x = 1', equation: 'u_x = 40' },
    ];
    const forward = ranges({ ...heat, conditions });
    expect(ranges({ ...heat, conditions: conditions.toReversed() })).toEqual(forward);
    expect(forward.get('u')!.low).toBeGreaterThan(299);
    expect(forward.get('u')!.high).toBeGreaterThan(309.9);
    const scaled = scalingOf(problem({ ...heat, conditions }), forward).fields.get('u')!;
    expect(scaled.offset).toBeCloseTo(305, 0);
    expect(scaled.scale).toBeCloseTo(5, 0);
  });

  it('take a slope where it says more than the values', () => {
    const found = ranges({
      ...decay,
      equations: ["u'' = -u"],
      conditions: [
        { on: 't = 0', equation: 'u = 0' },
        { on: 't = 0', equation: "u' = 8" },
      ],
    });
    expect(found.get('u')).toEqual({ low: -8, high: 8 });
  });

  it('are never empty', () => {
    const found = ranges({
      name: 'nothing is stated',
      domain: { x: [0, 1] },
      fields: ['u'],
      constants: { lambda: 1 },
      equations: ['u_xx = -lambda*u'],
      conditions: [{ on: 'boundary', equation: 'u = 0' }],
    });
    expect(found.get('u')!.high).toBe(1);
  });

  it('of a field known at its start alone come from what drives it, where rates are unknown', () => {
    const rows = [0, 100, 2000, 3000, 1500].map((infected, k) => ({ day: 10 * k, infected }));
    const found = ranges({
      name: 'SEIR',
      domain: { t: [0, 60] },
      fields: ['S', 'E', 'I'],
      constants: { N: 10_000 },
      unknowns: { beta: { initial: 1, min: 0 }, sigma: { initial: 0.25, min: 0 } },
      equations: ['dS/dt = -beta*S*I/N', 'dE/dt = beta*S*I/N - sigma*E', 'dI/dt = sigma*E - 0.2*I'],
      conditions: [
        { on: 't = 0', equation: 'S = 9990' },
        { on: 't = 0', equation: 'E = 10' },
        { on: 't = 0', equation: 'I = 0' },
      ],
      data: [{ rows, at: { t: 'day' }, observe: { I: 'infected' } }],
    });
    expect(found.get('S')).toEqual({ low: 9990, high: 9990 });
    // σE = βSI/N at the largest I
    expect(found.get('E')!.high).toBeCloseTo((0.999 * 3000) / 0.25, 0);
    expect(found.get('E')!.low).toBe(0);
  });

  it('are joined with hints', () => {
    const known = fieldRanges(problem(decay), new Map([['u', { low: -2, high: 0.5 }]]));
    expect(known.get('u')).toEqual({ low: -2, high: 1 });
  });

  it('of many observations are found in time', () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => ({ t: i / 5000, n: i / 100 }));
    const start = performance.now();
    const found = ranges({ ...epidemic, data: [{ rows, at: { t: 't' }, observe: { I: 'n' } }] });
    expect(found.get('I')).toEqual({ low: 0, high: 499.99 });
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
