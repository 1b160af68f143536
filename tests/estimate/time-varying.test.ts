import { describe, expect, it } from 'vitest';
import { NotSupportedError, ProblemError } from '../../src/errors.ts';
import { shoot, timeVarying } from '../../src/estimate/index.ts';
import { problem } from '../../src/problem/index.ts';
import { outbreak, population, relativeError, transmissionRate, truth, wholeDays } from './outbreak.ts';

const report = { beta: 'beta', Rt: 'beta*S/(gamma*N)' };

describe('functions of time as penalised splines', () => {
  it('find the transmission rate and the reproduction number of an outbreak with an intervention', () => {
    const { curves, effectiveParameters, stopped } = timeVarying(outbreak(0.02, 1), {
      report,
      times: wholeDays,
    });
    expect(stopped).toBe('converged');
    expect(relativeError(curves.beta.value, ({ t }) => transmissionRate(t))).toBeLessThan(0.1);
    expect(relativeError(curves.Rt.value, ({ R }) => R)).toBeLessThan(0.1);
    expect(effectiveParameters).toBeGreaterThan(4);
    expect(effectiveParameters).toBeLessThan(16);
    curves.beta.value.forEach((value, i) => {
      expect(curves.beta.low[i]).toBeGreaterThan(0);
      expect(curves.beta.low[i]).toBeLessThan(value);
      expect(curves.beta.high[i]).toBeGreaterThan(value);
      expect(curves.beta.value[i]).toBeCloseTo(Math.exp(curves.logBeta.value[i]), 10);
    });
    // Where few are infected, nearly nothing is known.
    const width = curves.beta.high.map((high, i) => Math.log(high / curves.beta.low[i]));
    expect(width[0]).toBeGreaterThan(3 * width[27]);
  });

  it('come close to the truth without noise', () => {
    const { curves } = timeVarying(outbreak(1e-5, 1), { report, times: wholeDays, intervals: 30 });
    expect(relativeError(curves.Rt.value, ({ R }) => R)).toBeLessThan(0.01);
  });

  it('under a heavy penalty are the straight line that shooting finds', () => {
    const varying = outbreak(0.02, 2);
    const { curves } = timeVarying(varying, {
      smoothness: 1e6,
      start: { logBeta: -1 },
      times: wholeDays,
      rtol: 1e-9,
    });
    const { fields: _, ...definition } = varying.definition;
    const line = shoot(
      problem({
        ...definition,
        unknowns: { a: { initial: Math.log(0.5) }, b: { initial: -0.01 } },
        functions: { beta: 'exp(a + b*t)' },
      }),
    );
    const { a, b } = line.estimates;
    for (const i of [0, 24, 60])
      expect(curves.logBeta.value[i]).toBeCloseTo(a.value + b.value * wholeDays[i], 4);
    expect(curves.logBeta.low[30]).toBeLessThan(curves.logBeta.value[30]);
  });

  it('are found from counts with Poisson noise as well', () => {
    const rows = truth.map(({ t, S }, i) => ({
      day: t,
      cases: Math.round((truth[i - 1]?.S ?? population) - S),
    }));
    const { definition } = outbreak(0, 1);
    const counted = problem({
      ...definition,
      data: [
        {
          rows: rows.slice(1),
          at: { t: 'day' },
          observe: { 'beta*S*I/N': 'cases' },
          over: 1,
          noise: 'poisson',
        },
      ],
    });
    const { curves } = timeVarying(counted, { report, times: wholeDays });
    expect(relativeError(curves.Rt.value, ({ R }) => R)).toBeLessThan(0.05);
  });

  it('are refused in words', () => {
    expect(() => timeVarying(outbreak(0.02, 1), { intervals: 1.5 })).toThrow(ProblemError);
    expect(() => timeVarying(outbreak(0.02, 1), { smoothness: -1 })).toThrow(/factor of a penalty/);
    expect(() => timeVarying(outbreak(0.02, 1), { start: { beta: 1 } })).toThrow(/logBeta/);
    const known = problem({
      name: 'decay',
      domain: { t: [0, 1] },
      fields: ['u'],
      equations: ["u' = -u"],
      conditions: [{ on: 't = 0', equation: 'u = 1' }],
    });
    expect(() => timeVarying(known)).toThrow(NotSupportedError);
  });
});
