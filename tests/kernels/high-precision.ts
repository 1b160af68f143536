/**
 * Elementary functions in fixed-point arithmetic on integers of any length, from their Taylor series alone:
 * references of more than 200 correct digits, exact in their arguments.
 */

/** Bits behind the binary point: enough for exp(−745) to keep 300 bits of its own. */
const BITS = 1400n;
const ONE = 1n << BITS;

/** A double, exactly. */
export function exact(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const mantissa = (bits & 0xfffffffffffffn) | (exponent === 0n ? 0n : 1n << 52n);
  const shift = (exponent === 0n ? 1n : exponent) - 1075n + BITS;
  const size = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  return bits >> 63n === 1n ? -size : size;
}

const times = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const over = (a: bigint, b: bigint): bigint => (a << BITS) / b;

export function exp(x: bigint): bigint {
  // exp(x) = exp(x/2^k)^(2^k), with spare bits for the squarings.
  const halvings = 20n;
  const bits = BITS + 64n;
  const y = (x << 64n) >> halvings;
  let term = 1n << bits;
  let sum = term;
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    term = ((term * y) / k) >> bits;
    sum += term;
  }
  for (let k = 0n; k < halvings; k++) sum = (sum * sum) >> bits;
  return sum >> 64n;
}

function oddSeries(x: bigint, next: (k: bigint) => bigint, weight: (k: bigint) => bigint): bigint {
  const square = times(x, x);
  let term = x;
  let sum = x;
  for (let k = 1n; term > 1n || term < -1n; k++) {
    term = -times(term, square) / next(k);
    sum += term / weight(k);
  }
  return sum;
}

export function sin(x: bigint): bigint {
  return oddSeries(
    x,
    (k) => 2n * k * (2n * k + 1n),
    () => 1n,
  );
}

export function cos(x: bigint): bigint {
  const half = sin(x / 2n);
  return ONE - 2n * times(half, half);
}

export function tanh(x: bigint): bigint {
  const e = exp(2n * x);
  return over(e - ONE, e + ONE);
}

export function sigmoid(x: bigint): bigint {
  return over(ONE, ONE + exp(-x));
}

/** ln(1 + e^x), by Newton's method on the exponential. */
export function softplus(x: bigint): bigint {
  const target = ONE + exp(x);
  let y = x > 0n ? x : exp(x);
  for (let step = 0; step < 14; step++) {
    const e = exp(y);
    y += (2n * over(target - e, target + e)) as bigint;
  }
  return y;
}

export function expm1(x: bigint): bigint {
  return exp(x) - ONE;
}

const pi = ((): bigint => {
  // Machin's formula.
  const arctanOfInverse = (n: bigint): bigint => oddSeriesOfInverse(n);
  return 4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n));
})();

function oddSeriesOfInverse(n: bigint): bigint {
  let power = ONE / n;
  let sum = power;
  for (let k = 3n, sign = -1n; power !== 0n; k += 2n, sign = -sign) {
    power /= n * n;
    sum += (sign * power) / k;
  }
  return sum;
}

/** x less the nearest multiple of 2π. */
export function reduced(x: bigint): bigint {
  return x - 2n * pi * ((x + (x < 0n ? -pi : pi)) / (2n * pi));
}

export function squareRoot(x: bigint): bigint {
  const scaled = x << BITS;
  let y = 1n << BigInt((scaled.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (y + scaled / y) >> 1n;
    if (next >= y) return y;
    y = next;
  }
}

export function erf(x: bigint): bigint {
  const series = oddSeries(
    x,
    (k) => k,
    (k) => 2n * k + 1n,
  );
  return over(2n * series, squareRoot(pi));
}

export function normalDistribution(x: bigint): bigint {
  return (ONE + erf(over(x, squareRoot(2n * ONE)))) / 2n;
}

export function normalDensity(x: bigint): bigint {
  return over(exp(-times(x, x) / 2n), squareRoot(2n * pi));
}

/** The error of a double in units of the last place of the exact value. */
export function unitsInLastPlace(value: number, expected: bigint): number {
  const size = expected < 0n ? -expected : expected;
  const exponent = BigInt(size.toString(2).length) - 1n - BITS;
  const last = exponent - 52n < -1074n ? -1074n : exponent - 52n;
  const unit = 1n << (last + BITS);
  const difference = exact(value) - expected;
  return Number((1000n * (difference < 0n ? -difference : difference)) / unit) / 1000;
}
