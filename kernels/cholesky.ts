/**
 * Blocked right-looking Cholesky factorisation A = L·Lᵀ (Golub & Van Loan, Matrix Computations, 4.2.5).
 * Columns are taken in blocks of 64; a block's rows are packed by panels of four, so that the triangular
 * solves and the update of the remaining matrix are the products of `rank-update.ts`. Panels that are zero in the
 * columns at hand take no part, so that a sparse matrix costs what its factor has entries (the profile, or skyline, of
 * a matrix is kept: George & Liu, Computer Solution of Large Sparse Positive Definite Systems, chapter 4).
 */
import { multiplySubtract, PANEL } from './arithmetic';
import { rankDowndateListed } from './rank-update';

const COLUMNS: i32 = 64;

/** Doubles of workspace for a matrix of that size. */
export function choleskyWorkspace(size: i32): i32 {
  // The panels, and the list of those that take part.
  return size * COLUMNS + (size >> 3) + 1;
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
  const list = work + ((<usize>(size * COLUMNS)) << 3);
  for (let k = 0; k < size; k += COLUMNS) {
    const columns = min(COLUMNS, size - k);
    const panels = (size - k) >> 2;
    const blocks = columns >> 2;
    let count = 0;
    for (let panel = 0; panel < panels; panel++) {
      const zero = pack(a, size, k, panel, columns, packed(work, count, 0));
      if (zero && panel >= blocks) continue;
      store<i32>(list + ((<usize>count) << 2), panel - blocks);
      count++;
    }
    for (let block = 0; block < blocks; block++) {
      const failed = diagonalBlock(work, block);
      if (failed >= 0) return k + failed;
      for (let panel = block + 1; panel < blocks; panel++) solveBlock(work, panel, block);
    }
    for (let panel = blocks; panel < count; panel++) {
      for (let block = 0; block < blocks; block++) solveBlock(work, panel, block);
    }
    for (let i = 0; i < count; i++) {
      const panel = load<i32>(list + ((<usize>i) << 2)) + blocks;
      unpack(a, size, k, panel, columns, packed(work, i, 0));
    }
    const next = k + columns;
    if (next < size) {
      const rest = a + ((<usize>(next * size + next)) << 3);
      const own = list + ((<usize>blocks) << 2);
      rankDowndateListed(packed(work, blocks, 0), COLUMNS, columns, rest, size, own, count - blocks);
    }
  }
  return -1;
}

/** Four rows of a block of columns into a packed panel; whether all of them are zero. */
// @ts-ignore: decorator
@inline
function pack(a: usize, size: i32, first: i32, panel: i32, columns: i32, to: usize): bool {
  const stride = (<usize>size) << 3;
  let from = a + <usize>(first + (panel << 2)) * stride + ((<usize>first) << 3);
  let any: u64 = 0;
  for (let k = 0; k < columns; k++) {
    const a0 = load<f64>(from);
    const a1 = load<f64>(from + stride);
    const a2 = load<f64>(from + 2 * stride);
    const a3 = load<f64>(from + 3 * stride);
    any |= reinterpret<u64>(a0) | reinterpret<u64>(a1) | reinterpret<u64>(a2) | reinterpret<u64>(a3);
    store<f64>(to, a0);
    store<f64>(to, a1, 8);
    store<f64>(to, a2, 16);
    store<f64>(to, a3, 24);
    from += 8;
    to += PANEL;
  }
  return any << 1 == 0;
}

/** The way back. */
// @ts-ignore: decorator
@inline
function unpack(a: usize, size: i32, first: i32, panel: i32, columns: i32, from: usize): void {
  const stride = (<usize>size) << 3;
  let to = a + <usize>(first + (panel << 2)) * stride + ((<usize>first) << 3);
  for (let k = 0; k < columns; k++) {
    store<f64>(to, load<f64>(from));
    store<f64>(to + stride, load<f64>(from, 8));
    store<f64>(to + 2 * stride, load<f64>(from, 16));
    store<f64>(to + 3 * stride, load<f64>(from, 24));
    to += 8;
    from += PANEL;
  }
}
