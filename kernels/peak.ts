/**
 * Arithmetic in registers alone, a yardstick for the products: seven independent sums of the products of four
 * numbers. Two of them change from step to step, one by a product and one by a sum, so that no product can be
 * taken out of the loop; with them multiplications and additions are as many. All has room in the fifteen
 * registers that a compiler for x86-64 has here; what goes through memory would be slower than the products.
 */
import { lanesSum, multiplyAdd } from './arithmetic';

/** From eight doubles at `factors`: `repeats` × 8 products and 8 sums of two lanes. */
export function peak(repeats: i32, factors: usize): f64 {
  const a0 = v128.load(factors);
  const a1 = v128.load(factors, 16);
  let b0 = v128.load(factors, 32);
  let b1 = v128.load(factors, 48);
  let c0 = b0;
  let c1 = b0;
  let c2 = b0;
  let c3 = b0;
  let c4 = b0;
  let c5 = b0;
  let c6 = b0;
  for (let i = 0; i < repeats; i++) {
    c0 = multiplyAdd(a0, b0, c0);
    c1 = multiplyAdd(a0, b1, c1);
    c2 = multiplyAdd(a1, b0, c2);
    c3 = multiplyAdd(a1, b1, c3);
    c4 = multiplyAdd(b0, b1, c4);
    c5 = multiplyAdd(b0, b0, c5);
    c6 = multiplyAdd(b1, b1, c6);
    b0 = f64x2.mul(b0, a0);
    b1 = f64x2.add(b1, a1);
  }
  return lanesSum(f64x2.add(f64x2.add(f64x2.add(c0, c1), f64x2.add(c2, c3)), f64x2.add(f64x2.add(c4, c5), c6)));
}

/** Floating-point operations of one repeat. */
export function peakFlops(): i32 {
  return 32;
}
