import { describe, expect, it } from 'vitest';
import { ProblemError, SolveError } from '../../src/errors.ts';
import { TrajectoryLikelihood } from '../../src/estimate/trajectory-likelihood.ts';
import { withObservedValues } from '../../src/estimate/with-values.ts';
import { problem } from '../../src/problem/index.ts';
import type { Problem } from '../../src/problem/problem.ts';
import { influenza, weekly } from './influenza.ts';

const coupled = problem({
  name: 'coupled-highest-derivatives',
  domain: { t: [0, 3] },
  fields: ['u', 'v'],
  unknowns: { k: { initial: 1 }, c: { initial: 0.5 }, s: { initial: 2 } },
  equations: ["2*u' + c*v' = -k*u", "u' - v' = v - 1"],
  conditions: [
    { on: 't = 0', equation: 'u + v = 3' },
    { on: 't = 0', equation: 'u - v = s' },
  ],
  data: [
    {
      rows: [0, 1, 2, 3].map((t) => ({ t, a: 2 + t })),
      at: { t: 't' },
      observe: { "u + v + v' + 5": 'a' },
      noise: 'log-normal',
      weight: 2,
    },
  ],
});

/** u = √a e^(−k(t − end)), from a condition that is not linear at the given end. */
function decay(end: 0 | 1 | 3): Problem {
  return problem({
    name: 'decay-from-a-square',
    domain: { t: [0, 3] },
    fields: ['u'],
    unknowns: { k: { initial: 1 }, a: { initial: 4 } },
    equations: ["u' = -k*u"],
    conditions: [{ on: `t = ${end}`, equation: 'exp(u) = exp(sqrt(a))' }],
    data: [
      {
        rows: [0, 0.5, 1, 2, 3].map((t) => ({ t, u: 3 * Math.exp(-0.8 * t) + 0.1 * (t - 1) ** 2 })),
        at: { t: 't' },
        observe: { u: 'u' },
      },
    ],
  });
}

const cases: [string, Problem, number[]][] = [
  ['Gaussian noise', influenza('gaussian'), [1.6, 0.4]],
  ['stated Gaussian noise', influenza(12), [1.6, 0.4]],
  ['Poisson noise', influenza('poisson'), [1.6, 0.4]],
  ['negative binomial noise', influenza('negative-binomial'), [1.6, 0.4, 6]],
  ['log-normal noise', influenza('log-normal'), [1.6, 0.4]],
  ['sums over intervals', weekly('negative-binomial'), [0.5, 0.3, 0.3, 20]],
  ['conditions at the end, not linear', decay(3), [0.7, 0.5]],
  ['coupled highest derivatives, observed', coupled, [1.1, 0.4, 1.8]],
];

describe('the score', () => {
  it.each(cases)('is the derivative of the likelihood: %s', (_, subject, at) => {
    const likelihood = new TrajectoryLikelihood(subject, { rtol: 1e-12 });
    const x = Float64Array.from(at);
    expect(likelihood.names).toHaveLength(x.length);
    const { score } = likelihood.evaluate(x);
    for (let j = 0; j < x.length; j++) {
      const h = 1e-5 * x[j];
      const shifted = (by: number) =>
        likelihood.evaluate(x.map((value, k) => (k === j ? value + by : value))).negativeLogLikelihood;
      const difference = (shifted(h) - shifted(-h)) / (2 * h);
      expect(Math.abs(score[j] - difference)).toBeLessThan(1e-5 * Math.max(1, Math.abs(difference)));
    }
  });
});

describe('the information', () => {
  it('of counts is Σ ∂μ∂μᵀ/variance, and the dispersion stands apart', () => {
    const likelihood = new TrajectoryLikelihood(influenza('negative-binomial'));
    const { information, predicted, sensitivities } = likelihood.evaluate(Float64Array.of(1.7, 0.5, 13));
    let own = 0;
    predicted[0].forEach((m, i) => {
      own += (sensitivities[0][2 * i] * sensitivities[0][2 * i + 1]) / (m + m ** 2 / 13);
    });
    expect(information[1]).toBeCloseTo(own, 8);
    expect(information[3]).toBeCloseTo(information[1], 10);
    expect([information[2], information[5], information[6], information[7]]).toEqual([0, 0, 0, 0]);
    expect(information[8]).toBeGreaterThan(0);
  });
});

describe('sums over intervals', () => {
  it('are differences of what has been accumulated', () => {
    const subject = weekly('poisson');
    const point = new TrajectoryLikelihood(subject).evaluate(Float64Array.of(0.5, 0.3, 0.25));
    const { at } = point.trajectory;
    point.predicted[0].forEach((mean, week) => {
      const newInfections = at(7 * week).S - at(7 * week + 7).S;
      expect(mean / (0.25 * newInfections)).toBeCloseTo(1, 6);
    });
  });
});

describe('the trajectory at the observations', () => {
  it.each([0, 1, 3] as const)('is exact from a condition at t = %i', (end) => {
    const subject = decay(end);
    const { predicted, sensitivities, trajectory } = new TrajectoryLikelihood(subject).evaluate(
      Float64Array.of(0.7, 0.5),
    );
    subject.observations[0].points.forEach((t, i) => {
      const value = Math.sqrt(0.5) * Math.exp(-0.7 * (t - end));
      expect(predicted[0][i]).toBeCloseTo(value, 8);
      expect(sensitivities[0][2 * i]).toBeCloseTo(-(t - end) * value, 8);
      expect(sensitivities[0][2 * i + 1]).toBeCloseTo(value, 8);
      expect(trajectory.at(t).u).toBeCloseTo(value, 8);
    });
  });
});

describe('a likelihood', () => {
  it('names its noise parameters after what is observed', () => {
    expect(new TrajectoryLikelihood(influenza('negative-binomial')).names).toEqual([
      'beta',
      'gamma',
      'dispersion of I',
    ]);
    expect(new TrajectoryLikelihood(influenza('log-normal')).names).toEqual(['beta', 'gamma']);
  });

  it('refuses what its noise cannot give, in words', () => {
    const subject = influenza('poisson');
    const negative = withObservedValues(subject, [Float64Array.from({ length: 14 }, () => -1)]);
    expect(() => new TrajectoryLikelihood(negative)).toThrow(/-1 cannot be observed with poisson noise/);
    expect(() => withObservedValues(subject, [new Float64Array(3)])).toThrow(ProblemError);
    const falling = influenza('poisson', 3, {
      equations: ['dS/dt = -beta', 'dI/dt = -100*gamma', 'dR/dt = beta'],
    });
    expect(() => new TrajectoryLikelihood(falling).evaluate(Float64Array.of(1, 1))).toThrow(SolveError);
  });

  it('has a value where the fit is perfect', () => {
    const subject = influenza('gaussian');
    const { predicted } = new TrajectoryLikelihood(subject).evaluate(Float64Array.of(1.7, 0.45));
    const perfect = new TrajectoryLikelihood(withObservedValues(subject, predicted));
    const point = perfect.evaluate(Float64Array.of(1.7, 0.45));
    expect(Number.isFinite(point.negativeLogLikelihood)).toBe(true);
    expect(point.sumOfSquares).toBe(0);
  });
});
