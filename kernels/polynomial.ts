/**
 * Polynomials on columns: what an activation's derivatives are in its base functions, what Faà di Bruno's
 * formula is in those derivatives and a jet's components, and what the adjoint of that formula is. All three
 * are lists of instructions on registers, each register a run of doubles.
 *
 * The run is cut into pieces that stay in the first-level cache; all instructions pass over a piece before
 * the next one. A register is a pair (address, advance): advance 1 moves along with the pieces, advance 0 is
 * scratch memory that every piece uses anew.
 *
 * Instruction, `WIDTH` words: kind (0 base function, 1 first term of its target, 2 further term), target, code
 * of the base function or index of the coefficient, number of factors, up to three factors' registers.
 */
import { multiplyAdd } from './arithmetic';
import { baseFunction } from './base-function';

/** Words of one instruction. */
const WIDTH: usize = 8;
/** Bytes of a piece: 64 doubles. */
const PIECE: usize = 512;

// @ts-ignore: decorator
@inline
function register(registers: usize, index: i32, offset: usize): usize {
  const entry = registers + ((<usize>index) << 3);
  return <usize>load<u32>(entry) + <usize>load<u32>(entry, 4) * offset;
}

/** Doubles of a piece: the size of a scratch register. */
export function pieceSize(): i32 {
  return <i32>(PIECE >> 3);
}

export function instructionWidth(): i32 {
  return <i32>WIDTH;
}

/** Runs `count` instructions over registers of `length` doubles (a multiple of four). */
export function evaluatePolynomials(
  code: usize,
  count: i32,
  coefficients: usize,
  registers: usize,
  length: i32,
): void {
  const total = (<usize>length) << 3;
  const last = code + <usize>count * (WIDTH << 2);
  for (let offset: usize = 0; offset < total; offset += PIECE) {
    const bytes = min(PIECE, total - offset);
    for (let at = code; at < last; at += WIDTH << 2) {
      const kind = load<i32>(at);
      const argument = load<i32>(at, 8);
      const factors = load<i32>(at, 12);
      let target = register(registers, load<i32>(at, 4), offset);
      let a = factors > 0 ? register(registers, load<i32>(at, 16), offset) : target;
      let b = factors > 1 ? register(registers, load<i32>(at, 20), offset) : a;
      if (kind == 0) {
        baseFunction(argument, a, target, b, bytes);
        continue;
      }
      const coefficient = v128.load_splat<f64>(coefficients + ((<usize>argument) << 3));
      const end = target + bytes;
      // Two steps of two lanes at a time: lengths are multiples of four.
      if (factors == 2) {
        if (kind == 1) {
          for (; target < end; target += 32, a += 32, b += 32) {
            v128.store(target, f64x2.mul(f64x2.mul(coefficient, v128.load(a)), v128.load(b)));
            v128.store(target, f64x2.mul(f64x2.mul(coefficient, v128.load(a, 16)), v128.load(b, 16)), 16);
          }
        } else {
          for (; target < end; target += 32, a += 32, b += 32) {
            const p = f64x2.mul(coefficient, v128.load(a));
            const q = f64x2.mul(coefficient, v128.load(a, 16));
            v128.store(target, multiplyAdd(p, v128.load(b), v128.load(target)));
            v128.store(target, multiplyAdd(q, v128.load(b, 16), v128.load(target, 16)), 16);
          }
        }
      } else if (factors == 1) {
        if (kind == 1) {
          for (; target < end; target += 32, a += 32) {
            v128.store(target, f64x2.mul(coefficient, v128.load(a)));
            v128.store(target, f64x2.mul(coefficient, v128.load(a, 16)), 16);
          }
        } else {
          for (; target < end; target += 32, a += 32) {
            v128.store(target, multiplyAdd(coefficient, v128.load(a), v128.load(target)));
            v128.store(target, multiplyAdd(coefficient, v128.load(a, 16), v128.load(target, 16)), 16);
          }
        }
      } else if (factors == 0) {
        for (; target < end; target += 16) {
          v128.store(target, kind == 1 ? coefficient : f64x2.add(coefficient, v128.load(target)));
        }
      } else {
        let c = register(registers, load<i32>(at, 24), offset);
        if (kind == 1) {
          for (; target < end; target += 32, a += 32, b += 32, c += 32) {
            const p = f64x2.mul(f64x2.mul(coefficient, v128.load(a)), v128.load(b));
            const q = f64x2.mul(f64x2.mul(coefficient, v128.load(a, 16)), v128.load(b, 16));
            v128.store(target, f64x2.mul(p, v128.load(c)));
            v128.store(target, f64x2.mul(q, v128.load(c, 16)), 16);
          }
        } else {
          for (; target < end; target += 32, a += 32, b += 32, c += 32) {
            const p = f64x2.mul(f64x2.mul(coefficient, v128.load(a)), v128.load(b));
            const q = f64x2.mul(f64x2.mul(coefficient, v128.load(a, 16)), v128.load(b, 16));
            v128.store(target, multiplyAdd(p, v128.load(c), v128.load(target)));
            v128.store(target, multiplyAdd(q, v128.load(c, 16), v128.load(target, 16)), 16);
          }
        }
      }
    }
  }
}
