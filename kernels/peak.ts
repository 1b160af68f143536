/**
 * Arithmetic in registers alone, a yardstick for the products. Six chains are what a compiler for x86-64
 * keeps in its fifteen registers here; products, which have eight, can do better than this.
 */
import { lanesSum, multiplyAdd } from './arithmetic';

/** From sixteen doubles at `factors`: `repeats` × 7 products and 6 sums of two lanes. */
export function peak(repeats: i32, factors: usize): f64 {
  const a0 = v128.load(factors);
  const a1 = v128.load(factors, 16);
  const a2 = v128.load(factors, 32);
  const a3 = v128.load(factors, 48);
  const a4 = v128.load(factors, 64);
  const a5 = v128.load(factors, 80);
  const step = v128.load(factors, 96);
  let b = v128.load(factors, 112);
  let c0 = b;
  let c1 = b;
  let c2 = b;
  let c3 = b;
  let c4 = b;
  let c5 = b;
  for (let i = 0; i < repeats; i++) {
    c0 = multiplyAdd(a0, b, c0);
    c1 = multiplyAdd(a1, b, c1);
    c2 = multiplyAdd(a2, b, c2);
    c3 = multiplyAdd(a3, b, c3);
    c4 = multiplyAdd(a4, b, c4);
    c5 = multiplyAdd(a5, b, c5);
    b = f64x2.mul(b, step);
  }
  return lanesSum(f64x2.add(f64x2.add(f64x2.add(c0, c1), f64x2.add(c2, c3)), f64x2.add(c4, c5)));
}

/** Floating-point operations of one repeat. */
export function peakFlops(): i32 {
  return 26;
}
