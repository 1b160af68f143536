/**
 * The residual program on columns of points. An instruction is five words: code, target, three operands, all
 * registers by index; a register's address stands in a table. Codes are those of `program-code.ts`.
 */
import { erf } from './error-function';
import { exp } from './exponential';
import { tanh } from './hyperbolic-tangent';
import { storeSinCos } from './trigonometric';

// @ts-ignore: decorator
@inline
function one(mask: v128): v128 {
  return v128.and(mask, f64x2.splat(1));
}

/** NaN where either operand is NaN, as Math.max and Math.min have it. */
// @ts-ignore: decorator
@inline
function extreme(a: v128, b: v128, code: i32): v128 {
  return code == 23 ? f64x2.max(a, b) : f64x2.min(a, b);
}

function scalar(code: i32, a: f64, b: f64): f64 {
  switch (code) {
    case 4:
      return a ** b;
    case 8:
      return Math.tan(a);
    case 9:
      return Math.asin(a);
    case 10:
      return Math.acos(a);
    case 11:
      return Math.atan(a);
    case 12:
      return Math.atan2(a, b);
    case 13:
      return Math.sinh(a);
    case 14:
      return Math.cosh(a);
    case 17:
      return Math.log(a);
    default:
      unreachable();
  }
  return NaN;
}

/** a^n for a positive integer n, by squaring. */
// @ts-ignore: decorator
@inline
function integerPower(a: v128, n: i32): v128 {
  let result = f64x2.splat(1);
  let square = a;
  let first = true;
  while (true) {
    if (n & 1) {
      result = first ? square : f64x2.mul(result, square);
      first = false;
    }
    n >>= 1;
    if (n == 0) break;
    square = f64x2.mul(square, square);
  }
  return result;
}

/** Runs `count` instructions on columns of `length` doubles (even). */
export function runProgram(code: usize, count: i32, registers: usize, length: i32): void {
  const bytes = (<usize>length) << 3;
  const last = code + <usize>count * 20;
  for (; code < last; code += 20) {
    const operation = load<i32>(code);
    let to = <usize>load<u32>(registers + ((<usize>load<i32>(code, 4)) << 2));
    let a = <usize>load<u32>(registers + ((<usize>load<i32>(code, 8)) << 2));
    const second = load<i32>(code, 12);
    let b = operation == 30 ? a : <usize>load<u32>(registers + ((<usize>second) << 2));
    let c = <usize>load<u32>(registers + ((<usize>load<i32>(code, 16)) << 2));
    const end = to + bytes;
    switch (operation) {
      case 0: // add
        for (; to < end; to += 16, a += 16, b += 16) v128.store(to, f64x2.add(v128.load(a), v128.load(b)));
        break;
      case 1: // subtract
        for (; to < end; to += 16, a += 16, b += 16) v128.store(to, f64x2.sub(v128.load(a), v128.load(b)));
        break;
      case 2: // multiply
        for (; to < end; to += 16, a += 16, b += 16) v128.store(to, f64x2.mul(v128.load(a), v128.load(b)));
        break;
      case 3: // divide
        for (; to < end; to += 16, a += 16, b += 16) v128.store(to, f64x2.div(v128.load(a), v128.load(b)));
        break;
      case 5: // negate
        for (; to < end; to += 16, a += 16) v128.store(to, f64x2.neg(v128.load(a)));
        break;
      case 6: // sin
        for (; to < end; to += 16, a += 16) storeSinCos(v128.load(a), to, 0);
        break;
      case 7: // cos
        for (; to < end; to += 16, a += 16) storeSinCos(v128.load(a), 0, to);
        break;
      case 15: // tanh
        for (; to < end; to += 16, a += 16) v128.store(to, tanh(v128.load(a)));
        break;
      case 16: // exp
        for (; to < end; to += 16, a += 16) v128.store(to, exp(v128.load(a)));
        break;
      case 18: // sqrt
        for (; to < end; to += 16, a += 16) v128.store(to, f64x2.sqrt(v128.load(a)));
        break;
      case 19: // abs
        for (; to < end; to += 16, a += 16) v128.store(to, f64x2.abs(v128.load(a)));
        break;
      case 20: // sign
        for (; to < end; to += 16, a += 16) {
          const v = v128.load(a);
          const s = f64x2.sub(one(f64x2.gt(v, f64x2.splat(0))), one(f64x2.lt(v, f64x2.splat(0))));
          v128.store(to, v128.bitselect(s, v, f64x2.eq(v, v)));
        }
        break;
      case 21: // erf
        for (; to < end; to += 16, a += 16) v128.store(to, erf(v128.load(a)));
        break;
      case 22: // floor
        for (; to < end; to += 16, a += 16) v128.store(to, f64x2.floor(v128.load(a)));
        break;
      case 23: // max
      case 24: // min
        for (; to < end; to += 16, a += 16, b += 16) {
          v128.store(to, extreme(v128.load(a), v128.load(b), operation));
        }
        break;
      case 25: // less
        for (; to < end; to += 16, a += 16, b += 16) {
          v128.store(to, one(f64x2.lt(v128.load(a), v128.load(b))));
        }
        break;
      case 26: // less or equal
        for (; to < end; to += 16, a += 16, b += 16) {
          v128.store(to, one(f64x2.le(v128.load(a), v128.load(b))));
        }
        break;
      case 27: // equal
        for (; to < end; to += 16, a += 16, b += 16) {
          v128.store(to, one(f64x2.eq(v128.load(a), v128.load(b))));
        }
        break;
      case 28: // not
        for (; to < end; to += 16, a += 16) v128.store(to, one(f64x2.eq(v128.load(a), f64x2.splat(0))));
        break;
      case 29: // select
        for (; to < end; to += 16, a += 16, b += 16, c += 16) {
          const otherwise = f64x2.eq(v128.load(a), f64x2.splat(0));
          v128.store(to, v128.bitselect(v128.load(c), v128.load(b), otherwise));
        }
        break;
      case 30: // power by a positive integer, which stands in place of the second operand
        for (; to < end; to += 16, a += 16) v128.store(to, integerPower(v128.load(a), second));
        break;
      default:
        for (; to < end; to += 8, a += 8, b += 8) store<f64>(to, scalar(operation, load<f64>(a), load<f64>(b)));
    }
  }
}
