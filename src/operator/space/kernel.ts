/** Correlation functions of Gaussian random fields; Rasmussen & Williams, Gaussian Processes for Machine Learning (2006), ch. 4. */

/** e^{−r²/2} of the distance in length scales. */
export function rbf(r: number): number {
  return Math.exp((-r * r) / 2);
}

/** The Matérn correlation of smoothness p + 1/2: an exponential times a polynomial of degree p. */
export function matern(smoothness: number): (r: number) => number {
  const p = Math.round(smoothness - 0.5);
  const factors = Array.from({ length: p + 1 }, (_, i) => ratio(p + i, p - i) / factorial(i));
  // (p + i)!/(i! (p − i)!) · p!/(2p)!
  const coefficients = factors.map((f) => (f * factorial(p)) / factorial(2 * p));
  return (r) => {
    const s = Math.sqrt(2 * smoothness) * r;
    return Math.exp(-s) * coefficients.reduce((sum, c, i) => sum + c * (2 * s) ** (p - i), 0);
  };
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function ratio(a: number, b: number): number {
  return factorial(a) / factorial(b);
}

/**
 * The share of the variance that each wave 0, 1, 2, … has, cosine and sine together, of the rbf correlation of the
 * chord between two points of a circle: e^{−z} I_k(z), twice from 1 on, with z = (circumference/(2π length scale))².
 */
export function circularRbfSpectrum(circumference: number, lengthScale: number): number[] {
  const z = (circumference / (2 * Math.PI * lengthScale)) ** 2;
  // I_k by Miller's recurrence from where it vanishes; Σ is that of e^{z cos θ} at θ = 0.
  const top = Math.ceil(20 + 12 * Math.sqrt(z) + z / 8);
  const values = new Array<number>(top + 2).fill(0);
  values[top] = 1e-280;
  for (let k = top; k >= 1; k--) {
    values[k - 1] = values[k + 1] + (2 * k * values[k]) / z;
    if (values[k - 1] > 1e250) for (let j = k - 1; j <= top; j++) values[j] *= 1e-250;
  }
  const shares = values.map((value, k) => (k === 0 ? value : 2 * value));
  const total = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => share / total).slice(0, top);
}

/**
 * The variance of the waves with frequencies k on circles up to a factor, of a Matérn field of the given smoothness:
 * (2ν + Σ (2π k_i ℓ_i/L_i)²)^{−ν−d/2}. With it the field of covariance (τ² − Δ)^{−s} in one dimension is the one of
 * smoothness ν = s − 1/2 and length scale √(2ν)/τ.
 */
export function circularMaternDensity(
  waves: readonly number[],
  circumferences: readonly number[],
  lengthScales: readonly number[],
  smoothness: number,
): number {
  const squares = waves.reduce(
    (sum, k, i) => sum + ((2 * Math.PI * k * lengthScales[i]) / circumferences[i]) ** 2,
    2 * smoothness,
  );
  return (squares / (2 * smoothness)) ** (-smoothness - waves.length / 2);
}
