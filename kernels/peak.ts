/**
 * Arithmetic in registers alone: the ceiling that products are measured against.
 */
import { lanesSum } from './arithmetic';

/** `repeats` × 6 products and 6 sums of two lanes (or 12 fused multiply–adds), all chains independent. */
export function peak(repeats: i32, start: f64): f64 {
  let a0 = f64x2.splat(start);
  let a1 = f64x2.splat(start + 1);
  let a2 = f64x2.splat(start + 2);
  let a3 = f64x2.splat(start + 3);
  let a4 = f64x2.splat(start + 4);
  let a5 = f64x2.splat(start + 5);
  let b0 = a0;
  let b1 = a1;
  let b2 = a2;
  let b3 = a3;
  let b4 = a4;
  let b5 = a5;
  const x = f64x2.splat(start * 0.999999);
  const y = f64x2.splat(start * 1e-9);
  for (let i = 0; i < repeats; i++) {
    if (ASC_FEATURE_RELAXED_SIMD) {
      a0 = f64x2.relaxed_madd(a0, x, y);
      a1 = f64x2.relaxed_madd(a1, x, y);
      a2 = f64x2.relaxed_madd(a2, x, y);
      a3 = f64x2.relaxed_madd(a3, x, y);
      a4 = f64x2.relaxed_madd(a4, x, y);
      a5 = f64x2.relaxed_madd(a5, x, y);
      b0 = f64x2.relaxed_madd(b0, x, y);
      b1 = f64x2.relaxed_madd(b1, x, y);
      b2 = f64x2.relaxed_madd(b2, x, y);
      b3 = f64x2.relaxed_madd(b3, x, y);
      b4 = f64x2.relaxed_madd(b4, x, y);
      b5 = f64x2.relaxed_madd(b5, x, y);
    } else {
      a0 = f64x2.mul(a0, x);
      b0 = f64x2.add(b0, y);
      a1 = f64x2.mul(a1, x);
      b1 = f64x2.add(b1, y);
      a2 = f64x2.mul(a2, x);
      b2 = f64x2.add(b2, y);
      a3 = f64x2.mul(a3, x);
      b3 = f64x2.add(b3, y);
      a4 = f64x2.mul(a4, x);
      b4 = f64x2.add(b4, y);
      a5 = f64x2.mul(a5, x);
      b5 = f64x2.add(b5, y);
    }
  }
  const a = f64x2.add(f64x2.add(f64x2.add(a0, a1), f64x2.add(a2, a3)), f64x2.add(a4, a5));
  const b = f64x2.add(f64x2.add(f64x2.add(b0, b1), f64x2.add(b2, b3)), f64x2.add(b4, b5));
  return lanesSum(f64x2.add(a, b));
}

/** Floating-point operations of one repeat. */
export function peakFlops(): i32 {
  return ASC_FEATURE_RELAXED_SIMD ? 48 : 24;
}
