/** exp(Z), φ₁(Z), φ₂(Z), φ₃(Z) of a complex matrix, each (m, m) row-major, interleaved. */
export interface ExponentialFunctions {
  readonly exponential: Float64Array;
  /** φ₁, φ₂, φ₃. */
  readonly phi: readonly [Float64Array, Float64Array, Float64Array];
}

const terms = 20;

/**
 * The functions φ₀ = exp, φ_k(z) = (φ_{k−1}(z) − 1/(k − 1)!)/z of small complex matrices, by Taylor series of Z/2^s
 * and s doublings: Skaflestad & Wright (2009), Appl. Numer. Math. 59, 783–799. Unlike their formulas they do not
 * lose digits near z = 0, nor need eigenvectors.
 */
export function exponentialFunctions(z: Float64Array, m: number): ExponentialFunctions {
  if (m === 1 && Math.hypot(z[0], z[1]) > 2) return scalarFunctions(z[0], z[1]);
  let norm = 0;
  for (let i = 0; i < m; i++) {
    let row = 0;
    for (let j = 0; j < m; j++) row += Math.hypot(z[2 * (i * m + j)], z[2 * (i * m + j) + 1]);
    norm = Math.max(norm, row);
  }
  const doublings = norm > 0.5 ? Math.ceil(Math.log2(norm / 0.5)) : 0;
  const scaled = z.map((value) => value / 2 ** doublings);
  // φ₃ by its series Σ Z^j/(j + 3)!, the lower ones from φ_{k−1} = Z φ_k + 1/(k − 1)!.
  const identity = new Float64Array(2 * m * m);
  for (let i = 0; i < m; i++) identity[2 * (i * m + i)] = 1;
  let three: Float64Array = identity.map((value) => value / factorial(terms + 3));
  for (let j = terms - 1; j >= 0; j--)
    three = plus(product(scaled, three, m), identity, 1 / factorial(j + 3));
  let two = plus(product(scaled, three, m), identity, 0.5);
  let one = plus(product(scaled, two, m), identity, 1);
  let exponential = plus(product(scaled, one, m), identity, 1);
  for (let i = 0; i < doublings; i++) {
    const nextThree = plus(plus(product(one, two, m), three, 2), two, 1).map((value) => value / 8);
    two = plus(product(one, one, m), two, 2).map((value) => value / 4);
    one = plus(product(exponential, one, m), one, 1).map((value) => value / 2);
    exponential = product(exponential, exponential, m);
    three = nextThree;
  }
  return { exponential, phi: [one, two, three] };
}

/** By the recurrence itself, which is accurate away from zero. */
function scalarFunctions(real: number, imaginary: number): ExponentialFunctions {
  const size = Math.exp(real);
  const exponential = Float64Array.of(size * Math.cos(imaginary), size * Math.sin(imaginary));
  const square = real * real + imaginary * imaginary;
  const next = (f: Float64Array, atZero: number): Float64Array => {
    const a = f[0] - atZero;
    return Float64Array.of((a * real + f[1] * imaginary) / square, (f[1] * real - a * imaginary) / square);
  };
  const one = next(exponential, 1);
  const two = next(one, 1);
  return { exponential, phi: [one, two, next(two, 0.5)] };
}

function factorial(n: number): number {
  let result = 1;
  for (let i = 2; i <= n; i++) result *= i;
  return result;
}

/** a + factor·b. */
function plus(a: Float64Array, b: Float64Array, factor: number): Float64Array {
  return a.map((value, i) => value + factor * b[i]);
}

function product(a: Float64Array, b: Float64Array, m: number): Float64Array {
  const out = new Float64Array(2 * m * m);
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < m; k++) {
      const ar = a[2 * (i * m + k)];
      const ai = a[2 * (i * m + k) + 1];
      for (let j = 0; j < m; j++) {
        const p = 2 * (k * m + j);
        const o = 2 * (i * m + j);
        out[o] += ar * b[p] - ai * b[p + 1];
        out[o + 1] += ar * b[p + 1] + ai * b[p];
      }
    }
  }
  return out;
}
