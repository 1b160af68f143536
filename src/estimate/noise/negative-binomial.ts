import type { RandomGenerator } from '../../random/generator.ts';
import { digammaDifference, logGamma, logRisingRatio, trigamma } from '../gamma-function.ts';
import { discreteQuantile } from './discrete-quantile.ts';
import type { NoiseDistribution } from './noise-distribution.ts';
import { poissonDraw } from './poisson.ts';

/**
 * Counts with mean m and variance m + m²/k, k the dispersion: Poisson counts whose mean is gamma distributed
 * with shape k. Lawless (1987), Canad. J. Statist. 15, 209–225.
 */
export const negativeBinomial: NoiseDistribution = {
  parameter: 'dispersion',
  positive: true,
  supports: (y) => y >= 0 && Number.isFinite(y),
  logDensity: (y, m, k) =>
    logRisingRatio(k, y) - logGamma(y + 1) + (y === 0 ? 0 : y * Math.log(m)) - (y + k) * Math.log1p(m / k),
  score: (y, m, k) => (y - m) / (m * (1 + m / k)),
  information: (m, k) => 1 / (m * (1 + m / k)),
  parameterScore: (y, m, k) => digammaDifference(k, y) - Math.log1p(m / k) + (m - y) / (k + m),
  parameterInformation: (m, k) => {
    // Γ functions of a large k cancel to nothing; the limit is the information of 1/k at 0 (Lawless, section 2).
    if (k > 1e3 * Math.max(1, m)) return m ** 2 / (2 * k ** 4);
    return Math.max(0, trigamma(k) - expectedTrigamma(m, k) - m / (k * (k + m)));
  },
  variance: (m, k) => m * (1 + m / k),
  sample: (m, k, random) => poissonDraw((m * gammaDraw(k, random)) / k, random),
  quantile: (p, m, k) =>
    discreteQuantile(p, m, m * (1 + m / k), {
      probability: (y) => Math.exp(negativeBinomial.logDensity(y, m, k)),
      ratio: (y) => ((k + y) / (y + 1)) * (m / (k + m)),
    }),
};

/** −∂² ln p/∂(ln k)² at one observed count. */
export function dispersionCurvature(y: number, m: number, k: number): number {
  const second = trigamma(k + y) - trigamma(k) + 1 / k - 2 / (k + m) + (y + k) / (k + m) ** 2;
  return -k * (k * second + negativeBinomial.parameterScore(y, m, k));
}

/**
 * About the information of a count on ln k: ½ where the mean is far above k, and ½ (m/k)² where it is far
 * below. The exact one is a sum over all counts, too slow for every step of a search.
 */
export function approximateDispersionInformation(m: number, k: number): number {
  return 0.5 * (m / (k + m)) ** 2;
}

/** E ψ′(k + Y), from the mode outward until nothing is added. */
function expectedTrigamma(m: number, k: number): number {
  const mode = Math.max(0, Math.floor((m * (k - 1)) / k));
  const odds = m / (k + m);
  const mass = Math.exp(negativeBinomial.logDensity(mode, m, k));
  const value = trigamma(k + mode);
  let sum = mass * value;
  for (let y = mode, p = mass, g = value; y > 0 && p > 1e-18; y--) {
    p *= y / ((k + y - 1) * odds);
    g += 1 / (k + y - 1) ** 2;
    sum += p * g;
  }
  for (let y = mode, p = mass, g = value; p * g > 1e-17 * sum && y < mode + 1e7; y++) {
    p *= ((k + y) / (y + 1)) * odds;
    g -= 1 / (k + y) ** 2;
    sum += p * g;
  }
  return sum;
}

/** Gamma distributed with the given shape and scale 1: Marsaglia & Tsang (2000), ACM Trans. Math. Softw. 26, 363–372. */
export function gammaDraw(shape: number, random: RandomGenerator): number {
  if (shape < 1) return gammaDraw(shape + 1, random) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
  }
}
