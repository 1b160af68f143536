/** Are these numbers draws of a normal law? The test of Shapiro and Wilk. */
import { ProblemError } from '../../errors.ts';
import { normalProbability, normalQuantile } from '../../estimate/normal-distribution.ts';

export interface ShapiroWilkTest {
  /** W in (0, 1]; 1 where the sorted sample lies on a line over the normal law's expected order statistics. */
  readonly statistic: number;
  /** Probability that a normal sample of this size has a smaller W. */
  readonly probability: number;
}

/** Σ cₖ xᵏ. */
const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, c) => sum * x + c, 0);

/** Corrections of the two outermost weights, in 1/√n; Royston 1992, and the tables of AS R94. */
const outermost = [0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056];
const second = [0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633];

/** Mean and log deviation of the transformed W of normal samples: in n up to 11, in ln n above. */
const small = {
  threshold: [-2.273, 0.459],
  mean: [0.544, -0.39978, 0.025054, -0.0006714],
  logDeviation: [1.3822, -0.77857, 0.062767, -0.0020322],
};
const large = {
  mean: [-1.5861, -0.31082, -0.083751, 0.0038915],
  logDeviation: [-0.4803, -0.082676, 0.0030302],
};

/**
 * Weights a of the upper half of the sorted sample, largest first; those of the lower half are −a. They approximate
 * mᵀV⁻¹ / |mᵀV⁻¹| with m and V the mean and covariance of normal order statistics: m by Blom's scores
 * Φ⁻¹((i − 3/8)/(n + 1/4)), the outermost weights by polynomials.
 */
function upperWeights(count: number): Float64Array {
  if (count === 3) return Float64Array.of(Math.SQRT1_2);
  const half = Math.floor(count / 2);
  const scores = Float64Array.from({ length: half }, (_, i) => -normalQuantile((i + 0.625) / (count + 0.25)));
  const squares = 2 * scores.reduce((sum, m) => sum + m * m, 0);
  const root = 1 / Math.sqrt(count);
  const ends = [scores[0] / Math.sqrt(squares) + polynomial(outermost, root)];
  if (count > 5) ends.push(scores[1] / Math.sqrt(squares) + polynomial(second, root));
  const [left, share] = ends.reduce(
    ([m, a], end, i) => [m - 2 * scores[i] ** 2, a - 2 * end * end],
    [squares, 1],
  );
  const scale = Math.sqrt(left / share);
  return scores.map((m, i) => ends[i] ?? m / scale);
}

/** P(Z > z), also where it is tiny: Laplace's continued fraction φ(z)/(z + 1/(z + 2/(z + …))). */
function upperTail(z: number): number {
  if (z < 3) return normalProbability(-z);
  let fraction = z;
  for (let k = 80; k > 0; k--) fraction = z + k / fraction;
  return Math.exp(-0.5 * z * z) / (Math.sqrt(2 * Math.PI) * fraction);
}

/**
 * The probability belonging to W. The law of W among three is known, P = (6/π)(arcsin √W − arcsin √¾); otherwise
 * ln(1 − W), or −ln(γ − ln(1 − W)) for up to eleven, is nearly normal.
 */
function probabilityOf(statistic: number, lack: number, count: number): number {
  if (count === 3)
    return Math.max(0, (6 / Math.PI) * (Math.asin(Math.sqrt(statistic)) - Math.asin(Math.sqrt(0.75))));
  // W = 1 to rounding: nothing is more normal.
  if (lack <= 0) return 1;
  const logarithm = Math.log(lack);
  if (count > 11) {
    const x = Math.log(count);
    const deviation = Math.exp(polynomial(large.logDeviation, x));
    return upperTail((logarithm - polynomial(large.mean, x)) / deviation);
  }
  const threshold = polynomial(small.threshold, count);
  if (logarithm >= threshold) return 0;
  const deviation = Math.exp(polynomial(small.logDeviation, count));
  return upperTail((-Math.log(threshold - logarithm) - polynomial(small.mean, count)) / deviation);
}

/**
 * W = (Σ aᵢ x₍ᵢ₎)² / Σ (xᵢ − x̄)², the squared correlation of the sorted sample with the order that a normal law expects,
 * weighted so that it is most sensitive; values well below 1 speak against normality. Shapiro & Wilk, Biometrika 52
 * (1965); weights and probability by Royston, Applied Statistics 44 (1995), algorithm AS R94.
 *
 * @param sample  3 to 5000 numbers
 * @throws ProblemError for fewer or more, numbers that are not finite, or ones that are all equal
 */
export function shapiroWilk(sample: ArrayLike<number>): ShapiroWilkTest {
  const count = sample.length;
  if (count < 3 || count > 5000)
    throw new ProblemError(`${count} numbers`, {
      path: 'sample',
      hint: 'the test is known for 3 to 5000 of them',
    });
  const sorted = Float64Array.from(sample).sort();
  const bad = Array.from(sample).findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new ProblemError(`${sample[bad]} is no value`, { path: `sample[${bad}]` });
  const range = sorted[count - 1] - sorted[0];
  if (!(range > 0))
    throw new ProblemError('all numbers are equal', {
      path: 'sample',
      hint: 'the test asks how they vary',
    });
  // W does not depend on place and scale; in units of the range nothing overflows or is lost.
  const scaled = sorted.map((value) => (value - sorted[0]) / range);
  const mean = scaled.reduce((sum, value) => sum + value, 0) / count;
  const squares = scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const product = upperWeights(count).reduce((sum, a, i) => sum + a * (scaled[count - 1 - i] - scaled[i]), 0);
  const root = Math.sqrt(squares);
  // 1 − W as a product, exact where W is nearly 1.
  const lack = ((root - product) * (root + product)) / squares;
  const statistic = Math.min(1, 1 - lack);
  return { statistic, probability: Math.min(1, probabilityOf(statistic, lack, count)) };
}
