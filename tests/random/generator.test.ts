import { describe, expect, it } from 'vitest';
import { randomGenerator } from '../../src/random/generator.ts';

const count = 20_000;

function draws(seed: number, kind: 'uniform' | 'normal'): number[] {
  const random = randomGenerator(seed);
  return Array.from({ length: count }, () => random[kind]());
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('random numbers', () => {
  it('are a function of the seed', () => {
    expect(draws(7, 'normal')).toEqual(draws(7, 'normal'));
    expect(draws(7, 'uniform')).not.toEqual(draws(8, 'uniform'));
    expect(randomGenerator(1).uniform()).not.toBe(randomGenerator(1 + 2 ** 32).uniform());
  });

  it('uniform draws have the moments of the uniform distribution', () => {
    const values = draws(3, 'uniform');
    // standard errors of the first three moments are below 0.0022
    for (const k of [1, 2, 3]) expect(mean(values.map((u) => u ** k))).toBeCloseTo(1 / (k + 1), 2);
    expect(values.every((u) => u >= 0 && u < 1)).toBe(true);
  });

  it('normal draws have mean 0, variance 1, no skewness, kurtosis 3', () => {
    const values = draws(5, 'normal');
    expect(Math.abs(mean(values))).toBeLessThan(0.03);
    expect(Math.abs(mean(values.map((z) => z ** 2)) - 1)).toBeLessThan(0.04);
    expect(Math.abs(mean(values.map((z) => z ** 3)))).toBeLessThan(0.12);
    expect(Math.abs(mean(values.map((z) => z ** 4)) - 3)).toBeLessThan(0.3);
  });

  it('the k-th draws of consecutive seeds are spread like independent ones', () => {
    for (const k of [0, 1, 2, 5]) {
      const values = Array.from({ length: 1000 }, (_, seed) => {
        const random = randomGenerator(seed);
        for (let skip = 0; skip < k; skip++) random.uniform();
        return random.uniform();
      });
      const shares = new Array<number>(10).fill(0);
      for (const value of values) shares[Math.floor(10 * value)]++;
      // χ² with 9 degrees of freedom exceeds 33.7 once in 10 000
      expect(shares.reduce((sum, n) => sum + (n - 100) ** 2 / 100, 0)).toBeLessThan(33.7);
      const centred = values.map((value) => value - 0.5);
      const lagged = mean(centred.slice(1).map((value, i) => value * centred[i])) * 12;
      expect(Math.abs(lagged)).toBeLessThan(0.13);
    }
  });

  it('integers below n are all drawn, about equally often', () => {
    const random = randomGenerator(11);
    const shares = new Array<number>(7).fill(0);
    for (let i = 0; i < 7000; i++) shares[random.integer(7)]++;
    // χ² with 6 degrees of freedom exceeds 27.9 once in 10 000
    expect(shares.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(27.9);
  });
});
