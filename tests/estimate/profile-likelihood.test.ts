import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { identifiability, profileLikelihood } from '../../src/estimate/profile-likelihood.ts';
import { problem } from '../../src/problem/index.ts';

type Definition = Parameters<typeof problem>[0];

/** Boys in bed in an English boarding school: British Medical Journal, 4 March 1978, p. 587. */
const inBed = [3, 8, 26, 76, 225, 298, 258, 233, 189, 128, 68, 29, 14, 4];

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
    data: [
      {
        rows: inBed.map((count, day) => ({ day, in_bed: count })),
        at: { t: 'day' },
        observe: { I: 'in_bed' },
      },
    ],
    derived: { R0: 'beta/gamma' },
    ...change,
  };
}

describe('the profile likelihood of influenza 1978', () => {
  const fit = { estimates: { beta: { value: 1.7 }, gamma: { value: 0.45 } } };

  it('gives the intervals that SciPy gives', () => {
    // SciPy 1.17.1: brentq over least_squares with solve_ivp(DOP853, rtol=1e-10), F quantile at 1 and 12.
    const [beta, gamma, r0] = profileLikelihood(problem(influenza()), { fit });
    expect([beta.name, gamma.name, r0.name]).toEqual(['beta', 'gamma', 'R0']);
    expect(beta.low).toBeCloseTo(1.6372, 4);
    expect(beta.high).toBeCloseTo(1.7651, 4);
    expect(gamma.low).toBeCloseTo(0.41595, 5);
    expect(gamma.high).toBeCloseTo(0.48131, 5);
    expect(r0.low).toBeCloseTo(3.540654, 5);
    expect(r0.high).toBeCloseTo(4.085363, 5);
    expect(r0.identifiable).toBe('yes');
  });

  it('of a dispersion is bounded where counts scatter more than Poisson ones', () => {
    const [definition] = influenza().data!;
    const counts = problem(influenza({ data: [{ ...definition, noise: 'negative-binomial' }] }));
    const curves = profileLikelihood(counts, { fit });
    expect(curves.map(({ name }) => name)).toEqual(['beta', 'gamma', 'dispersion of I', 'R0']);
    const [beta, , dispersion] = curves;
    // SciPy 1.17.1: brentq over Nelder–Mead of the likelihood along solve_ivp(DOP853, rtol=1e-10), χ² quantile.
    expect(beta.estimate).toBeCloseTo(1.754062, 5);
    expect(dispersion.estimate).toBeCloseTo(13.10304, 3);
    expect(beta.low).toBeCloseTo(1.65342, 4);
    expect(beta.high).toBeCloseTo(1.878, 5);
    expect(dispersion.identifiable).toBe('yes');
    expect(dispersion.low).toBeLessThan(13.1);
    expect(dispersion.high).toBeGreaterThan(13.1);
  });

  it('does not bound two factors that only their product is seen of', () => {
    const product = problem(
      influenza({
        unknowns: {
          contacts: { initial: 5, min: 0.1, max: 1000 },
          risk: { initial: 0.3, min: 1e-4, max: 1 },
          gamma: { initial: 0.5, min: 0, max: 10 },
        },
        equations: [
          'dS/dt = -contacts*risk*S*I/N',
          'dI/dt = contacts*risk*S*I/N - gamma*I',
          'dR/dt = gamma*I',
        ],
        derived: { R0: 'contacts*risk/gamma' },
      }),
    );
    const [contacts, risk, gamma, r0] = profileLikelihood(product);
    expect(contacts.identifiable).toBe('no');
    expect(contacts.words).toMatch(/enter only as their product contacts \* risk = 1\.7/);
    expect(risk.low).toBeNull();
    expect(gamma.low).toBeCloseTo(0.41595, 4);
    expect(r0.identifiable).toBe('yes');
    const [direction, ...others] = identifiability(product);
    expect(others).toEqual([]);
    expect(direction.words).toMatch(/(contacts and risk|risk and contacts) enter only as their product/);
  });

  it('of rates that only their sum is seen of says what its ends are due to', () => {
    const split = problem(
      influenza({
        unknowns: {
          beta: { initial: 1.7, min: 0, max: 10 },
          gamma: { initial: 0.3, min: 0, max: 10 },
          mu: { initial: 0.1, min: 0, max: 10 },
        },
        equations: ['dS/dt = -beta*S*I/N', 'dI/dt = beta*S*I/N - gamma*I - mu*I', 'dR/dt = gamma*I'],
        derived: { R0: 'beta/(gamma + mu)', share: 'mu/(gamma + mu)' },
      }),
    );
    const [beta, gamma, mu, r0, share] = profileLikelihood(split);
    expect(beta.low).toBeCloseTo(1.6372, 4);
    expect(r0.identifiable).toBe('yes');
    for (const [curve, other] of [
      [gamma, 'mu'],
      [mu, 'gamma'],
    ] as const) {
      expect([curve.low, curve.high]).toEqual([null, null]);
      expect(curve.words).toMatch(`it ends at 0.4813 only because ${other} may not pass 0`);
      expect(curve.words).toMatch(/enter only as their sum .* = 0\.4469/);
    }
    expect(share.identifiable).toBe('no');
  });

  it('of the first days has no upper bound for R0, which may be infinite', () => {
    const [all] = influenza().data!;
    const early = problem(influenza({ data: [{ ...all, rows: all.rows!.slice(0, 5) }] }));
    const [beta, gamma, r0] = profileLikelihood(early);
    expect(beta.identifiable).toBe('yes');
    expect(gamma.estimate).toBe(0);
    expect(gamma.identifiable).toBe('one-sided');
    expect(r0.estimate).toBe(Number.POSITIVE_INFINITY);
    expect(r0.high).toBeNull();
    expect(r0.words).toMatch(/R0 is not finite at the best fit; it is at least 4/);
    // At the lower end of R0 its reciprocal has the profile's deviance: β and γ there are on the path.
    const last = r0.values.length - 1;
    for (let i = 0; i <= last; i++) {
      expect(r0.path.beta[i] / r0.path.gamma[i]).toBeCloseTo(r0.values[i], 6);
    }
  });

  it('names what it can be asked for', () => {
    expect(() => profileLikelihood(problem(influenza()), { names: ['delta'] })).toThrow(
      new ProblemError('there is no delta to be profiled', {
        path: 'names',
        hint: 'choose from beta, gamma, R0',
      }),
    );
    expect(() => profileLikelihood(problem(influenza()), { level: 1 })).toThrow(ProblemError);
    const aborted = { aborted: true } as AbortSignal;
    expect(() => profileLikelihood(problem(influenza()), { signal: aborted })).toThrow(/interrupted/);
  });
});

describe('a model linear in its unknown', () => {
  it('has as its profile interval the exact one of Student', () => {
    // y = a·t with noise of unknown size: a ± t₀.₉₇₅,₄·s/√Σt².
    const t = [1, 2, 3, 4, 5];
    const y = [1.1, 1.8, 3.3, 3.9, 5.2];
    const line = problem({
      name: 'line',
      domain: { t: [0, 5] },
      fields: ['u'],
      unknowns: { a: { initial: 0.5 } },
      equations: ['du/dt = a'],
      conditions: [{ on: 't = 0', equation: 'u = 0' }],
      data: [{ rows: t.map((s, i) => ({ s, y: y[i] })), at: { t: 's' }, observe: { u: 'y' } }],
    });
    const squares = t.reduce((sum, s) => sum + s * s, 0);
    const a = t.reduce((sum, s, i) => sum + s * y[i], 0) / squares;
    const s2 = t.reduce((sum, s, i) => sum + (y[i] - a * s) ** 2, 0) / 4;
    const half = 2.7764451051977987 * Math.sqrt(s2 / squares);
    const [curve] = profileLikelihood(line);
    expect(curve.estimate).toBeCloseTo(a, 8);
    expect(curve.low).toBeCloseTo(a - half, 6);
    expect(curve.high).toBeCloseTo(a + half, 6);
  });

  it('observed without noise has a narrow interval', () => {
    const line = problem({
      name: 'line',
      domain: { t: [0, 5] },
      fields: ['u'],
      unknowns: { a: { initial: 0.5 } },
      equations: ['du/dt = -a*u'],
      conditions: [{ on: 't = 0', equation: 'u = 1' }],
      data: [
        { rows: [1, 2, 3, 4].map((s) => ({ s, y: Math.exp(-2 * s) })), at: { t: 's' }, observe: { u: 'y' } },
      ],
    });
    const [curve] = profileLikelihood(line);
    expect(curve.high! - curve.low!).toBeLessThan(1e-6);
    expect(curve.estimate).toBeCloseTo(2, 7);
  });
});
