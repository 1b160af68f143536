/**
 * The standard normal distribution in float64: the everywhere positive series of Abramowitz & Stegun 26.2.11
 * near zero, the continued fraction 26.2.14 in the tails, so that Φ keeps its relative accuracy down to
 * underflow.
 */

const rootTwoPi = Math.sqrt(2 * Math.PI);

/** φ(z). */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / rootTwoPi;
}

/** Φ(z), the probability of a value below z. */
export function normalDistribution(z: number): number {
  const x = Math.abs(z);
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let k = 3; term > sum * 1e-17; k += 2) {
      term *= (x * x) / k;
      sum += term;
    }
    const half = normalDensity(x) * sum;
    if (z >= -1) return z < 0 ? 0.5 - half : 0.5 + half;
  }
  // The fraction converges slowest at the switch, |z| = 1, where 200 levels reach rounding.
  let fraction = x;
  for (let k = x < 3 ? 200 : 60; k >= 1; k--) fraction = x + k / fraction;
  const tail = normalDensity(x) / fraction;
  return z < 0 ? tail : 1 - tail;
}
