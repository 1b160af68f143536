import type { RandomGenerator } from '../../random/generator.ts';
import { logGamma } from '../gamma-function.ts';
import { discreteQuantile } from './discrete-quantile.ts';
import type { NoiseDistribution } from './noise-distribution.ts';

/** Counts with mean and variance m. */
export const poisson: NoiseDistribution = {
  parameter: undefined,
  positive: true,
  supports: (y) => y >= 0 && Number.isFinite(y),
  logDensity: (y, m) => (y === 0 ? 0 : y * Math.log(m)) - m - logGamma(y + 1),
  score: (y, m) => (y - m) / m,
  information: (m) => 1 / m,
  parameterScore: () => 0,
  parameterInformation: () => 0,
  variance: (m) => m,
  sample: (m, _, random) => poissonDraw(m, random),
  quantile: (p, m) =>
    discreteQuantile(p, m, m, {
      probability: (y) => Math.exp(poisson.logDensity(y, m, 0)),
      ratio: (y) => m / (y + 1),
    }),
};

/**
 * Inversion for small means; for others Hörmann's transformed rejection PTRS (1993), Insurance: Mathematics
 * and Economics 12, 39–45.
 */
export function poissonDraw(mean: number, random: RandomGenerator): number {
  if (!(mean > 0)) return 0;
  if (mean < 10) {
    let y = 0;
    let probability = Math.exp(-mean);
    let left = random.uniform() - probability;
    while (left >= 0 && y < 1000) {
      y++;
      probability *= mean / y;
      left -= probability;
    }
    return y;
  }
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random.uniform() - 0.5;
    const v = 1 - random.uniform();
    const us = 0.5 - Math.abs(u);
    const y = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= squeeze) return y;
    if (y < 0 || (us < 0.013 && v > us)) continue;
    if (Math.log((v * inverseAlpha) / (a / us ** 2 + b)) <= poisson.logDensity(y, mean, 0)) return y;
  }
}
