import { normalQuantile } from '../normal-distribution.ts';
import type { NoiseDistribution } from './noise-distribution.ts';

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** Normal with mean m and standard deviation a. */
export const gaussian: NoiseDistribution = {
  parameter: 'standard deviation',
  positive: false,
  supports: Number.isFinite,
  logDensity: (y, m, a) => -0.5 * ((y - m) / a) ** 2 - Math.log(a) - halfLogTwoPi,
  score: (y, m, a) => (y - m) / a ** 2,
  information: (_, a) => 1 / a ** 2,
  parameterScore: (y, m, a) => ((y - m) ** 2 / a ** 2 - 1) / a,
  parameterInformation: (_, a) => 2 / a ** 2,
  variance: (_, a) => a ** 2,
  sample: (m, a, random) => m + a * random.normal(),
  quantile: (p, m, a) => m + a * normalQuantile(p),
};
