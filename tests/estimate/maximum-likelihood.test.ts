import { describe, expect, it } from 'vitest';
import { ProblemError, SolveError } from '../../src/errors.ts';
import { maximizeLikelihood } from '../../src/estimate/maximum-likelihood.ts';
import { fitAt, shoot, shootFrom } from '../../src/estimate/shoot.ts';
import { TrajectoryLikelihood } from '../../src/estimate/trajectory-likelihood.ts';
import { loadProblem } from '../../src/node.ts';
import { problem } from '../../src/problem/index.ts';
import { influenza, type Noise, weekly } from './influenza.ts';

/*
 * Independent values: SciPy 1.17.1, trajectories by solve_ivp (DOP853, rtol 1e-10 … 1e-12), likelihoods by
 * scipy.stats, maxima by Nelder–Mead on the logarithms of all parameters to 1e-9; standard errors from the
 * expected information, with finite differences of the trajectory.
 */
describe('maximum likelihood of influenza 1978', () => {
  it.each([
    ['negative-binomial', 3, [1.75406222, 0.53464637], [0.05423877, 0.03693672], 60.43662582718957],
    ['negative-binomial', 1, [2.04312283, 0.50940358], undefined, 60.68037765786866],
    ['poisson', 3, [1.72044633, 0.47623658], [0.01952851, 0.0110919], 73.82628948618408],
    ['log-normal', 3, [1.80407011, 0.59169558], [0.06577683, 0.05165116], 61.54676938800686],
  ] as [Noise, number, number[], number[] | undefined, number][])(
    '%s noise, %i infected at the start',
    (noise, infected, values, errors, negative) => {
      const fit = shoot(influenza(noise, infected));
      const { beta, gamma } = fit.estimates;
      expect(beta.value).toBeCloseTo(values[0], 6);
      expect(gamma.value).toBeCloseTo(values[1], 6);
      expect(fit.negativeLogLikelihood).toBeCloseTo(negative, 7);
      expect(fit.stopped).toBe('converged');
      if (errors === undefined) return;
      expect(beta.standardError / errors[0]).toBeCloseTo(1, 4);
      expect(gamma.standardError / errors[1]).toBeCloseTo(1, 4);
      expect(beta.high - beta.value).toBeCloseTo(1.959963985 * beta.standardError, 8);
    },
  );

  it('dispersion and its interval on a logarithmic scale', () => {
    const fit = shoot(influenza('negative-binomial'));
    const dispersion = fit.noise['dispersion of I'];
    expect(dispersion.value).toBeCloseTo(13.10304, 4);
    expect(dispersion.standardError).toBeCloseTo(6.327206, 4);
    expect(dispersion.low * dispersion.high).toBeCloseTo(dispersion.value ** 2, 6);
    expect(fit.aic).toBeCloseTo(2 * 3 + 2 * fit.negativeLogLikelihood, 10);
    expect(shoot(influenza('negative-binomial', 1)).noise['dispersion of I'].value).toBeCloseTo(17.9583, 3);
  });

  it('a stated dispersion is no parameter', () => {
    const stated = shoot(influenza({ distribution: 'negative-binomial', dispersion: 13.10303546 }));
    expect(stated.estimates.beta.value).toBeCloseTo(1.75406222, 5);
    expect(stated.noise).toEqual({});
    expect(stated.aic).toBeCloseTo(2 * 2 + 2 * 60.43662582718957, 6);
  });

  it('Gaussian noise is least squares, its standard deviation profiled out', () => {
    const fit = shoot(influenza('gaussian'));
    expect(fit.estimates.beta.value).toBeCloseTo(1.69979939, 7);
    expect(fit.sumOfSquares).toBeCloseTo(3874.3573172, 6);
    const variance = 3874.3573172 / 14;
    const negative = 7 * (Math.log(2 * Math.PI * variance) + 1);
    expect(fit.negativeLogLikelihood).toBeCloseTo(negative, 8);
    expect(fit.aic).toBeCloseTo(6 + 2 * negative, 8);
    expect(fit.noise['standard deviation of I'].value).toBeCloseTo(Math.sqrt(3874.3573172 / 12), 7);
    expect(fit.predicted[0]).toHaveLength(14);
    expect(fit.predicted[0][0]).toBeCloseTo(3, 12);
    expect(fit.predicted[0][5]).toBeCloseTo(fit.trajectory.at(5).I, 6);
  });

  it('a stated Gaussian deviation enters the likelihood', () => {
    const fit = shoot(influenza(20));
    expect(fit.estimates.beta.value).toBeCloseTo(1.69979939, 7);
    const negative = 3874.3573172 / 800 + 14 * Math.log(20 * Math.sqrt(2 * Math.PI));
    expect(fit.negativeLogLikelihood).toBeCloseTo(negative, 7);
    expect(fit.aic).toBeCloseTo(4 + 2 * negative, 7);
  });

  it('is found from far starts', () => {
    for (const start of [
      { beta: 4, gamma: 0.1 },
      { beta: 0.3, gamma: 2 },
    ]) {
      expect(shoot(influenza('poisson'), { start }).estimates.beta.value).toBeCloseTo(1.72044633, 6);
      expect(shoot(influenza('log-normal'), { start }).estimates.beta.value).toBeCloseTo(1.80407011, 6);
      expect(shoot(influenza('negative-binomial'), { start }).estimates.beta.value).toBeCloseTo(
        1.75406222,
        6,
      );
    }
  });

  it('the best of several starts is kept', () => {
    const trap = { beta: 10, gamma: 0.05 };
    const good = { beta: 2, gamma: 0.5 };
    const fit = shootFrom(influenza('poisson'), [trap, good]);
    expect(fit.estimates.beta.value).toBeCloseTo(1.72044633, 6);
    expect(() => shootFrom(influenza('poisson'), [])).toThrow(SolveError);
  });
});

describe('weekly sums of new infections, partly reported', () => {
  it('Poisson counts', () => {
    const { estimates, negativeLogLikelihood } = shoot(weekly('poisson'));
    expect(estimates.beta.value).toBeCloseTo(0.576963137, 6);
    expect(estimates.gamma.value).toBeCloseTo(0.399137041, 6);
    expect(estimates.rho.value).toBeCloseTo(0.358767886, 6);
    expect(negativeLogLikelihood).toBeCloseTo(54.98244530441, 6);
    expect(estimates.beta.standardError / 0.0301923004).toBeCloseTo(1, 4);
    expect(estimates.rho.standardError / 0.0259349747).toBeCloseTo(1, 4);
  });

  it('negative binomial counts', () => {
    const { estimates, noise, negativeLogLikelihood } = shoot(weekly('negative-binomial'));
    expect(estimates.beta.value).toBeCloseTo(0.535232236, 6);
    expect(estimates.gamma.value).toBeCloseTo(0.350053395, 6);
    expect(estimates.rho.value).toBeCloseTo(0.328740214, 6);
    expect(noise['dispersion of rho*beta*S*I/N'].value / 87.59916).toBeCloseTo(1, 5);
    expect(negativeLogLikelihood).toBeCloseTo(46.7656933395, 6);
    expect(estimates.gamma.standardError / 0.056562231).toBeCloseTo(1, 4);
  });
});

describe('a maximum', () => {
  it('with parameters held is that of the others', () => {
    const likelihood = new TrajectoryLikelihood(influenza('negative-binomial'));
    const held = maximizeLikelihood(likelihood, { held: new Map([[0, 1.8]]) });
    expect(held.x[0]).toBe(1.8);
    const free = maximizeLikelihood(likelihood);
    expect(held.point.negativeLogLikelihood).toBeGreaterThan(free.point.negativeLogLikelihood);
    for (const i of [1, 2]) expect(Math.abs(held.point.score[i] * held.x[i])).toBeLessThan(1e-4);
    expect(maximizeLikelihood(likelihood, { held: new Map([[0, free.x[0]]]) }).x[1]).toBeCloseTo(
      free.x[1],
      7,
    );
    expect(() => maximizeLikelihood(likelihood, { held: new Map([[0, 11]]) })).toThrow(ProblemError);
  });

  it('at given unknowns is that of the noise alone', () => {
    const fit = shoot(influenza('negative-binomial'));
    const { beta, gamma } = fit.estimates;
    const at = fitAt(influenza('negative-binomial'), { beta: beta.value, gamma: gamma.value });
    expect(at.negativeLogLikelihood).toBeCloseTo(fit.negativeLogLikelihood, 9);
    expect(at.noise['dispersion of I'].value).toBeCloseTo(fit.noise['dispersion of I'].value, 4);
    const off = fitAt(influenza('negative-binomial'), { beta: 1.6, gamma: 0.5 });
    expect(off.estimates.beta.value).toBe(1.6);
    expect(off.negativeLogLikelihood).toBeGreaterThan(fit.negativeLogLikelihood);
  });

  it('of counts without overdispersion has no upper end for the dispersion', () => {
    const exact = shoot(influenza('gaussian')).predicted[0].map(Math.round);
    const rows = [...exact].map((count, day) => ({ day, in_bed: count }));
    const even = influenza(undefined, 3, {
      data: [{ rows, at: { t: 'day' }, observe: { I: 'in_bed' }, noise: 'negative-binomial' }],
    });
    const fit = shoot(even);
    expect(fit.noise['dispersion of I'].high).toBeGreaterThan(1e6);
    expect(fit.estimates.beta.value).toBeCloseTo(1.6998, 2);
  });

  it('has infinite intervals where the data determine only a combination', () => {
    const times = [0.5, 1, 1.5, 2, 2.5];
    const { estimates } = shoot(
      problem({
        name: 'not-identifiable',
        domain: { t: [0, 3] },
        fields: ['u'],
        unknowns: { a: { initial: 1 }, b: { initial: 1 } },
        equations: ["u' = -a*b*u"],
        conditions: [{ on: 't = 0', equation: 'u = 100' }],
        data: [
          {
            rows: times.map((t) => ({ t, u: Math.round(100 * Math.exp(-1.2 * t)) })),
            at: { t: 't' },
            observe: { u: 'u' },
            noise: 'poisson',
          },
        ],
      }),
    );
    expect(estimates.a.value * estimates.b.value).toBeCloseTo(1.2, 1);
    expect(estimates.a.standardError).toBe(Number.POSITIVE_INFINITY);
  });

  it('is reached past trial values at which the trajectory explodes', () => {
    const times = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const growth = (noise: Noise) =>
      problem({
        name: 'growth',
        domain: { t: [0, 10] },
        fields: ['u'],
        unknowns: { a: { initial: 0.05, min: -5, max: 20 } },
        equations: ['du/dt = a*u^2 - 0.1*u'],
        conditions: [{ on: 't = 0', equation: 'u = 1' }],
        data: [
          {
            rows: times.map((t) => ({ t, u: Math.exp(-0.08 * t) })),
            at: { t: 't' },
            observe: { u: 'u' },
            noise,
          },
        ],
      });
    for (const noise of ['gaussian', 'log-normal'] as const) {
      const values = [-3, 0.02, 0.09].map((a) => shoot(growth(noise), { start: { a } }).estimates.a.value);
      expect(Math.max(...values) - Math.min(...values)).toBeLessThan(1e-6);
    }
    expect(() => shoot(growth('gaussian'), { start: { a: 5 } })).toThrow(/explodes|finite/);
  });

  it('is reached in few steps where the model does not describe the data', async () => {
    const measles = await loadProblem('problems/measles-hagelloch-1861.json');
    const likelihood = new TrajectoryLikelihood(measles);
    const { point, iterations, stopped } = maximizeLikelihood(likelihood);
    expect(stopped).toBe('converged');
    expect(iterations).toBeLessThan(60);
    point.score.forEach((slope, i) => {
      expect(Math.abs(slope) / Math.sqrt(point.information[i * (point.x.length + 1)])).toBeLessThan(1e-5);
    });
  });

  it('of a stiff problem is found by the implicit method', () => {
    // Independent: SciPy 1.17.1, solve_ivp(Radau, rtol=1e-11) of Robertson's problem with k = 0.04.
    const rows = [
      { t: 0.4, a: 0.9851721138 },
      { t: 4, a: 0.9055186786 },
      { t: 40, a: 0.7158270688 },
    ];
    const robertson = problem({
      name: 'robertson',
      domain: { t: [0, 40] },
      fields: ['a', 'b', 'c'],
      unknowns: { k: { initial: 0.05, min: 0.001, max: 1 } },
      equations: ['da/dt = -k*a + 1e4*b*c', 'db/dt = k*a - 1e4*b*c - 3e7*b^2', 'dc/dt = 3e7*b^2'],
      conditions: [
        { on: 't = 0', equation: 'a = 1' },
        { on: 't = 0', equation: 'b = 0' },
        { on: 't = 0', equation: 'c = 0' },
      ],
      data: [{ rows, at: { t: 't' }, observe: { a: 'a' } }],
    });
    expect(shoot(robertson, { rtol: 1e-8 }).estimates.k.value).toBeCloseTo(0.04, 8);
  });

  it('of mixed noise has the sum of both likelihoods', () => {
    const rows = influenza('poisson').observations[0].values;
    const data = (noise: Noise, days: (day: number) => boolean) => ({
      rows: [...rows].map((count, day) => ({ day, in_bed: count })).filter(({ day }) => days(day)),
      at: { t: 'day' },
      observe: { I: 'in_bed' },
      noise,
    });
    const mixed = influenza(undefined, 3, {
      data: [data('poisson', (day) => day < 5), data({ distribution: 'gaussian' }, (day) => day >= 5)],
    });
    const fit = shoot(mixed);
    const likelihood = new TrajectoryLikelihood(mixed);
    expect(likelihood.names).toEqual(['beta', 'gamma']);
    const { score } = likelihood.evaluate(
      Float64Array.of(fit.estimates.beta.value, fit.estimates.gamma.value),
    );
    for (const slope of score) expect(Math.abs(slope)).toBeLessThan(1e-3);
    expect(Object.keys(fit.noise)).toEqual(['standard deviation of I (data[1])']);
  });
});
