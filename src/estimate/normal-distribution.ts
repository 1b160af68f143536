import { erf } from '../expression/operation-value.ts';

/** P(Z ≤ z) of the standard normal distribution. */
export function normalProbability(z: number): number {
  return 0.5 * (1 + erf(z * Math.SQRT1_2));
}

/**
 * The z with P(Z ≤ z) = p, 0 < p < 1: the rational approximation 26.2.23 of Abramowitz & Stegun, then Newton's
 * method; ten digits for p between 1e-6 and 1 − 1e-6.
 */
export function normalQuantile(p: number): number {
  if (p === 0.5) return 0;
  const t = Math.sqrt(-2 * Math.log(Math.min(p, 1 - p)));
  const magnitude =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  let z = p < 0.5 ? -magnitude : magnitude;
  for (let i = 0; i < 3; i++) {
    z -= ((normalProbability(z) - p) * Math.sqrt(2 * Math.PI)) / Math.exp(-0.5 * z * z);
  }
  return z;
}

/** The z with P(|Z| ≤ z) = level: 1.96 for level 0.95. */
export function twoSidedNormal(level: number): number {
  return normalQuantile((1 + level) / 2);
}
