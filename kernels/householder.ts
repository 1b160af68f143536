/**
 * Rows folded into a triangle: [R; B] = Q·[R'; 0] with R upper triangular and B full, by Householder reflections
 * of which reflector j touches row j of R and the rows of B (the structure of tpqrt in LAPACK). Columns are
 * taken in blocks, whose reflectors are applied together in the compact form I − V·T·Vᵀ (Schreiber & Van Loan,
 * SIAM J. Sci. Stat. Comput. 10, 1989), so that nearly all arithmetic is in products.
 *
 * Both matrices come in panels of four columns, [panel][row][4]: those of R `size` rows apart, those of B
 * `capacity` rows.
 */
import { multiplyAdd, multiplySubtract, PANEL } from './arithmetic';
import { block } from './rank-update';

/** Panels whose reflectors are applied together. */
const BLOCK: i32 = 8;
const COLUMNS: i32 = BLOCK << 2;

// The workspace in rows of four doubles: T in panels of columns, VᵀV of one panel, W, TᵀW.
const GRAM: i32 = BLOCK * COLUMNS;
const PRODUCT: i32 = GRAM + COLUMNS;
const RESULT: i32 = PRODUCT + COLUMNS;
const ROWS: i32 = RESULT + COLUMNS;

/** Sums of squares beyond these are taken anew of the column scaled by its largest entry. */
const SMALLEST: f64 = 1e-280;
const LARGEST: f64 = 1e280;

/** Doubles of workspace. */
export function foldWorkspace(): i32 {
  return ROWS << 2;
}

// @ts-ignore: decorator
@inline
function at(base: usize, row: i32): usize {
  return base + <usize>row * PANEL;
}

// @ts-ignore: decorator
@inline
function entry(base: usize, row: i32, column: i32): usize {
  return at(base, row) + ((<usize>column) << 3);
}

/** sums[k] = Σ b_j·b_k over the rows, for the four columns k. */
function columnProducts(b: usize, rows: i32, j: i32, sums: usize): void {
  let even0 = f64x2.splat(0);
  let even1 = even0;
  let odd0 = even0;
  let odd1 = even0;
  const end = at(b, rows);
  const shift = (<usize>j) << 3;
  for (; b < end; b += 2 * PANEL) {
    let s = v128.load_splat<f64>(b + shift);
    even0 = multiplyAdd(s, v128.load(b), even0);
    even1 = multiplyAdd(s, v128.load(b, 16), even1);
    s = v128.load_splat<f64>(b + shift, 32);
    odd0 = multiplyAdd(s, v128.load(b, 32), odd0);
    odd1 = multiplyAdd(s, v128.load(b, 48), odd1);
  }
  v128.store(sums, f64x2.add(even0, odd0));
  v128.store(sums, f64x2.add(even1, odd1), 16);
}

/** Divides column j by its largest magnitude, which is returned. */
function scaleColumn(b: usize, rows: i32, j: i32): f64 {
  let largest = 0.0;
  for (let n = 0; n < rows; n++) largest = Math.max(largest, Math.abs(load<f64>(entry(b, n, j))));
  if (!(largest > 0) || largest == Infinity) return largest;
  for (let n = 0; n < rows; n++) store<f64>(entry(b, n, j), load<f64>(entry(b, n, j)) / largest);
  return largest;
}

/**
 * The reflector that takes column j of four to a multiple of the unit vector, applied to those right of it; v
 * takes the column's place in B.
 *
 * @param r the 4×4 block on the diagonal of R
 * @param sums four doubles of workspace
 * @returns τ
 */
function reflect(r: usize, b: usize, rows: i32, j: i32, sums: usize): f64 {
  columnProducts(b, rows, j, sums);
  const diagonal = entry(r, j, j);
  let alpha = load<f64>(diagonal);
  let square = load<f64>(sums + ((<usize>j) << 3));
  let scale = 1.0;
  const extreme = Math.max(square, alpha * alpha);
  if (!(square >= SMALLEST) || !(extreme <= LARGEST)) {
    const largest = scaleColumn(b, rows, j);
    if (largest == 0) return 0;
    scale = largest;
    // A diagonal entry that dwarfs the column: what the reflection would change is below rounding.
    if (Math.abs(alpha) > largest * 1e100) {
      for (let n = 0; n < rows; n++) store<f64>(entry(b, n, j), 0);
      return 0;
    }
    alpha /= largest;
    columnProducts(b, rows, j, sums);
    square = load<f64>(sums + ((<usize>j) << 3));
  }
  const beta = alpha > 0 ? -Math.sqrt(alpha * alpha + square) : Math.sqrt(alpha * alpha + square);
  const tau = (beta - alpha) / beta;
  const denominator = alpha - beta;
  store<f64>(diagonal, beta * scale);
  // Columns right of j lose τ·w·v; columns up to j are kept by w = 0, column j then becomes v.
  for (let k = 0; k < 4; k++) {
    const place = sums + ((<usize>k) << 3);
    if (k <= j) store<f64>(place, 0);
    else {
      const above = entry(r, j, k);
      const w = tau * (load<f64>(above) + load<f64>(place) / denominator);
      store<f64>(above, load<f64>(above) - w);
      store<f64>(place, w);
    }
  }
  const w0 = v128.load(sums);
  const w1 = v128.load(sums, 16);
  const end = at(b, rows);
  const shift = (<usize>j) << 3;
  const divisor = f64x2.splat(denominator);
  for (; b < end; b += PANEL) {
    const v = f64x2.div(v128.load_splat<f64>(b + shift), divisor);
    v128.store(b, multiplySubtract(v, w0, v128.load(b)));
    v128.store(b, multiplySubtract(v, w1, v128.load(b, 16)), 16);
    store<f64>(b + shift, f64x2.extract_lane(v, 0));
  }
  return tau;
}

/**
 * Columns 4q … 4q + 3 of T: T(j, j) = τ_j and above it −τ_j·T·(Vᵀv_j). The parts of V in R's rows are columns of
 * the identity, which drop out of VᵀV.
 */
function extendTriangle(work: usize, q: i32): void {
  const gram = at(work, GRAM);
  const own = at(work, q * COLUMNS);
  for (let c = 0; c < 4; c++) {
    const j = (q << 2) + c;
    const tau = load<f64>(entry(own, j, c));
    for (let i = 0; i < j; i++) {
      let sum = 0.0;
      for (let k = i; k < j; k++) {
        sum += load<f64>(entry(work, (k >> 2) * COLUMNS + i, k & 3)) * load<f64>(entry(gram, k, c));
      }
      store<f64>(entry(own, i, c), -tau * sum);
    }
    for (let i = j + 1; i < (q << 2) + 4; i++) store<f64>(entry(own, i, c), 0);
  }
}

/** B −= V·W on four columns of B, with `count` panels of V. */
// @ts-ignore: decorator
@inline
function subtractProduct(v: usize, distance: usize, count: i32, w: usize, b: usize, rows: i32): void {
  const end = at(b, rows);
  const last = w + <usize>count * 4 * PANEL;
  for (; b < end; b += 4 * PANEL) {
    let c00 = v128.load(b);
    let c01 = v128.load(b, 16);
    let c10 = v128.load(b, 32);
    let c11 = v128.load(b, 48);
    let c20 = v128.load(b, 64);
    let c21 = v128.load(b, 80);
    let c30 = v128.load(b, 96);
    let c31 = v128.load(b, 112);
    let vp = v;
    for (let wp = w; wp < last; wp += 4 * PANEL) {
      for (let k: usize = 0; k < 4; k++) {
        const w0 = v128.load(wp + k * PANEL);
        const w1 = v128.load(wp + k * PANEL, 16);
        const vk = vp + (k << 3);
        let s = v128.load_splat<f64>(vk);
        c00 = multiplySubtract(s, w0, c00);
        c01 = multiplySubtract(s, w1, c01);
        s = v128.load_splat<f64>(vk, 32);
        c10 = multiplySubtract(s, w0, c10);
        c11 = multiplySubtract(s, w1, c11);
        s = v128.load_splat<f64>(vk, 64);
        c20 = multiplySubtract(s, w0, c20);
        c21 = multiplySubtract(s, w1, c21);
        s = v128.load_splat<f64>(vk, 96);
        c30 = multiplySubtract(s, w0, c30);
        c31 = multiplySubtract(s, w1, c31);
      }
      vp += distance;
    }
    v128.store(b, c00);
    v128.store(b, c01, 16);
    v128.store(b, c10, 32);
    v128.store(b, c11, 48);
    v128.store(b, c20, 64);
    v128.store(b, c21, 80);
    v128.store(b, c30, 96);
    v128.store(b, c31, 112);
    v += 4 * PANEL;
  }
}

/**
 * Applies I − V·Tᵀ·Vᵀ to four columns, with `count` panels of V.
 *
 * @param t the first diagonal block of T
 * @param r the columns' part in R, in the reflectors' rows
 */
// @ts-ignore: decorator
@inline
function apply(
  v: usize,
  distance: usize,
  count: i32,
  t: usize,
  r: usize,
  b: usize,
  rows: i32,
  work: usize,
): void {
  const product = at(work, PRODUCT);
  const result = at(work, RESULT);
  memory.copy(product, r, <usize>count * 4 * PANEL);
  for (let i = 0; i < count; i++) {
    block<f64>(v + <usize>i * distance, b, rows, at(product, i << 2), PANEL);
  }
  memory.fill(result, 0, <usize>count * 4 * PANEL);
  for (let i = 0; i < count; i++) {
    block<f64>(at(t, i * COLUMNS), product, (i + 1) << 2, at(result, i << 2), PANEL);
  }
  for (let i: usize = 0; i < <usize>count * 4 * PANEL; i += 16) {
    v128.store(r + i, f64x2.sub(v128.load(r + i), v128.load(result + i)));
  }
  subtractProduct(v, distance, count, result, b, rows);
}

/**
 * Folds B into R. B is overwritten.
 *
 * @param r (size, size) upper triangular, size a multiple of four; zeros below the diagonal are kept
 * @param rows of B, a multiple of four
 * @param first columns of B before this one, a multiple of four, are zero
 * @param work `foldWorkspace()` doubles
 */
export function foldRows(
  r: usize,
  size: i32,
  b: usize,
  capacity: i32,
  rows: i32,
  first: i32,
  work: usize,
): void {
  const distance = <usize>capacity * PANEL;
  const panels = size >> 2;
  for (let start = first >> 2; start < panels; start += BLOCK) {
    const end = min(start + BLOCK, panels);
    const v = b + <usize>start * distance;
    for (let p = start; p < end; p++) {
      const q = p - start;
      const own = b + <usize>p * distance;
      const diagonal = at(r, p * size + (p << 2));
      for (let j = 0; j < 4; j++) {
        const tau = reflect(diagonal, own, rows, j, at(work, PRODUCT));
        store<f64>(entry(work, q * COLUMNS + (q << 2) + j, j), tau);
      }
      memory.fill(at(work, GRAM), 0, <usize>(q + 1) * 4 * PANEL);
      for (let i = 0; i <= q; i++) {
        block<f64>(v + <usize>i * distance, own, rows, at(work, GRAM + (i << 2)), PANEL);
      }
      extendTriangle(work, q);
      for (let next = p + 1; next < end; next++) {
        apply(
          own,
          distance,
          1,
          at(work, q * COLUMNS + (q << 2)),
          at(r, next * size + (p << 2)),
          b + <usize>next * distance,
          rows,
          work,
        );
      }
    }
    for (let next = end; next < panels; next++) {
      apply(
        v,
        distance,
        end - start,
        work,
        at(r, next * size + (start << 2)),
        b + <usize>next * distance,
        rows,
        work,
      );
    }
  }
}
