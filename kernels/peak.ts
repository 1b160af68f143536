/**
 * Arithmetic in registers alone: the ceiling that products are measured against. All fits the fifteen
 * registers that a compiler for x86-64 has to give.
 */
import { lanesSum, multiplyAdd } from './arithmetic';

/** From twelve doubles at `factors`: `repeats` × 10 products and 8 sums of two lanes. */
export function peak(repeats: i32, factors: usize): f64 {
  const a0 = v128.load(factors);
  const a1 = v128.load(factors, 16);
  const a2 = v128.load(factors, 32);
  const a3 = v128.load(factors, 48);
  let b0 = v128.load(factors, 64);
  let b1 = v128.load(factors, 80);
  let c0 = b0;
  let c1 = b0;
  let c2 = b0;
  let c3 = b0;
  let c4 = b1;
  let c5 = b1;
  let c6 = b1;
  let c7 = b1;
  for (let i = 0; i < repeats; i++) {
    c0 = multiplyAdd(a0, b0, c0);
    c1 = multiplyAdd(a1, b0, c1);
    c2 = multiplyAdd(a2, b0, c2);
    c3 = multiplyAdd(a3, b0, c3);
    c4 = multiplyAdd(a0, b1, c4);
    c5 = multiplyAdd(a1, b1, c5);
    c6 = multiplyAdd(a2, b1, c6);
    c7 = multiplyAdd(a3, b1, c7);
    b0 = f64x2.mul(b0, a0);
    b1 = f64x2.mul(b1, a1);
  }
  const low = f64x2.add(f64x2.add(c0, c1), f64x2.add(c2, c3));
  return lanesSum(f64x2.add(low, f64x2.add(f64x2.add(c4, c5), f64x2.add(c6, c7))));
}

/** Floating-point operations of one repeat. */
export function peakFlops(): i32 {
  return 36;
}
