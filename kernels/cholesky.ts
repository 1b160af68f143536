/**
 * Blocked right-looking Cholesky factorisation A = L·Lᵀ (Golub & Van Loan, Matrix Computations, 4.2.5).
 * Columns are taken in blocks of 64; a block's rows are packed by panels of four, so that the triangular
 * solves and the update of the remaining matrix are the products of `rank-update.ts`.
 */
import { multiplySubtract, PANEL } from './arithmetic';
import { rankDowndate } from './rank-update';

const COLUMNS: i32 = 64;

/** Doubles of workspace for a matrix of that size. */
export function choleskyWorkspace(size: i32): i32 {
  return size * COLUMNS;
}

// @ts-ignore: decorator
@inline
function packed(work: usize, panel: i32, k: i32): usize {
  return work + <usize>(panel * COLUMNS + k) * PANEL;
}

/** The 4×4 block on the diagonal; the index of the first pivot that is not positive, or −1. */
function diagonalBlock(work: usize, block: i32): i32 {
  const own = packed(work, block, 0);
  const at = own + ((<usize>block) << 7);
  for (let c = 0; c < 4; c++) {
    for (let r = c; r < 4; r++) {
      const place = at + <usize>c * PANEL + ((<usize>r) << 3);
      let value = load<f64>(place);
      const depth = (block << 2) + c;
      for (let k = 0; k < depth; k++) {
        const column = own + <usize>k * PANEL;
        value -= load<f64>(column + ((<usize>r) << 3)) * load<f64>(column + ((<usize>c) << 3));
      }
      if (r == c) {
        if (!(value > 0) || value == Infinity) return (block << 2) + c;
        store<f64>(place, Math.sqrt(value));
      } else {
        store<f64>(place, value / load<f64>(at + <usize>c * PANEL + ((<usize>c) << 3)));
      }
    }
  }
  return -1;
}

/** Four columns of four rows: X(·, j) = (A(·, j) − Σ_k X(·, k)·L(j, k))/L(j, j), rows in the lanes. */
// @ts-ignore: decorator
@inline
function solveBlock(work: usize, panel: i32, block: i32): void {
  const x = packed(work, panel, 0);
  const l = packed(work, block, 0);
  const at = x + ((<usize>block) << 7);
  let a00 = v128.load(at);
  let a01 = v128.load(at, 16);
  let a10 = v128.load(at, 32);
  let a11 = v128.load(at, 48);
  let a20 = v128.load(at, 64);
  let a21 = v128.load(at, 80);
  let a30 = v128.load(at, 96);
  let a31 = v128.load(at, 112);
  let lp = l;
  let xp = x;
  while (xp < at) {
    const x0 = v128.load(xp);
    const x1 = v128.load(xp, 16);
    let s = v128.load_splat<f64>(lp);
    a00 = multiplySubtract(s, x0, a00);
    a01 = multiplySubtract(s, x1, a01);
    s = v128.load_splat<f64>(lp, 8);
    a10 = multiplySubtract(s, x0, a10);
    a11 = multiplySubtract(s, x1, a11);
    s = v128.load_splat<f64>(lp, 16);
    a20 = multiplySubtract(s, x0, a20);
    a21 = multiplySubtract(s, x1, a21);
    s = v128.load_splat<f64>(lp, 24);
    a30 = multiplySubtract(s, x0, a30);
    a31 = multiplySubtract(s, x1, a31);
    lp += PANEL;
    xp += PANEL;
  }
  // lp stands at the diagonal block: column c at 32·c, row r at 8·r.
  let d = v128.load_splat<f64>(lp);
  a00 = f64x2.div(a00, d);
  a01 = f64x2.div(a01, d);
  d = v128.load_splat<f64>(lp, 8);
  a10 = multiplySubtract(d, a00, a10);
  a11 = multiplySubtract(d, a01, a11);
  d = v128.load_splat<f64>(lp, 40);
  a10 = f64x2.div(a10, d);
  a11 = f64x2.div(a11, d);
  d = v128.load_splat<f64>(lp, 16);
  a20 = multiplySubtract(d, a00, a20);
  a21 = multiplySubtract(d, a01, a21);
  d = v128.load_splat<f64>(lp, 48);
  a20 = multiplySubtract(d, a10, a20);
  a21 = multiplySubtract(d, a11, a21);
  d = v128.load_splat<f64>(lp, 80);
  a20 = f64x2.div(a20, d);
  a21 = f64x2.div(a21, d);
  d = v128.load_splat<f64>(lp, 24);
  a30 = multiplySubtract(d, a00, a30);
  a31 = multiplySubtract(d, a01, a31);
  d = v128.load_splat<f64>(lp, 56);
  a30 = multiplySubtract(d, a10, a30);
  a31 = multiplySubtract(d, a11, a31);
  d = v128.load_splat<f64>(lp, 88);
  a30 = multiplySubtract(d, a20, a30);
  a31 = multiplySubtract(d, a21, a31);
  d = v128.load_splat<f64>(lp, 120);
  a30 = f64x2.div(a30, d);
  a31 = f64x2.div(a31, d);
  v128.store(at, a00);
  v128.store(at, a01, 16);
  v128.store(at, a10, 32);
  v128.store(at, a11, 48);
  v128.store(at, a20, 64);
  v128.store(at, a21, 80);
  v128.store(at, a30, 96);
  v128.store(at, a31, 112);
}

/**
 * Factors the lower triangle of A in place; the strict upper triangle is neither read nor kept.
 *
 * @param a (size, size) row-major, size a multiple of four
 * @param work `choleskyWorkspace(size)` doubles
 * @returns −1, or the index of the pivot that was not positive
 */
export function cholesky(a: usize, size: i32, work: usize): i32 {
  for (let k = 0; k < size; k += COLUMNS) {
    const columns = min(COLUMNS, size - k);
    const panels = (size - k) >> 2;
    const blocks = columns >> 2;
    for (let panel = 0; panel < panels; panel++) {
      transfer(a, size, k, panel, columns, work, true);
    }
    for (let block = 0; block < blocks; block++) {
      const failed = diagonalBlock(work, block);
      if (failed >= 0) return k + failed;
      for (let panel = block + 1; panel < blocks; panel++) solveBlock(work, panel, block);
    }
    for (let panel = blocks; panel < panels; panel++) {
      for (let block = 0; block < blocks; block++) solveBlock(work, panel, block);
    }
    for (let panel = 0; panel < panels; panel++) {
      transfer(a, size, k, panel, columns, work, false);
    }
    const next = k + columns;
    if (next < size) {
      const rest = a + ((<usize>(next * size + next)) << 3);
      rankDowndate(packed(work, blocks, 0), COLUMNS, columns, rest, size, (size - next) >> 2);
    }
  }
  return -1;
}

/** Moves four rows of a block of columns between the matrix and the packed panel. */
// @ts-ignore: decorator
@inline
function transfer(a: usize, size: i32, first: i32, panel: i32, columns: i32, work: usize, pack: bool): void {
  const stride = (<usize>size) << 3;
  let from = a + <usize>(first + (panel << 2)) * stride + ((<usize>first) << 3);
  let to = packed(work, panel, 0);
  for (let k = 0; k < columns; k++) {
    if (pack) {
      store<f64>(to, load<f64>(from));
      store<f64>(to, load<f64>(from + stride), 8);
      store<f64>(to, load<f64>(from + 2 * stride), 16);
      store<f64>(to, load<f64>(from + 3 * stride), 24);
    } else {
      store<f64>(from, load<f64>(to));
      store<f64>(from + stride, load<f64>(to, 8));
      store<f64>(from + 2 * stride, load<f64>(to, 16));
      store<f64>(from + 3 * stride, load<f64>(to, 24));
    }
    from += 8;
    to += PANEL;
  }
}
