import { describe, expect, test } from 'vitest';
import {
  compartmentModel,
  doublingTime,
  effectiveReproductionNumber,
  effectiveReproductionNumbers,
  growthRate,
  nextGeneration,
  reproductionNumber,
} from '../../src/epidemiology/index.ts';
import { type Problem, problem } from '../../src/problem/index.ts';
import { type AvailableReference, reference } from '../../src/reference/index.ts';
import { modelNames, randomModel } from './random-models.ts';

async function trajectoryOf(model: Problem): Promise<(t: number) => Record<string, number>> {
  const solution = (await reference(model, { target: 1e-10 })) as AvailableReference;
  return (t) =>
    Object.fromEntries(
      Object.entries(solution.evaluate(Float64Array.of(t))).map(([name, v]) => [name, v[0]]),
    );
}

/** So many people that one infected among them meets the susceptible alone; rates at which that one spreads. */
function largePopulation(name: (typeof modelNames)[number]): Problem {
  const betas = { beta: 1.1, beta1: 1.1, beta2: 0.5, beta11: 0.9, beta12: 0.4, beta21: 0.3, beta22: 0.7 };
  const others = {
    gamma: 0.3,
    gamma1: 0.3,
    gamma2: 0.4,
    gammaA: 0.5,
    sigma: 0.6,
    mu: 0.1,
    nu: 0.05,
    p: 0.25,
  };
  const { options } = randomModel(name, 2, { ...betas, ...others });
  const population = Object.fromEntries(Object.keys(options.population).map((key) => [key, 1e9]));
  // without disease half are vaccinated: μ S = (1 − p) μ N − ν S
  const initial = name === 'SIR with vaccination' ? { I: 1, V: 5e8 } : options.initial;
  return problem(compartmentModel(name, { ...options, population, initial, duration: 15 }));
}

describe.each(modelNames.filter((name) => name !== 'SI'))('%s', (name) => {
  test('grows at first at the rate stated, and doubles in the time stated', async () => {
    const model = largePopulation(name);
    const at = await trajectoryOf(model);
    const { infected, growthRate: rate } = nextGeneration(model);
    const sick = (t: number) => infected.reduce((sum, c) => sum + at(t)[c], 0);
    // at the end the slower modes have fallen behind
    const late = Math.log(sick(15) / sick(14));
    expect(Math.abs(late - rate)).toBeLessThan(1e-3);
    expect(growthRate(model)).toBe(rate);
    const time = doublingTime(model);
    expect(time).toBeCloseTo(Math.LN2 / rate, 12);
    expect(sick(15) / sick(15 - time)).toBeCloseTo(2, 2);
  });
});

test('the doubling time of SIR doubles the infected; below the threshold it is minus the halving time', async () => {
  for (const [beta, gamma] of [
    [0.9, 0.3],
    [0.2, 0.5],
  ]) {
    const model = problem(
      compartmentModel('SIR', {
        population: 1e10,
        initial: { I: 1 },
        duration: 20,
        parameters: { beta, gamma },
      }),
    );
    const at = await trajectoryOf(model);
    const time = doublingTime(model);
    expect(time).toBeCloseTo(Math.LN2 / (beta - gamma), 12);
    expect(at(Math.abs(time)).I).toBeCloseTo(time > 0 ? 2 : 0.5, 7);
  }
});

describe('the threshold', () => {
  test.each(modelNames.filter((name) => name !== 'SI'))('%s dies out where R0 < 1', async (name) => {
    const betas = Object.fromEntries(
      ['beta', 'beta1', 'beta2', 'beta11', 'beta12', 'beta21', 'beta22'].map((beta) => [beta, 0.1]),
    );
    const others = { gamma: 0.4, gamma1: 0.4, gamma2: 0.4, gammaA: 0.4, sigma: 0.5 };
    const { problem: model } = randomModel(name, 6, { ...betas, ...others }, 60);
    const { infected, reproductionNumber: r0 } = nextGeneration(model);
    expect(r0).toBeLessThan(0.8);
    const at = await trajectoryOf(model);
    for (const compartment of infected) expect(at(60)[compartment]).toBeLessThan(1e-2);
  });

  test('SIRS and SIR with births and deaths stay at 1/R0 susceptible where R0 > 1', async () => {
    for (const name of ['SIRS', 'SIR with births and deaths'] as const) {
      const { problem: model, options } = randomModel(
        name,
        6,
        { beta: 1.5, gamma: 0.3, omega: 0.2, mu: 0.2 },
        300,
      );
      const at = await trajectoryOf(model);
      const N = (options.population as Record<string, number>).N;
      expect(at(300).S / N).toBeCloseTo(1 / reproductionNumber(model), 6);
      expect(effectiveReproductionNumber(model, at(300))).toBeCloseTo(1, 6);
    }
  });
});

describe('the effective reproduction number', () => {
  test('of SIR is R0 S/N, and 1 where most are infected', async () => {
    const model = problem(
      compartmentModel('SIR', {
        population: 763,
        initial: { I: 3 },
        duration: 13,
        parameters: { beta: 1.7, gamma: 0.45 },
      }),
    );
    const at = await trajectoryOf(model);
    const times = Array.from({ length: 1301 }, (_, i) => i / 100);
    const r = effectiveReproductionNumbers(model, at, times);
    times.forEach((t, i) => {
      expect(Math.abs(r[i] - ((1.7 / 0.45) * at(t).S) / 763)).toBeLessThan(1e-12);
    });
    const peak = times.map((t) => at(t).I).reduce((best, x, i, all) => (x > all[best] ? i : best), 0);
    expect(Math.abs(r[peak] - 1)).toBeLessThan(0.01);
  });

  test('counts those who are met among everybody, where the population is a function', () => {
    const model = problem({
      name: 'deaths',
      domain: { t: [0, 50] },
      constants: { beta: 0.8, gamma: 0.2, alpha: 0.1 },
      functions: { N: 'S + I + R' },
      flows: ['S -> I: beta*S*I/N', 'I -> R: gamma*I', 'I -> : alpha*I'],
      conditions: ['S = 99', 'I = 1', 'R = 0'].map((equation) => ({ on: 't = 0', equation })),
    });
    const state = { S: 40, I: 30, R: 20 };
    expect(effectiveReproductionNumber(model, state)).toBeCloseTo((0.8 / 0.3) * (40 / 90), 12);
    expect(reproductionNumber(model)).toBeCloseTo(0.8 / 0.3, 12);
  });

  test('follows rates that change with time, and a transmission rate found from data', () => {
    const season = problem(
      compartmentModel('SIR', {
        population: 100,
        initial: { I: 1 },
        duration: 365,
        parameters: { beta: '0.4*(1 + 0.5*cos(2*pi*t/365))', gamma: 0.2 },
      }),
    );
    const state = { S: 50, I: 1, R: 49 };
    expect(effectiveReproductionNumber(season, state)).toBeCloseTo(1.5, 12);
    expect(effectiveReproductionNumber(season, state, {}, { time: 182.5 })).toBeCloseTo(0.5, 12);
    const free = problem(
      compartmentModel('SIR', {
        population: 100,
        initial: { I: 1 },
        duration: 10,
        parameters: { beta: { unknown: true }, gamma: 0.2 },
        data: { rows: [{ t: 1, n: 2 }] },
        observe: { I: 'n' },
      }),
    );
    expect(effectiveReproductionNumber(free, { ...state, beta: 0.6 })).toBeCloseTo(1.5, 12);
    expect(reproductionNumber(free, {}, { diseaseFree: { beta: 0.6 } })).toBeCloseTo(3, 12);
    expect(() => effectiveReproductionNumber(free, state)).toThrow(/`beta` has no value/);
  });
});
