import { describe, expect, it } from 'vitest';
import { digamma, digammaDifference, logGamma, trigamma } from '../../../src/estimate/gamma-function.ts';
import { type NoiseDistribution, noiseDistribution } from '../../../src/estimate/noise/index.ts';
import { gammaDraw, negativeBinomial } from '../../../src/estimate/noise/negative-binomial.ts';
import { poisson } from '../../../src/estimate/noise/poisson.ts';
import { normalQuantile } from '../../../src/estimate/normal-distribution.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

const gaussian = noiseDistribution({ distribution: 'gaussian', standardDeviation: undefined });
const logNormal = noiseDistribution({ distribution: 'log-normal', standardDeviation: undefined });

function expectRelative(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.max(1e-3, Math.abs(expected)));
}

describe('the logarithm of Γ and its derivatives', () => {
  // Independent: SciPy 1.17.1, special.gammaln, digamma, polygamma(1, x).
  it.each([
    [1e-3, 6.907178885383853, -1000.5755719318103, 1000001.6425331959],
    [0.3, 1.0957979948180756, -3.502524222200133, 12.245364546107734],
    [2.5, 0.2846828704729192, 0.7031566406452432, 0.4903577561002349],
    [11.9, 17.25847745059552, 2.4339335368825377, 0.08766320119000418],
    [57.3, 173.56386827969146, 4.039549239957579, 0.017605179101050656],
    [1e5, 1051287.7089736569, 11.512920464961896, 1.0000050000166665e-5],
  ])('at %d', (x, value, first, second) => {
    expectRelative(logGamma(x), value, 1e-14);
    expectRelative(digamma(x), first, 1e-14);
    expectRelative(trigamma(x), second, 1e-14);
    expectRelative(digammaDifference(x, 3), 1 / x + 1 / (x + 1) + 1 / (x + 2), 1e-13);
  });
});

describe('densities', () => {
  // Independent: SciPy 1.17.1, stats.{poisson,nbinom}.logpmf, lognorm.logpdf, norm.logpdf.
  it('equal those of SciPy', () => {
    expectRelative(poisson.logDensity(0, 0.2, 0), -0.2, 1e-13);
    expectRelative(poisson.logDensity(298, 250.5, 0), -8.010865580595237, 1e-12);
    expectRelative(poisson.logDensity(12000, 11800, 0), -7.300696238598903, 1e-11);
    expectRelative(negativeBinomial.logDensity(0, 0.2, 0.5), -0.16823611831060645, 1e-13);
    expectRelative(negativeBinomial.logDensity(298, 250.5, 13.1), -5.557162733686043, 1e-12);
    // Independent: Python's decimal at 50 digits (SciPy keeps nine of them here).
    expectRelative(negativeBinomial.logDensity(298, 250.5, 1e7), -8.01076767087783, 1e-12);
    expectRelative(negativeBinomial.logDensity(120, 100, 0.3), -6.551020326108503, 1e-12);
    expectRelative(logNormal.logDensity(8.2, 7.1, 0.3), -1.9343628841168357, 1e-13);
  });

  it('of counts sum to 1', () => {
    for (const [m, k] of [
      [0.2, 0.5],
      [3.7, 13.1],
      [80, 2],
    ]) {
      let sum = 0;
      for (let y = 0; y < 3000; y++) sum += Math.exp(negativeBinomial.logDensity(y, m, k));
      expect(sum).toBeCloseTo(1, 12);
    }
  });
});

const cases: [string, NoiseDistribution, number, number, number][] = [
  ['Gaussian', gaussian, 8, 7, 1.5],
  ['log-normal', logNormal, 8, 7, 0.3],
  ['Poisson', poisson, 8, 7, 0],
  ['negative binomial', negativeBinomial, 8, 7, 2.5],
  ['negative binomial of large dispersion', negativeBinomial, 8, 7, 50],
];

describe('scores', () => {
  it.each(cases)('of %s noise are the derivatives of its log-density', (_, noise, y, m, a) => {
    const h = 1e-5;
    const bymean = (noise.logDensity(y, m + h, a) - noise.logDensity(y, m - h, a)) / (2 * h);
    expect(noise.score(y, m, a)).toBeCloseTo(bymean, 7);
    if (noise.parameter === undefined) return;
    const byParameter = (noise.logDensity(y, m, a + h) - noise.logDensity(y, m, a - h)) / (2 * h);
    expect(noise.parameterScore(y, m, a)).toBeCloseTo(byParameter, 7);
  });

  it.each(cases)('of %s noise have mean zero and the information as variance', (_, noise, _y, m, a) => {
    const counts = noise === poisson || noise === negativeBinomial;
    const step = counts ? 1 : 0.01;
    let [mass, first, second, own, cross] = [0, 0, 0, 0, 0];
    for (let y = counts ? 0 : -40 + step / 2; y < (counts ? 1000 : 120); y += step) {
      if (!noise.supports(y)) continue;
      const p = step * Math.exp(noise.logDensity(y, m, a));
      const s = noise.score(y, m, a);
      const t = noise.parameterScore(y, m, a);
      mass += p;
      first += p * s;
      second += p * s * s;
      own += p * t * t;
      cross += p * s * t;
    }
    expect(mass).toBeCloseTo(1, 9);
    expect(first).toBeCloseTo(0, 8);
    expect(cross).toBeCloseTo(0, 8);
    expectRelative(second, noise.information(m, a), 1e-7);
    expectRelative(own, noise.parameterInformation(m, a), 1e-6);
  });

  it('the information on a dispersion goes over into its limit for Poisson counts', () => {
    const [below, above] = [4.99e3, 5.01e3].map((k) => negativeBinomial.parameterInformation(5, k) * k ** 4);
    expect(Math.abs(below / above - 1)).toBeLessThan(0.02);
  });
});

describe('quantiles', () => {
  // Independent: SciPy 1.17.1, stats.{poisson,nbinom,norm}.ppf.
  it('equal those of SciPy', () => {
    const levels = [0.025, 0.5, 0.975];
    const poissonQuantiles = [0.2, 3.7, 250.5, 11800].map((m) =>
      levels.map((p) => poisson.quantile(p, m, 0)),
    );
    expect(poissonQuantiles).toEqual([
      [0, 0, 1],
      [1, 4, 8],
      [220, 250, 282],
      [11588, 11800, 12013],
    ]);
    const binomialQuantiles = [
      [0.2, 0.5],
      [3.7, 13.1],
      [250.5, 13.1],
      [100, 0.3],
    ].map(([m, k]) => levels.map((p) => negativeBinomial.quantile(p, m, k)));
    expect(binomialQuantiles).toEqual([
      [0, 0, 2],
      [0, 3, 9],
      [131, 244, 407],
      [0, 24, 634],
    ]);
    expectRelative(normalQuantile(1e-6), -4.753424308822899, 1e-9);
    expectRelative(normalQuantile(0.3), -0.5244005127080409, 1e-12);
    expectRelative(normalQuantile(0.975), 1.959963984540054, 1e-12);
  });
});

describe('draws', () => {
  const count = 20_000;
  it.each([
    ['Gaussian', gaussian, 7, 1.5],
    ['log-normal', logNormal, 7, 0.3],
    ['Poisson of small mean', poisson, 3.3, 0],
    ['Poisson of large mean', poisson, 140, 0],
    ['negative binomial', negativeBinomial, 60, 13.1],
    ['negative binomial of small dispersion', negativeBinomial, 9, 0.6],
  ] as [string, NoiseDistribution, number, number][])(
    'of %s noise follow its quantiles and variance',
    (_, noise, m, a) => {
      const random = randomGenerator(11);
      const draws = Array.from({ length: count }, () => noise.sample(m, a, random));
      for (const p of [0.1, 0.5, 0.9]) {
        const q = noise.quantile(p, m, a);
        const share = draws.filter((y) => y <= q).length / count;
        const strictly = draws.filter((y) => y < q).length / count;
        expect(share).toBeGreaterThan(p - 0.01);
        expect(strictly).toBeLessThan(p + 0.01);
      }
      const mean = draws.reduce((sum, y) => sum + y, 0) / count;
      const variance = draws.reduce((sum, y) => sum + (y - mean) ** 2, 0) / count;
      expect(Math.abs(variance / noise.variance(m, a) - 1)).toBeLessThan(0.08);
      expect(noise.sample(m, a, randomGenerator(3))).toBe(noise.sample(m, a, randomGenerator(3)));
    },
  );

  it('of a gamma distribution have its mean and variance', () => {
    const random = randomGenerator(5);
    for (const shape of [0.4, 1, 8]) {
      const draws = Array.from({ length: count }, () => gammaDraw(shape, random));
      const mean = draws.reduce((sum, y) => sum + y, 0) / count;
      const variance = draws.reduce((sum, y) => sum + (y - mean) ** 2, 0) / count;
      expect(Math.abs(mean / shape - 1)).toBeLessThan(0.04);
      expect(Math.abs(variance / shape - 1)).toBeLessThan(0.08);
    }
  });
});
