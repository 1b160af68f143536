import { normalQuantile } from '../normal-distribution.ts';
import { gaussian } from './gaussian.ts';
import type { NoiseDistribution } from './noise-distribution.ts';

/** ln y is normal about ln m with standard deviation a: m is the median of y, not its mean. */
export const logNormal: NoiseDistribution = {
  parameter: 'standard deviation',
  positive: true,
  supports: (y) => y > 0 && Number.isFinite(y),
  logDensity: (y, m, a) => gaussian.logDensity(Math.log(y), Math.log(m), a) - Math.log(y),
  score: (y, m, a) => Math.log(y / m) / (a ** 2 * m),
  information: (m, a) => 1 / (a * m) ** 2,
  parameterScore: (y, m, a) => gaussian.parameterScore(Math.log(y), Math.log(m), a),
  parameterInformation: (_, a) => 2 / a ** 2,
  variance: (m, a) => m ** 2 * Math.exp(a ** 2) * Math.expm1(a ** 2),
  sample: (m, a, random) => m * Math.exp(a * random.normal()),
  quantile: (p, m, a) => m * Math.exp(a * normalQuantile(p)),
};
