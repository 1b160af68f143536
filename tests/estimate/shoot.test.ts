import { describe, expect, it } from 'vitest';
import { ProblemError, SolveError } from '../../src/errors.ts';
import { gaussNewtonIntervals, shoot, trajectorySumOfSquares } from '../../src/estimate/index.ts';
import { LeastSquaresProblem } from '../../src/estimate/least-squares-problem.ts';
import { studentTProbability, twoSidedStudentT } from '../../src/estimate/student-t.ts';
import { problem } from '../../src/problem/index.ts';

type Definition = Parameters<typeof problem>[0];

/** Boys in bed in an English boarding school: British Medical Journal, 4 March 1978, p. 587. */
const inBed = [3, 8, 26, 76, 225, 298, 258, 233, 189, 128, 68, 29, 14, 4];
const rows = inBed.map((count, day) => ({ day, in_bed: count }));

function influenza(change: Partial<Definition> = {}): Definition {
  return {
    name: 'influenza-1978',
    domain: { t: [0, 13] },
    fields: ['S', 'I', 'R'],
    constants: { N: 763 },
    unknowns: { beta: { initial: 1, min: 0, max: 10 }, gamma: { initial: 1, min: 0, max: 10 } },
    equations: ['dS/dt = -beta*S*I/N', 'dI/dt = beta*S*I/N - gamma*I', 'dR/dt = gamma*I'],
    conditions: [
      { on: 't = 0', equation: 'S = 760' },
      { on: 't = 0', equation: 'I = 3' },
      { on: 't = 0', equation: 'R = 0' },
    ],
    data: [{ rows, at: { t: 'day' }, observe: { I: 'in_bed' } }],
    derived: { R0: 'beta/gamma' },
    ...change,
  };
}

const freeStart = influenza({
  unknowns: {
    beta: { initial: 1.5, min: 0, max: 10 },
    gamma: { initial: 0.5, min: 0, max: 10 },
    I0: { initial: 3, min: 0.01, max: 100 },
  },
  conditions: [
    { on: 't = 0', equation: 'S + I = N' },
    { on: 't = 0', equation: 'I = I0' },
    { on: 't = 0', equation: 'R = 0' },
  ],
});

describe('influenza 1978 by shooting', () => {
  // Independent: SciPy 1.17.1, least_squares over solve_ivp(DOP853, rtol=1e-11); t quantile at n − p = 12.
  it('finds the least-squares estimates and their intervals', () => {
    const result = shoot(problem(influenza()));
    const { beta, gamma } = result.estimates;
    expect(beta.value).toBeCloseTo(1.69979939, 6);
    expect(gamma.value).toBeCloseTo(0.4468659, 6);
    expect(result.sumOfSquares).toBeCloseTo(3874.3573172, 5);
    expect(result.degreesOfFreedom).toBe(12);
    expect(beta.high - beta.value).toBeCloseTo(0.06488533, 6);
    expect(gamma.value - gamma.low).toBeCloseTo(0.03296405, 6);
    expect(result.derived.R0.value).toBeCloseTo(3.80382438, 5);
    expect(result.derived.R0.high - result.derived.R0.value).toBeCloseTo(0.27401823, 5);
    expect(result.stopped).toBe('converged');
    expect(result.residualStandardDeviation).toBeCloseTo(Math.sqrt(3874.3573172 / 12), 5);
    expect(result.covariance[0][1]).toBeCloseTo(result.covariance[1][0], 12);
    const { S, I, R } = result.trajectory.at(6.5);
    expect(S + I + R).toBeCloseTo(763, 6);
  });

  it('from far starting values, too', () => {
    for (const start of [
      { beta: 4, gamma: 0.1 },
      { beta: 0.8, gamma: 0.2 },
      { beta: 3, gamma: 2 },
    ]) {
      expect(shoot(problem(influenza()), { start }).estimates.beta.value).toBeCloseTo(1.69979939, 5);
    }
  });

  it('with an unknown initial value that enters by the initial conditions', () => {
    const result = shoot(problem(freeStart));
    expect(result.estimates.I0.value).toBeCloseTo(2.0934, 4);
    expect(result.estimates.beta.value).toBeCloseTo(1.78811, 5);
    expect(result.estimates.gamma.value).toBeCloseTo(0.4557, 5);
    expect(result.sumOfSquares).toBeCloseTo(3589.85, 2);
    expect(result.estimates.beta.high - result.estimates.beta.value).toBeCloseTo(0.233, 2);
    expect(result.estimates.I0.high - result.estimates.I0.value).toBeCloseTo(1.93, 2);
    expect(result.derived.R0.high - result.derived.R0.value).toBeCloseTo(0.414, 2);
  });

  it('within bounds, which it reports where they hold', () => {
    const bounded = influenza({
      unknowns: { beta: { initial: 1, min: 0, max: 1.6 }, gamma: { initial: 1, min: 0, max: 10 } },
    });
    const result = shoot(problem(bounded));
    expect(result.estimates.beta.value).toBe(1.6);
    expect(result.atBounds).toEqual(['beta']);
    // γ alone at β = 1.6 is a minimum: both neighbours are worse.
    const at = (gamma: number) => trajectorySumOfSquares(problem(bounded), { beta: 1.6, gamma });
    const best = at(result.estimates.gamma.value);
    expect(best).toBeLessThan(at(result.estimates.gamma.value * 1.001));
    expect(best).toBeLessThan(at(result.estimates.gamma.value * 0.999));
  });

  it('gives the sum of squares and intervals at any values', () => {
    const values = { beta: 1.69979939, gamma: 0.4468659 };
    expect(trajectorySumOfSquares(problem(influenza()), values)).toBeCloseTo(3874.3573172, 5);
    const { estimates, derived } = gaussNewtonIntervals(problem(influenza()), values);
    expect(estimates.beta.high - estimates.beta.value).toBeCloseTo(0.06488533, 6);
    expect(derived.R0.standardError).toBeCloseTo(0.27401823 / 2.178812829667, 6);
    const wide = gaussNewtonIntervals(problem(influenza()), values, { level: 0.99 });
    expect(wide.estimates.beta.high).toBeGreaterThan(estimates.beta.high);
  });
});

describe('sensitivities', () => {
  it('equal finite differences of the trajectory, initial values included', () => {
    const leastSquares = new LeastSquaresProblem(problem(freeStart), 1e-12);
    const x = Float64Array.of(1.7, 0.45, 2.5);
    const { jacobian } = leastSquares.evaluate(x);
    for (let j = 0; j < 3; j++) {
      const h = 1e-5 * x[j];
      const shifted = (by: number) =>
        leastSquares.evaluate(
          x.map((v, k) => (k === j ? v + by : v)),
          false,
        );
      const [up, down] = [shifted(h).residuals, shifted(-h).residuals];
      for (let i = 0; i < 14; i++) {
        const difference = (up[i] - down[i]) / (2 * h);
        expect(Math.abs(jacobian[i * 3 + j] - difference)).toBeLessThan(
          1e-5 * Math.max(1, Math.abs(difference)),
        );
      }
    }
  });

  it('hold for observed expressions with highest derivatives, unknowns and coordinates', () => {
    const oscillator = problem({
      name: 'oscillator',
      domain: { t: [0, 4] },
      fields: ['u'],
      unknowns: { k: { initial: 2 }, c: { initial: 0.3 } },
      equations: ["u'' + c*u' + k*u = 0"],
      conditions: [
        { on: 't = 0', equation: 'u = 1' },
        { on: 't = 0', equation: "u' = c" },
      ],
      data: [
        {
          rows: [1, 2, 3].map((t) => ({ t, a: t })),
          at: { t: 't' },
          observe: { "u'' + k*t*u": 'a' },
          weight: 4,
        },
        { rows: [1.5].map((t) => ({ t, a: t })), at: { t: 't' }, observe: { u: 'a' }, noise: 0.5 },
      ],
    });
    const leastSquares = new LeastSquaresProblem(oscillator, 1e-12);
    const x = Float64Array.of(2, 0.3);
    const { jacobian } = leastSquares.evaluate(x);
    for (let j = 0; j < 2; j++) {
      const shifted = (by: number) =>
        leastSquares.evaluate(
          x.map((v, k) => (k === j ? v + by : v)),
          false,
        );
      const [up, down] = [shifted(1e-5).residuals, shifted(-1e-5).residuals];
      for (let i = 0; i < 4; i++) expect(jacobian[i * 2 + j]).toBeCloseTo((up[i] - down[i]) / 2e-5, 6);
    }
  });
});

describe('estimates', () => {
  it('are exact on data without noise, and the intervals shrink to nothing', () => {
    const times = [0.5, 1, 1.5, 2, 2.5];
    const result = shoot(
      problem({
        name: 'decay',
        domain: { t: [0, 3] },
        fields: ['u'],
        unknowns: { k: { initial: 0.1 }, a: { initial: 1 } },
        equations: ["u' = -k*u"],
        conditions: [{ on: 't = 0', equation: 'u = a' }],
        data: [
          { rows: times.map((t) => ({ t, u: 5 * Math.exp(-0.7 * t) })), at: { t: 't' }, observe: { u: 'u' } },
        ],
        derived: { halfLife: 'log(2)/k' },
      }),
    );
    expect(result.estimates.k.value).toBeCloseTo(0.7, 8);
    expect(result.estimates.a.value).toBeCloseTo(5, 8);
    expect(result.derived.halfLife.value).toBeCloseTo(Math.LN2 / 0.7, 7);
    expect(result.estimates.k.standardError).toBeLessThan(1e-7);
  });

  it('have infinite intervals where the data determine only a combination', () => {
    const times = [0.5, 1, 1.5, 2];
    const result = shoot(
      problem({
        name: 'not-identifiable',
        domain: { t: [0, 2] },
        fields: ['u'],
        unknowns: { a: { initial: 1 }, b: { initial: 1 } },
        equations: ["u' = -a*b*u"],
        conditions: [{ on: 't = 0', equation: 'u = 1' }],
        data: [
          {
            rows: times.map((t, i) => ({ t, u: Math.exp(-2 * t) + 0.01 * (-1) ** i })),
            at: { t: 't' },
            observe: { u: 'u' },
          },
        ],
      }),
    );
    expect(result.estimates.a.value * result.estimates.b.value).toBeCloseTo(2, 0);
    expect(result.estimates.a.standardError).toBe(Number.POSITIVE_INFINITY);
  });

  it('are refused in words where there is nothing to estimate or the problem is another', () => {
    const { unknowns: _, ...known } = influenza({ equations: ["S' = -I", "I' = I", "R' = I"], derived: {} });
    expect(() => shoot(problem(known))).toThrow(/no unknowns/);
    expect(() => shoot(problem(influenza()), { start: { delta: 1 } })).toThrow(/delta is not an unknown/);
    expect(() => shoot(problem(influenza()), { level: 1.5 })).toThrow(ProblemError);
    const explosive = influenza({ equations: ['dS/dt = beta*S^2', 'dI/dt = gamma*I', 'dR/dt = gamma*I'] });
    expect(() => shoot(problem(explosive))).toThrow(SolveError);
  });
});

describe("Student's t", () => {
  // Independent: SciPy 1.17.1, scipy.stats.t.ppf(0.975, k).
  it.each([
    [1, 12.706204736174694],
    [2, 4.302652729749462],
    [12, 2.1788128296672284],
    [30, 2.0422724563012378],
    [1000, 1.9623390808264083],
  ])('quantile with %i degrees of freedom', (degreesOfFreedom, quantile) => {
    expect(twoSidedStudentT(0.95, degreesOfFreedom)).toBeCloseTo(quantile, 9);
    expect(studentTProbability(quantile, degreesOfFreedom)).toBeCloseTo(0.975, 11);
    expect(studentTProbability(-quantile, degreesOfFreedom)).toBeCloseTo(0.025, 11);
  });
});
