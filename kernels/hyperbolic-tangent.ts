/**
 * tanh in two lanes, by its addition theorem from a table: |z| = k/32 + r with |r| ≤ 1/64, and with T = tanh(k/32)
 * and q = tanh r, tanh |z| = T + q·(1 − T²)/(1 + q·T). (A table with a short polynomial, as Tang has it for exp,
 * ACM Trans. Math. Softw. 15, 1989.) The correction is small beside T, so that its rounding hardly counts.
 */
import { multiplyAdd, multiplySubtract } from './arithmetic';

/** Up to |z| = 20, where tanh is 1 in double precision. */
const ENTRIES: i32 = 641;
/** Pairs T, 1 − T². An index is masked to 10 bits, as a NaN may give any. */
const TABLE = memory.data(1024 * 16, 16);

/** e^{1/16} to twice the precision of a double. */
const GROWTH_HIGH: f64 = 1.0644944589178593;
const GROWTH_LOW: f64 = 1.0872888143211957e-16;

/** What a·b is more than its rounded value (Dekker, Numer. Math. 18, 1971). */
function productError(a: f64, b: f64, rounded: f64): f64 {
  const ca = 134217729.0 * a;
  const cb = 134217729.0 * b;
  const ah = ca - (ca - a);
  const bh = cb - (cb - b);
  const al = a - ah;
  const bl = b - bh;
  return ah * bh - rounded + ah * bl + al * bh + al * bl;
}

/** With E = e^{2z} and Q = 2/(E + 1): tanh z = 1 − Q and 1 − tanh² z = Q·(2 − Q), all to twice the precision. */
function fillTable(): void {
  let high: f64 = 1;
  let low: f64 = 0;
  for (let k = 0; k < ENTRIES; k++) {
    // E ≥ 1, so that the rounding error of E + 1 is this difference.
    const d = high + 1;
    const dLow = 1 - (d - high) + low;
    const q = 2 / d;
    const whole = q * d;
    const qLow = (2 - whole - productError(q, d, whole) - q * dLow) / d;
    const t = 1 - q;
    store<f64>(TABLE + ((<usize>k) << 4), t + (1 - t - q - qLow));
    const u = 2 - q;
    const slope = q * u;
    const rest = productError(q, u, slope) + q * (2 - u - q - qLow) + qLow * u;
    store<f64>(TABLE + ((<usize>k) << 4), slope + rest, 8);

    const p = high * GROWTH_HIGH;
    const error = productError(high, GROWTH_HIGH, p) + high * GROWTH_LOW + low * GROWTH_HIGH;
    high = p + error;
    low = p - high + error;
  }
}
fillTable();

/**
 * Coefficients of (tanh r − r)/r³ in r² from the highest on, 32, the magic number 1.5·2⁵² (added to a small number,
 * it leaves that number rounded to an integer in the low bits), 1/32, 1, 20.
 */
const CONSTANTS = memory.data<f64>([
  -0.05395757550705468, 0.13333333170392947, -0.33333333333325377, 32.0, 6755399441055744.0, 0.03125, 1.0, 20.0,
]);

// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load_splat<f64>(CONSTANTS + (index << 3));
}

/** NaN stays NaN: the pseudo-minimum returns its first operand where either is NaN. */
// @ts-ignore: decorator
@inline
export function tanh(z: v128): v128 {
  const size = f64x2.pmin(f64x2.abs(z), constant(7));
  const shifted = f64x2.add(f64x2.mul(size, constant(3)), constant(4));
  const r = multiplySubtract(f64x2.sub(shifted, constant(4)), constant(5), size);
  const square = f64x2.mul(r, r);
  let q = constant(0);
  q = multiplyAdd(q, square, constant(1));
  q = multiplyAdd(q, square, constant(2));
  q = multiplyAdd(q, f64x2.mul(square, r), r);
  const first = v128.load(TABLE + ((<usize>(i32x4.extract_lane(shifted, 0) & 1023)) << 4));
  const second = v128.load(TABLE + ((<usize>(i32x4.extract_lane(shifted, 2) & 1023)) << 4));
  const t = v128.shuffle<f64>(first, second, 0, 2);
  const slope = v128.shuffle<f64>(first, second, 1, 3);
  const correction = f64x2.div(f64x2.mul(q, slope), multiplyAdd(q, t, constant(6)));
  return v128.or(f64x2.add(t, correction), v128.and(z, f64x2.splat(-0.0)));
}
