/**
 * The symmetric rank-k update C += JᵀJ on rows packed by panels of four parameters: [panel][row][4], the
 * distance of panels being `capacity` rows. Only the lower triangle of C is written (whole 4×4 blocks on the
 * diagonal); C is row-major with `size` columns, a multiple of four.
 */
import { multiplyAdd, PANEL } from './arithmetic';

/** Panels of A whose rows stay in the second-level cache while the panels of B pass by. */
const BLOCK: i32 = 16;

/** The 4×4 block C ± AᵀB on `rows` rows of two panels: minus where S is an integer type. */
// @ts-ignore: decorator
@inline
export function block<S>(a: usize, b: usize, rows: i32, c: usize, stride: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end = b + <usize>rows * PANEL;
  while (b < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let s = v128.load_splat<f64>(a);
    c00 = multiplyAdd(s, b0, c00);
    c01 = multiplyAdd(s, b1, c01);
    s = v128.load_splat<f64>(a, 8);
    c10 = multiplyAdd(s, b0, c10);
    c11 = multiplyAdd(s, b1, c11);
    s = v128.load_splat<f64>(a, 16);
    c20 = multiplyAdd(s, b0, c20);
    c21 = multiplyAdd(s, b1, c21);
    s = v128.load_splat<f64>(a, 24);
    c30 = multiplyAdd(s, b0, c30);
    c31 = multiplyAdd(s, b1, c31);
    a += PANEL;
    b += PANEL;
  }
  if (isInteger<S>()) {
    v128.store(c, f64x2.sub(v128.load(c), c00));
    v128.store(c, f64x2.sub(v128.load(c, 16), c01), 16);
    c += stride;
    v128.store(c, f64x2.sub(v128.load(c), c10));
    v128.store(c, f64x2.sub(v128.load(c, 16), c11), 16);
    c += stride;
    v128.store(c, f64x2.sub(v128.load(c), c20));
    v128.store(c, f64x2.sub(v128.load(c, 16), c21), 16);
    c += stride;
    v128.store(c, f64x2.sub(v128.load(c), c30));
    v128.store(c, f64x2.sub(v128.load(c, 16), c31), 16);
  } else {
    v128.store(c, f64x2.add(v128.load(c), c00));
    v128.store(c, f64x2.add(v128.load(c, 16), c01), 16);
    c += stride;
    v128.store(c, f64x2.add(v128.load(c), c10));
    v128.store(c, f64x2.add(v128.load(c, 16), c11), 16);
    c += stride;
    v128.store(c, f64x2.add(v128.load(c), c20));
    v128.store(c, f64x2.add(v128.load(c, 16), c21), 16);
    c += stride;
    v128.store(c, f64x2.add(v128.load(c), c30));
    v128.store(c, f64x2.add(v128.load(c, 16), c31), 16);
  }
}

// @ts-ignore: decorator
@inline
function update<S>(panels: usize, capacity: i32, rows: i32, c: usize, size: i32, count: i32): void {
  const distance = <usize>capacity * PANEL;
  const stride = (<usize>size) << 3;
  for (let first = 0; first < count; first += BLOCK) {
    const last = min(first + BLOCK, count);
    for (let j = 0; j < last; j++) {
      const b = panels + <usize>j * distance;
      for (let i = max(first, j); i < last; i++) {
        block<S>(panels + <usize>i * distance, b, rows, c + <usize>(i << 2) * stride + ((<usize>j) << 5), stride);
      }
    }
  }
}

/** C += JᵀJ, lower triangle, with C of shape (size, size) and size/4 panels. */
export function rankUpdate(panels: usize, capacity: i32, rows: i32, c: usize, size: i32): void {
  update<f64>(panels, capacity, rows, c, size, size >> 2);
}

/**
 * The same on some of the panels alone: the i-th one stands for rows 4·list[i] … 4·list[i] + 3 of C, and is itself the
 * i-th panel where they are `compact`, else panel list[i].
 */
// @ts-ignore: decorator
@inline
function updateListed<S>(
  panels: usize,
  capacity: i32,
  rows: i32,
  c: usize,
  size: i32,
  list: usize,
  count: i32,
  compact: bool,
): void {
  const distance = <usize>capacity * PANEL;
  const stride = (<usize>size) << 3;
  for (let first = 0; first < count; first += BLOCK) {
    const last = min(first + BLOCK, count);
    for (let j = 0; j < last; j++) {
      const column = <usize>load<i32>(list + ((<usize>j) << 2));
      const b = panels + (compact ? <usize>j : column) * distance;
      for (let i = max(first, j); i < last; i++) {
        const row = <usize>load<i32>(list + ((<usize>i) << 2));
        const a = panels + (compact ? <usize>i : row) * distance;
        block<S>(a, b, rows, c + (row << 2) * stride + (column << 5), stride);
      }
    }
  }
}

/** C += JᵀJ where J is zero but for the panels in the list, 32-bit numbers in ascending order. */
export function rankUpdateListed(
  panels: usize,
  capacity: i32,
  rows: i32,
  c: usize,
  size: i32,
  list: usize,
  count: i32,
): void {
  updateListed<f64>(panels, capacity, rows, c, size, list, count, false);
}

/** C −= L·Lᵀ on the rows that packed panels stand for. */
export function rankDowndateListed(
  panels: usize,
  capacity: i32,
  rows: i32,
  c: usize,
  size: i32,
  list: usize,
  count: i32,
): void {
  updateListed<i32>(panels, capacity, rows, c, size, list, count, true);
}

/** Four entries of v += Jᵀρ, those of one panel. */
// @ts-ignore: decorator
@inline
function panelVector(at: usize, rows: i32, rho: usize, to: usize): void {
  let v0 = f64x2.splat(0);
  let v1 = v0;
  for (let n = 0; n < rows; n++) {
    const s = v128.load_splat<f64>(rho + ((<usize>n) << 3));
    v0 = multiplyAdd(s, v128.load(at), v0);
    v1 = multiplyAdd(s, v128.load(at, 16), v1);
    at += PANEL;
  }
  v128.store(to, f64x2.add(v128.load(to), v0));
  v128.store(to, f64x2.add(v128.load(to, 16), v1), 16);
}

/** v += Jᵀρ. */
export function vectorUpdate(panels: usize, capacity: i32, rows: i32, rho: usize, v: usize, size: i32): void {
  for (let j = 0; j < size; j += 4) {
    panelVector(panels + <usize>(j >> 2) * <usize>capacity * PANEL, rows, rho, v + ((<usize>j) << 3));
  }
}

/** The same where J is zero but for the panels in the list. */
export function vectorUpdateListed(
  panels: usize,
  capacity: i32,
  rows: i32,
  rho: usize,
  v: usize,
  list: usize,
  count: i32,
): void {
  for (let i = 0; i < count; i++) {
    const panel = <usize>load<i32>(list + ((<usize>i) << 2));
    panelVector(panels + panel * <usize>capacity * PANEL, rows, rho, v + (panel << 5));
  }
}
