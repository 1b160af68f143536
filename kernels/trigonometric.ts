/**
 * sin and cos in two lanes: x = k·π/2 + r with π/2 in three parts of 33, 33 and 53 bits (Cody & Waite), then
 * near-minimax polynomials on |r| ≤ π/4 with errors below 1e-17. Arguments beyond 1e5 take the scalar way.
 */
import { multiplyAdd, multiplySubtract } from './arithmetic';

/**
 * Coefficients of the sine and of the cosine from the highest on, 2/π, the magic number 1.5·2⁵², π/2 in three
 * parts, 1, 1/2, the largest argument; read from memory as in `exponential.ts`.
 */
const TABLE = memory.data<f64>([
  1.591784852480826101e-10, -2.505112794401418758e-8, 2.755731608381635861e-6, -0.0001984126983672241776,
  0.008333333333330924562, -0.166666666666666646, -1.138245677806130585e-11, 2.08761438279931325e-9,
  -2.755731726000883816e-7, 0.00002480158729874306929, -0.001388888888888738227, 0.04166666666666666537,
  0.6366197723675814, 6755399441055744.0, 1.57079632673412561416626, 6.077100506303965976595549e-11,
  2.022266248795950732399478e-21, 1.0, 0.5, 1e5,
]);

// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load_splat<f64>(TABLE + (index << 3));
}

/** sin r for |r| ≤ π/4, given r². */
// @ts-ignore: decorator
@inline
function reducedSin(r: v128, z: v128): v128 {
  let s = constant(0);
  s = multiplyAdd(s, z, constant(1));
  s = multiplyAdd(s, z, constant(2));
  s = multiplyAdd(s, z, constant(3));
  s = multiplyAdd(s, z, constant(4));
  s = multiplyAdd(s, z, constant(5));
  return multiplyAdd(f64x2.mul(z, r), s, r);
}

/** cos r for |r| ≤ π/4, given r²; 1 − z/2 is rounded once and its error added back. */
// @ts-ignore: decorator
@inline
function reducedCos(z: v128): v128 {
  let c = constant(6);
  c = multiplyAdd(c, z, constant(7));
  c = multiplyAdd(c, z, constant(8));
  c = multiplyAdd(c, z, constant(9));
  c = multiplyAdd(c, z, constant(10));
  c = multiplyAdd(c, z, constant(11));
  const half = f64x2.mul(z, constant(18));
  const w = f64x2.sub(constant(17), half);
  const error = f64x2.sub(f64x2.sub(constant(17), w), half);
  return f64x2.add(w, multiplyAdd(f64x2.mul(z, z), c, error));
}

/**
 * Stores sin x at `sine` and cos x at `cosine` (either may be 0: not wanted).
 */
// @ts-ignore: decorator
@inline
export function storeSinCos(x: v128, sine: usize, cosine: usize): void {
  const size = f64x2.abs(x);
  if (v128.any_true(f64x2.gt(size, constant(19)))) {
    const x0 = f64x2.extract_lane(x, 0);
    const x1 = f64x2.extract_lane(x, 1);
    if (sine != 0) {
      store<f64>(sine, Math.sin(x0));
      store<f64>(sine, Math.sin(x1), 8);
    }
    if (cosine != 0) {
      store<f64>(cosine, Math.cos(x0));
      store<f64>(cosine, Math.cos(x1), 8);
    }
    return;
  }
  const shifted = f64x2.add(f64x2.mul(x, constant(12)), constant(13));
  const k = f64x2.sub(shifted, constant(13));
  let r = multiplySubtract(k, constant(14), x);
  r = multiplySubtract(k, constant(15), r);
  r = multiplySubtract(k, constant(16), r);
  const z = f64x2.mul(r, r);
  const s = reducedSin(r, z);
  const c = reducedCos(z);
  // The two low bits of k: odd quadrants swap sine and cosine, bit 1 gives the sign.
  const odd = i64x2.neg(v128.and(shifted, i64x2.splat(1)));
  if (sine != 0) {
    const sign = i64x2.shl(v128.and(shifted, i64x2.splat(2)), 62);
    v128.store(sine, v128.xor(v128.bitselect(c, s, odd), sign));
  }
  if (cosine != 0) {
    const sign = i64x2.shl(v128.and(i64x2.add(shifted, i64x2.splat(1)), i64x2.splat(2)), 62);
    v128.store(cosine, v128.xor(v128.bitselect(s, c, odd), sign));
  }
}
