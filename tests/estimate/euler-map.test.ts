import { describe, expect, it } from 'vitest';
import { NotSupportedError, ProblemError } from '../../src/errors.ts';
import { fitEulerMap, iterateEulerMap } from '../../src/estimate/euler-map.ts';
import { shoot } from '../../src/estimate/index.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { solveIvp } from '../../src/reference/index.ts';

const beta = 1.1;
const gamma = 0.5;

function sir(change: Partial<ProblemDefinition> = {}): ProblemDefinition {
  return {
    name: 'sir',
    domain: { t: [0, 29] },
    fields: ['S', 'I', 'R'],
    constants: { beta, gamma },
    equations: ['dS/dt = -beta*S*I', 'dI/dt = beta*S*I - gamma*I', 'dR/dt = gamma*I'],
    conditions: [
      { on: 't = 0', equation: 'S = 0.95' },
      { on: 't = 0', equation: 'I = 0.05' },
      { on: 't = 0', equation: 'R = 0' },
    ],
    ...change,
  };
}

const unknowns = { beta: { initial: 0.5, min: 0, max: 10 }, gamma: { initial: 0.1, min: 0, max: 10 } };

/** x_{n+1} = x_n + f(x_n), written out. */
function byHand(days: number): { t: number; S: number; I: number; R: number }[] {
  const rows = [{ t: 0, S: 0.95, I: 0.05, R: 0 }];
  for (let t = 0; t < days; t++) {
    const { S, I, R } = rows[t];
    const infected = beta * S * I;
    const recovered = gamma * I;
    rows.push({ t: t + 1, S: S - infected, I: I + infected - recovered, R: R + recovered });
  }
  return rows;
}

function withRows(rows: readonly Record<string, number>[], observe: Record<string, string>) {
  return problem(sir({ constants: {}, unknowns, data: [{ rows: [...rows], at: { t: 't' }, observe }] }));
}

const all = { S: 'S', I: 'I', R: 'R' };

describe('a difference equation', () => {
  it('is the recurrence written out by hand', () => {
    const rows = byHand(29);
    const { t, fields } = iterateEulerMap(problem(sir()));
    expect([...t]).toEqual(rows.map((row) => row.t));
    for (const name of ['S', 'I', 'R'] as const)
      rows.forEach((row, n) => {
        expect(fields[name][n]).toBeCloseTo(row[name], 14);
      });
  });

  it('converges to the flow with order 1', () => {
    const flow = solveIvp(
      (_, [s, i]) => [-beta * s * i, beta * s * i - gamma * i, gamma * i],
      [0, 4],
      [0.95, 0.05, 0],
      { rtol: 1e-11, atol: 1e-13 },
    ).at(4);
    const errors = [0.02, 0.01].map((step) => {
      const { t, fields } = iterateEulerMap(problem(sir({ domain: { t: [0, 4] } })), { step });
      expect(t[t.length - 1]).toBeCloseTo(4, 12);
      return Math.abs(fields.I[t.length - 1] - flow[1]);
    });
    expect(Math.log2(errors[0] / errors[1])).toBeCloseTo(1, 1);
  });

  it('recovers the rates of its own data to rounding, from ten days of all compartments or of one', () => {
    for (const observe of [all, { I: 'I' }]) {
      const fit = fitEulerMap(withRows(byHand(9), observe));
      expect(fit.stopped).toBe('converged');
      expect(Math.abs(fit.estimates.beta - beta)).toBeLessThan(1e-12);
      expect(Math.abs(fit.estimates.gamma - gamma)).toBeLessThan(1e-12);
      const truth = byHand(29);
      expect(Math.abs(fit.trajectory.fields.I[29] - truth[29].I)).toBeLessThan(1e-12);
    }
  });

  it('and the differential equation the rates of its own, each but not those of the other', () => {
    const trajectory = solveIvp(
      (_, [s, i]) => [-beta * s * i, beta * s * i - gamma * i, gamma * i],
      [0, 9],
      [0.95, 0.05, 0],
      { rtol: 1e-12, atol: 1e-14 },
    );
    const flow = Array.from({ length: 10 }, (_, t) => {
      const [S, I, R] = trajectory.at(t);
      return { t, S, I, R };
    });
    const ofFlow = shoot(withRows(flow, all)).estimates;
    expect(Math.abs(ofFlow.beta.value - beta)).toBeLessThan(1e-9);
    expect(Math.abs(ofFlow.gamma.value - gamma)).toBeLessThan(1e-9);
    const ofMap = shoot(withRows(byHand(9), all)).estimates;
    // A step takes the day's flow from its morning; while I grows, its mean over the day is larger and the rate less.
    expect(ofMap.beta.value).toBeLessThan(0.95 * beta);
    const crossed = fitEulerMap(withRows(flow, all)).estimates;
    expect(crossed.beta).toBeGreaterThan(1.05 * beta);
  });

  it('follows unknown initial values and observed expressions', () => {
    const rows = byHand(9).map(({ t, S, I }) => ({ t, new: 0.3 * beta * S * I }));
    const definition = sir({
      constants: { gamma },
      unknowns: { beta: { initial: 0.8 }, I0: { initial: 0.1, min: 0, max: 1 } },
      conditions: [
        { on: 't = 0', equation: 'S + I = 1' },
        { on: 't = 0', equation: 'I = I0' },
        { on: 't = 0', equation: 'R = 0' },
      ],
      data: [{ rows, at: { t: 't' }, observe: { '0.3*beta*S*I': 'new' } }],
    });
    const { estimates } = fitEulerMap(problem(definition));
    expect(estimates.beta).toBeCloseTo(beta, 10);
    expect(estimates.I0).toBeCloseTo(0.05, 10);
  });

  it('refuses observations between its states, and steps that are none', () => {
    const halves = withRows([{ t: 0.5, S: 1, I: 0, R: 0 }], all);
    expect(() => fitEulerMap(halves)).toThrow(ProblemError);
    expect(() => iterateEulerMap(problem(sir()), { step: 0 })).toThrow(ProblemError);
    expect(() => fitEulerMap(problem(sir()))).toThrow(ProblemError);
    const oscillator = problem({
      name: 'boundary values',
      domain: { t: [0, 1] },
      fields: ['u'],
      equations: ["u'' = -u"],
      conditions: [
        { on: 't = 0', equation: 'u = 0' },
        { on: 't = 1', equation: 'u = 1' },
      ],
    });
    expect(() => iterateEulerMap(oscillator)).toThrow(NotSupportedError);
  });
});
