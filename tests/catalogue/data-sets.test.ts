/** The data sets that come with the package: what was counted adds up, and the fits are those found by other means. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProblem } from '../../src/cli/problem-file.ts';
import { shoot } from '../../src/estimate/index.ts';
import type { Problem } from '../../src/problem/index.ts';

const load = (name: string) => loadProblem(join(import.meta.dirname, '../../problems', `${name}.json`));
const observed = (problem: Problem, i: number): number[] => [...problem.observations[i].values];
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Relative distances of the estimates from those of SciPy 1.17 (LSODA; least_squares or Nelder-Mead). */
function assertEstimates(problem: Problem, scipy: Readonly<Record<string, number>>, within = 1e-4) {
  const fit = shoot(problem);
  const found = { ...fit.estimates, ...fit.noise };
  for (const [name, value] of Object.entries(scipy))
    expect(Math.abs(found[name].value / value - 1), `${name} is ${found[name].value}`).toBeLessThan(within);
  return fit;
}

/** −ℓ, or the sum of squares, no worse than SciPy's. */
const assertReached = (found: number, scipy: number) =>
  expect(found).toBeLessThan(scipy + 1e-5 * Math.abs(scipy));

describe('plague in Eyam', () => {
  test('susceptibles only decline, and never more than 261 are alive', async () => {
    const problem = await load('plague-eyam-1666');
    const [susceptible, infective] = [observed(problem, 0), observed(problem, 1)];
    expect(susceptible.every((s, n) => n === 0 || s < susceptible[n - 1])).toBe(true);
    expect(Math.max(...susceptible.map((s, n) => s + infective[n]))).toBe(261);
  });

  test('rates are those of SciPy, and inside the intervals of a stochastic analysis', async () => {
    const problem = await load('plague-eyam-1666');
    const { estimates } = assertEstimates(problem, { beta: 0.14872686, gamma: 0.09121965 });
    // Ho & Suchard, from exact transition probabilities: rates a month (of 31 days), not divided by N
    const [beta, gamma] = [(31 * estimates.beta.value) / 261, 31 * estimates.gamma.value];
    expect(gamma > 2.72 && gamma < 3.81).toBe(true);
    expect(beta > 0.0165 && beta < 0.0233).toBe(true);
  });
});

describe('hare and lynx', () => {
  test('rates under multiplicative noise are those of SciPy, and those published to their last digit but one', async () => {
    const problem = await load('hare-lynx');
    const { estimates } = assertEstimates(problem, {
      alpha: 0.540013927,
      beta: 0.0271561132,
      gamma: 0.796598802,
      delta: 0.0237020387,
      hare0: 34.5991548,
      lynx0: 5.84373655,
    });
    const carpenter = { alpha: 0.55, beta: 0.028, gamma: 0.8, delta: 0.024 };
    for (const [name, value] of Object.entries(carpenter))
      expect(Math.abs(estimates[name].value / value - 1)).toBeLessThan(0.04);
  });
});

describe('plague in Bombay', () => {
  test('9043 deaths in 31 weeks', async () => {
    const deaths = observed(await load('plague-bombay-1906'), 0);
    expect([deaths.length, sum(deaths)]).toEqual([31, 9043]);
  });

  test('the fit is that of SciPy', async () => {
    const problem = await load('plague-bombay-1906');
    const { sumOfSquares } = assertEstimates(
      problem,
      { N: 49842.4, beta: 4.0098, gamma: 3.62446 },
      // the three lie on a ridge along which SciPy stops earlier
      1e-3,
    );
    assertReached(sumOfSquares, 95616.2424);
  });
});

describe('influenza on Tristan da Cunha', () => {
  test('312 attacks in 59 days, as Camacho et al. (2011) say', async () => {
    const attacks = observed(await load('influenza-tristan-da-cunha-1971'), 0);
    expect([attacks.length, sum(attacks)]).toEqual([59, 312]);
  });

  test('the likelihood reaches that of SciPy', async () => {
    const problem = await load('influenza-tristan-da-cunha-1971');
    assertReached(shoot(problem, { rtol: 1e-7 }).negativeLogLikelihood, 128.34803767);
  });
});

describe('measles in Hagelloch', () => {
  test('187 children fell ill, each had a rash, and no rash came before the symptoms', async () => {
    const problem = await load('measles-hagelloch-1861');
    const [prodromes, rashes] = [observed(problem, 0), observed(problem, 1)];
    expect([sum(prodromes), sum(rashes)]).toEqual([187, 187]);
    for (let n = 0; n < prodromes.length; n++)
      expect(sum(rashes.slice(0, n))).toBeLessThanOrEqual(sum(prodromes.slice(0, n)));
  });

  test('the likelihood reaches that of SciPy', async () => {
    const problem = await load('measles-hagelloch-1861');
    assertReached(shoot(problem, { rtol: 1e-7 }).negativeLogLikelihood, 198.36846733);
  });
});
