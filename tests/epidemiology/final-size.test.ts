import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compartmentModel,
  finalSize,
  nextGeneration,
  reproductionNumber,
} from '../../src/epidemiology/index.ts';
import { type Problem, problem } from '../../src/problem/index.ts';
import { type AvailableReference, reference } from '../../src/reference/index.ts';
import { randomModel } from './random-models.ts';

/** The number susceptible at the end. */
async function susceptibleAtTheEnd(model: Problem, name = 'S'): Promise<number> {
  const solution = (await reference(model, { target: 1e-11 })) as AvailableReference;
  return solution.evaluate(Float64Array.of(model.coordinates[0].high))[name][0];
}

describe('the final size', () => {
  test('solves its equation, from 0 below the threshold on and increasing with R0', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (r, s, share) => {
          const i = share * (1 - s);
          const z = finalSize(r, { susceptible: s, infected: i });
          expect(Math.abs(z + s * Math.expm1(-r * (z + i)))).toBeLessThan(1e-14);
          if (r * s > 1) expect(z).toBeGreaterThan((1 - 1 / (r * s)) * s);
          expect(finalSize(1.01 * r, { susceptible: s, infected: i })).toBeGreaterThanOrEqual(z - 1e-15);
        },
      ),
      { numRuns: 200 },
    );
    for (const r of [0, 0.5, 0.999, 1]) expect(finalSize(r)).toBe(0);
  });

  test('is found next to the threshold and far from it, by z = 2 (R0 − 1) to second order', () => {
    for (let k = 0; k < 2000; k++) {
      const r = 1 + k / 100;
      expect(Math.abs(finalSize(r) + Math.expm1(-r * finalSize(r)))).toBeLessThan(1e-14);
    }
    for (const excess of [1e-3, 1e-6, 1e-9, 1e-12]) {
      const z = finalSize(1 + excess);
      expect(Math.abs(z / (2 * excess) - 1)).toBeLessThan(3 * excess + 1e-3);
    }
    expect(finalSize(1e6)).toBe(1);
    expect(finalSize(0, { infected: 0.3, susceptible: 0.5 })).toBe(0);
    expect(finalSize(2, { susceptible: 0 })).toBe(0);
  });

  // R0 = −ln(1 − z)/z is elementary: z = 1/2 belongs to 2 ln 2
  test.each([0.01, 0.2, 0.5, 0.9, 0.999])('is %f where R0 = −ln(1 − z)/z', (z) => {
    expect(finalSize(-Math.log1p(-z) / z)).toBeCloseTo(z, 12);
  });

  test('is what a long integration of SIR ends with, whatever share is immune', async () => {
    const rates = { beta: 0.9, gamma: 0.4 };
    for (const immune of [0, 300]) {
      const model = problem(
        compartmentModel('SIR', {
          population: 1000,
          initial: { I: 10, R: immune },
          duration: 400,
          parameters: rates,
        }),
      );
      const susceptible = (990 - immune) / 1000;
      const z = finalSize(reproductionNumber(model), { susceptible, infected: 0.01 });
      expect(await susceptibleAtTheEnd(model)).toBeCloseTo(1000 * (susceptible - z), 6);
    }
  });

  test('is what a long integration of SEIAR ends with: a latent period does not change it', async () => {
    const { options, rates } = randomModel('SEIAR', 8, { beta: 1.2, sigma: 0.4 }, 600);
    const model = problem(compartmentModel('SEIAR', { ...options, initial: { I: 1, R: 20 } }));
    const N = (options.population as Record<string, number>).N;
    const r0 = reproductionNumber(model);
    // the one at the start has symptoms, and infects β/γ instead of R0
    const infected = rates.beta / rates.gamma / r0 / N;
    const susceptible = 1 - 21 / N;
    const z = finalSize(r0, { susceptible, infected });
    expect((await susceptibleAtTheEnd(model)) / N).toBeCloseTo(susceptible - z, 8);
  });

  test('of two groups is what a long integration ends with', async () => {
    const { problem: model, options } = randomModel(
      'two-age-group SIR',
      8,
      { beta11: 0.9, beta12: 0.3, beta21: 0.2, beta22: 0.4, gamma: 0.45 },
      400,
    );
    const { N1, N2 } = options.population as Record<string, number>;
    const z = finalSize(nextGeneration(model).matrix!, {
      sizes: [N1, N2],
      susceptible: [1 - 1 / N1, 1 - 1 / N2],
      infected: [1 / N1, 1 / N2],
    });
    expect(await susceptibleAtTheEnd(model, 'S1')).toBeCloseTo(N1 * (1 - 1 / N1 - z[0]), 5);
    expect(await susceptibleAtTheEnd(model, 'S2')).toBeCloseTo(N2 * (1 - 1 / N2 - z[1]), 5);
  });

  test('of groups that differ in nothing but their name is that of one', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 8, noNaN: true }),
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        (r, n) => {
          const sizes = [1, n];
          const whole = 1 + n;
          const matrix = sizes.map((size) => sizes.map(() => (r * size) / whole));
          for (const z of finalSize(matrix, { sizes })) expect(Math.abs(z - finalSize(r))).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('of groups solves its equations, whatever the matrix', () => {
    const entry = fc.double({ min: 0, max: 3, noNaN: true });
    const size = fc.double({ min: 0.2, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(entry, entry, entry, entry), size, size, ([a, b, c, d], m, n) => {
        const matrix = [
          [a, b],
          [c, d],
        ];
        const z = finalSize(matrix, { sizes: [m, n] });
        const force = [a * z[0] + (b * n * z[1]) / m, (c * m * z[0]) / n + d * z[1]];
        z.forEach((x, i) => {
          expect(Math.abs(x + Math.expm1(-force[i]))).toBeLessThan(1e-13);
        });
        const radius = (a + d) / 2 + Math.sqrt(((a - d) / 2) ** 2 + b * c);
        if (radius > 1.001) expect(Math.max(...z)).toBeGreaterThan(0);
        if (radius < 0.999) expect(Math.max(...z)).toBeLessThan(1e-12);
      }),
      { numRuns: 200 },
    );
  });

  test('refuses what are no shares, sizes or reproduction numbers', () => {
    expect(() => finalSize(-1)).toThrow(/no reproduction number/);
    expect(() => finalSize(Number.NaN)).toThrow(/no reproduction number/);
    expect(() => finalSize(2, { susceptible: 1.2 })).toThrow(/susceptible/);
    expect(() => finalSize(2, { susceptible: 0.9, infected: 0.2 })).toThrow(/infected/);
    expect(() => finalSize([[1]], { sizes: [1, 2] })).toThrow(/2 numbers for 1 groups/);
    expect(() => finalSize([[1]], { sizes: [0] })).toThrow(/no number of people/);
  });
});
