/**
 * The error function and the normal distribution in two lanes. With M(x) = exp(x²)·erfc(x), the product
 * (1 + 2x)·M(x) is a smooth function of t = (x − 3.75)/(x + 3.75) on x ≥ 0 (Schonfelder, Math. Comp. 32,
 * 1978); here a near-minimax polynomial of degree 22 on 0 ≤ x ≤ 28, error 1e-16. Near zero erf has its own
 * odd polynomial, so that it keeps its relative accuracy.
 */
import { multiplyAdd } from './arithmetic';
import { expNegative } from './exponential';

/** (1 + 2x)·M(x)/(1 + 2x) for 0 ≤ x ≤ 28. */
// @ts-ignore: decorator
@inline
function scaledComplement(x: v128): v128 {
  const t = f64x2.div(f64x2.sub(x, f64x2.splat(3.75)), f64x2.add(x, f64x2.splat(3.75)));
  let p = f64x2.splat(-2.41082153654223304e-9);
  p = multiplyAdd(p, t, f64x2.splat(-8.782125734803520237e-10));
  p = multiplyAdd(p, t, f64x2.splat(3.285083556233315909e-8));
  p = multiplyAdd(p, t, f64x2.splat(1.599633521557370784e-8));
  p = multiplyAdd(p, t, f64x2.splat(-2.526146526771550472e-7));
  p = multiplyAdd(p, t, f64x2.splat(-4.815839621672849021e-8));
  p = multiplyAdd(p, t, f64x2.splat(1.748119046839196428e-6));
  p = multiplyAdd(p, t, f64x2.splat(-9.801666755858577512e-7));
  p = multiplyAdd(p, t, f64x2.splat(-0.00001144299092680543826));
  p = multiplyAdd(p, t, f64x2.splat(0.00002238725963823013435));
  p = multiplyAdd(p, t, f64x2.splat(0.00005164891346959986193));
  p = multiplyAdd(p, t, f64x2.splat(-0.0002901549652957092613));
  p = multiplyAdd(p, t, f64x2.splat(0.0002937136663108861601));
  p = multiplyAdd(p, t, f64x2.splat(0.001755626017152003847));
  p = multiplyAdd(p, t, f64x2.splat(-0.009746579553431873662));
  p = multiplyAdd(p, t, f64x2.splat(0.02836227740045772254));
  p = multiplyAdd(p, t, f64x2.splat(-0.05869339859030941246));
  p = multiplyAdd(p, t, f64x2.splat(0.09230432116153115558));
  p = multiplyAdd(p, t, f64x2.splat(-0.1088039301417123592));
  p = multiplyAdd(p, t, f64x2.splat(0.08227673849011203692));
  p = multiplyAdd(p, t, f64x2.splat(0.00358541548546377914));
  p = multiplyAdd(p, t, f64x2.splat(-0.1402405985855466808));
  p = multiplyAdd(p, t, f64x2.splat(1.237512630837827581));
  return f64x2.div(p, multiplyAdd(x, f64x2.splat(2), f64x2.splat(1)));
}

/** exp(−scale·x²), the square split in two so that its rounding does not spoil the far tail. */
// @ts-ignore: decorator
@inline
function gaussian(x: v128, scale: f64): v128 {
  const high = v128.and(x, i64x2.splat(-134217728));
  const rest = f64x2.mul(f64x2.sub(x, high), f64x2.add(x, high));
  const factor = f64x2.splat(-scale);
  const first = expNegative(f64x2.mul(factor, f64x2.mul(high, high)));
  // exp of the small rest, below 4e-5 in size, by its Taylor polynomial.
  const small = f64x2.mul(factor, rest);
  let p = multiplyAdd(small, f64x2.splat(1.0 / 6), f64x2.splat(0.5));
  p = multiplyAdd(f64x2.mul(small, small), p, small);
  return multiplyAdd(first, p, first);
}

/** φ(z) = exp(−z²/2)/√(2π); zero beyond |z| = 37.6. */
// @ts-ignore: decorator
@inline
export function normalDensity(z: v128): v128 {
  const x = f64x2.pmin(f64x2.abs(z), f64x2.splat(38.0));
  const value = f64x2.mul(gaussian(x, 0.5), f64x2.splat(0.3989422804014327));
  return v128.andnot(value, f64x2.gt(x, f64x2.splat(37.6)));
}

/** Φ(z), relative accuracy kept in the lower tail down to z = −37. */
// @ts-ignore: decorator
@inline
export function normalDistribution(z: v128): v128 {
  const x = f64x2.pmin(f64x2.abs(z), f64x2.splat(37.6));
  const scaled = scaledComplement(f64x2.mul(x, f64x2.splat(0.7071067811865476)));
  const tail = f64x2.mul(f64x2.mul(gaussian(x, 0.5), scaled), f64x2.splat(0.5));
  return v128.bitselect(tail, f64x2.sub(f64x2.splat(1), tail), f64x2.lt(z, f64x2.splat(0)));
}

/** erf(x). */
// @ts-ignore: decorator
@inline
export function erf(x: v128): v128 {
  const size = f64x2.pmin(f64x2.abs(x), f64x2.splat(6.5));
  const z = f64x2.mul(size, size);
  let p = f64x2.splat(-7.795898827002142242e-10);
  p = multiplyAdd(p, z, f64x2.splat(1.37200645467776856e-8));
  p = multiplyAdd(p, z, f64x2.splat(-1.62084838018717059e-7));
  p = multiplyAdd(p, z, f64x2.splat(1.644742470331736241e-6));
  p = multiplyAdd(p, z, f64x2.splat(-0.00001492473690741966034));
  p = multiplyAdd(p, z, f64x2.splat(0.0001205529490483970792));
  p = multiplyAdd(p, z, f64x2.splat(-0.0008548325975389692081));
  p = multiplyAdd(p, z, f64x2.splat(0.005223977607116422732));
  p = multiplyAdd(p, z, f64x2.splat(-0.02686617064323777036));
  p = multiplyAdd(p, z, f64x2.splat(0.1128379167094500627));
  p = multiplyAdd(p, z, f64x2.splat(-0.3761263890318354044));
  p = multiplyAdd(p, z, f64x2.splat(1.128379167095512567));
  const near = f64x2.mul(p, size);
  const far = f64x2.sub(f64x2.splat(1), f64x2.mul(gaussian(size, 1), scaledComplement(size)));
  const value = v128.bitselect(far, near, f64x2.gt(size, f64x2.splat(1)));
  return v128.or(value, v128.and(x, f64x2.splat(-0.0)));
}
