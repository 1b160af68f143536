/**
 * exp in two lanes: x = k·ln 2 + r with |r| ≤ ln 2 / 2 (Cody & Waite, Software Manual for the Elementary
 * Functions, 1980), exp r = 1 + r + r²·Q(r) with Q near-minimax of degree 9, relative error 2e-17.
 */
import { multiplyAdd, multiplySubtract } from './arithmetic';

/**
 * Coefficients of Q from the highest on, log₂e, the magic number 1.5·2⁵² (added to a small number, it leaves
 * that number rounded to an integer in the low bits), ln 2 in two parts, 1, the lowest argument. They are read from
 * memory, since a constant in the text of a loop costs a compiler of WebAssembly three instructions.
 */
const TABLE = memory.data<f64>([
  2.5100472505694996e-8, 2.762020159103154879e-7, 2.755726827690569619e-6, 0.0000248015210578682052,
  0.0001984126986317155603, 0.001388888891736708056, 0.008333333333330038197, 0.04166666666662382053,
  0.1666666666666666746, 0.5, 1.4426950408889634, 6755399441055744.0, 0.6931471803691238,
  1.9082149292705878e-10, 1.0, -708.0,
]);

// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load_splat<f64>(TABLE + (index << 3));
}

/** r + r²·Q(r) = exp r − 1 on the reduced range. */
// @ts-ignore: decorator
@inline
function reducedExpm1(r: v128): v128 {
  let q = constant(0);
  q = multiplyAdd(q, r, constant(1));
  q = multiplyAdd(q, r, constant(2));
  q = multiplyAdd(q, r, constant(3));
  q = multiplyAdd(q, r, constant(4));
  q = multiplyAdd(q, r, constant(5));
  q = multiplyAdd(q, r, constant(6));
  q = multiplyAdd(q, r, constant(7));
  q = multiplyAdd(q, r, constant(8));
  q = multiplyAdd(q, r, constant(9));
  return multiplyAdd(f64x2.mul(r, r), q, r);
}

/** k + magic, with k the multiple of ln 2 nearest to x. */
// @ts-ignore: decorator
@inline
function nearestMultiple(x: v128): v128 {
  return f64x2.add(f64x2.mul(x, constant(10)), constant(11));
}

/** 2^k from k + magic, for −1022 ≤ k ≤ 1023. */
// @ts-ignore: decorator
@inline
function powerOfTwo(shifted: v128): v128 {
  return i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52);
}

// @ts-ignore: decorator
@inline
function reduce(x: v128, shifted: v128): v128 {
  const k = f64x2.sub(shifted, constant(11));
  const r = multiplySubtract(k, constant(12), x);
  return multiplySubtract(k, constant(13), r);
}

/** The pseudo-minimum and -maximum return their first operand where either is NaN: x stands first. */
// @ts-ignore: decorator
@inline
function clampNegative(x: v128): v128 {
  return f64x2.pmax(x, constant(15));
}

/** exp x for x ≤ 0; below −708 the value at −708 (3e-308). NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function expNegative(x: v128): v128 {
  const bounded = clampNegative(x);
  const shifted = nearestMultiple(bounded);
  const scale = powerOfTwo(shifted);
  return multiplyAdd(scale, reducedExpm1(reduce(bounded, shifted)), scale);
}

/** exp x − 1 for x ≤ 0, with full relative accuracy near 0. NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function expm1Negative(x: v128): v128 {
  const bounded = clampNegative(x);
  const shifted = nearestMultiple(bounded);
  const scale = powerOfTwo(shifted);
  return multiplyAdd(scale, reducedExpm1(reduce(bounded, shifted)), f64x2.sub(scale, constant(14)));
}

/** exp x over the whole range: gradual underflow, infinity above 709.78, NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const bounded = f64x2.pmin(f64x2.pmax(x, f64x2.splat(-746.0)), f64x2.splat(710.0));
  const shifted = nearestMultiple(bounded);
  const p = f64x2.add(reducedExpm1(reduce(bounded, shifted)), f64x2.splat(1));
  // Two factors, since 2^k itself may be out of range where the result is not.
  const half = i64x2.shr_s(i64x2.shl(shifted, 13), 14);
  const rest = i64x2.sub(i64x2.shr_s(i64x2.shl(shifted, 13), 13), half);
  const first = i64x2.shl(i64x2.add(half, i64x2.splat(1023)), 52);
  const second = i64x2.shl(i64x2.add(rest, i64x2.splat(1023)), 52);
  return f64x2.mul(f64x2.mul(p, first), second);
}
