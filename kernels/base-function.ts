/**
 * The functions that activations are polynomials of, on a run of doubles. The codes are those of
 * `activation-code.ts` in the engine.
 */
import { normalDensity, normalDistribution } from './error-function';
import { expm1Negative, expNegative } from './exponential';
import { tanh } from './hyperbolic-tangent';
import { storeSinCos } from './trigonometric';

/** 1/(1 + exp(−z)), by the exponential that does not overflow. */
// @ts-ignore: decorator
@inline
function sigmoid(z: v128): v128 {
  const e = expNegative(f64x2.neg(f64x2.abs(z)));
  const numerator = v128.bitselect(e, f64x2.splat(1), f64x2.lt(z, f64x2.splat(0)));
  return f64x2.div(numerator, f64x2.add(e, f64x2.splat(1)));
}

/** max(z, 0) + ln(1 + exp(−|z|)). */
// @ts-ignore: decorator
@inline
function softplus(z: v128): v128 {
  const e = expNegative(f64x2.neg(f64x2.abs(z)));
  const logarithm = f64x2.replace_lane(
    f64x2.splat(Math.log1p(f64x2.extract_lane(e, 0))),
    1,
    Math.log1p(f64x2.extract_lane(e, 1)),
  );
  return f64x2.add(f64x2.pmax(z, f64x2.splat(0)), logarithm);
}

/** target = base function `code` of source, `bytes` long (a multiple of 16); `second` serves sine with cosine. */
export function baseFunction(code: i32, source: usize, target: usize, second: usize, bytes: usize): void {
  const end = source + bytes;
  switch (code) {
    case 0: // identity
      memory.copy(target, source, bytes);
      return;
    case 1: // step
      for (; source < end; source += 16, target += 16) {
        const positive = f64x2.gt(v128.load(source), f64x2.splat(0));
        v128.store(target, v128.and(positive, f64x2.splat(1)));
      }
      return;
    case 2: // tanh
      for (; source < end; source += 16, target += 16) v128.store(target, tanh(v128.load(source)));
      return;
    case 3: // sigmoid
      for (; source < end; source += 16, target += 16) v128.store(target, sigmoid(v128.load(source)));
      return;
    case 4: // softplus
      for (; source < end; source += 16, target += 16) v128.store(target, softplus(v128.load(source)));
      return;
    case 5: // sin
      for (; source < end; source += 16, target += 16) storeSinCos(v128.load(source), target, 0);
      return;
    case 6: // cos
      for (; source < end; source += 16, target += 16) storeSinCos(v128.load(source), 0, target);
      return;
    case 7: // negative-exponential
      for (; source < end; source += 16, target += 16) {
        v128.store(target, expm1Negative(f64x2.pmin(v128.load(source), f64x2.splat(0))));
      }
      return;
    case 8: // normal-distribution
      for (; source < end; source += 16, target += 16) v128.store(target, normalDistribution(v128.load(source)));
      return;
    case 9: // normal-density
      for (; source < end; source += 16, target += 16) v128.store(target, normalDensity(v128.load(source)));
      return;
    case 10: // sin and cos together
      for (; source < end; source += 16, target += 16, second += 16) {
        storeSinCos(v128.load(source), target, second);
      }
      return;
    default:
      unreachable();
  }
}

/** The same for `runs` runs whose first doubles are so many bytes apart. */
export function baseFunctionRuns(
  code: i32,
  source: usize,
  sourceStep: i32,
  target: usize,
  targetStep: i32,
  second: usize,
  secondStep: i32,
  bytes: usize,
  runs: i32,
): void {
  for (let i = 0; i < runs; i++) {
    baseFunction(code, source, target, second, bytes);
    source += sourceStep;
    target += targetStep;
    second += secondStep;
  }
}
