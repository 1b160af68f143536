import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strongWolfe } from '../../src/optimizer/strong-wolfe.ts';

const [c1, c2] = [1e-4, 0.9];
const along = (value: (a: number) => number, slope: (a: number) => number) => (step: number) => ({
  step,
  value: value(step),
  slope: slope(step),
});

describe('the strong-Wolfe line search', () => {
  it('accepts only steps where both conditions hold, on random wavy functions and from any first step', async () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          k: number(0.01, 10),
          c: number(-20, 20),
          a: number(0, 5),
          w: number(0.1, 10),
          p: number(0, 6),
        }),
        number(-4, 4),
        async ({ k, c, a, w, p }, exponent) => {
          const forward = along(
            (x) => k * (x - c) ** 2 + a * Math.sin(w * x + p),
            (x) => 2 * k * (x - c) + a * w * Math.cos(w * x + p),
          );
          const sign = forward(0).slope < 0 ? 1 : -1;
          const phi = (step: number) => {
            const point = forward(sign * step);
            return { step, value: point.value, slope: sign * point.slope };
          };
          const origin = phi(0);
          fc.pre(origin.slope < -1e-6);
          const options = { initial: 10 ** exponent, noise: 0, evaluations: 60 };
          const { point, outcome } = await strongWolfe(async (step) => phi(step), origin, options);
          expect(outcome).toBe('strong-wolfe');
          expect(point.value).toBeLessThanOrEqual(origin.value + c1 * point.step * origin.slope);
          expect(Math.abs(point.slope)).toBeLessThanOrEqual(c2 * Math.abs(origin.slope));
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });

  it('finds the minimiser of a line nearly exactly when the curvature condition is sharp', async () => {
    const phi = along(
      (x) => (x - 3) ** 2,
      (x) => 2 * (x - 3),
    );
    const found = await strongWolfe(async (step) => phi(step), phi(0), {
      initial: 1,
      curvature: 1e-3,
      noise: 0,
    });
    expect(found.point.step).toBeCloseTo(3, 2);
  });

  it('goes by slopes where the values are lost in noise, and says so', async () => {
    // Without its constant part the decrease is 1e-10; in the rounding of 1 to single precision nothing is left.
    const phi = along(
      (x) => Math.fround(1 + 1e-10 * (x - 1) ** 2),
      (x) => 2e-10 * (x - 1),
    );
    const found = await strongWolfe(async (step) => phi(step), phi(0), { initial: 50 });
    expect(found.outcome).toBe('approximate');
    expect(found.point.step).toBeGreaterThan(0.1);
    expect(found.point.step).toBeLessThan(1.9);
  });

  it('fails within its evaluations on a function without a lower bound', async () => {
    const phi = along(
      (x) => -x,
      () => -1,
    );
    const found = await strongWolfe(async (step) => phi(step), phi(0), { initial: 1, evaluations: 12 });
    expect(found.outcome).toBe('failed');
    expect(found.evaluations).toBeLessThanOrEqual(12);
    expect(found.point.value).toBeLessThan(0);
  });
});
