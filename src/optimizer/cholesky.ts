/** What a factorised matrix is for. */
export interface Factorization {
  /** x of A x = b, a new array. */
  solve(b: Float64Array): Float64Array;
}

/**
 * Factorises a symmetric (n, n) row-major matrix, of which the lower triangle is read; null where it is not
 * positive definite. May overwrite the matrix, and the factorisation may live in it.
 */
export type Factorize = (matrix: Float64Array, n: number) => Factorization | null;

const tile = 4;
const block = 32;

/**
 * A = L Lᵀ in blocks of columns, left-looking (Golub and Van Loan, Matrix Computations, 2013, section 4.2.5).
 * Rows are dotted with rows, four by four, so that memory is read in order and each value read serves four
 * products.
 */
export const cholesky: Factorize = (matrix, n) => {
  const m = Math.ceil(n / tile) * tile;
  const factor = m === n ? matrix : padded(matrix, n, m);
  for (let start = 0; start < m; start += block) {
    const end = Math.min(start + block, m);
    subtractProducts(factor, m, start, end);
    if (!factorizeDiagonal(factor, m, start, end)) return null;
    solveBelow(factor, m, start, end);
  }
  return { solve: (b) => solveBoth(factor, n, m, b) };
};

/** The matrix with rows and columns of the identity added, so that tiles come out even. */
function padded(matrix: Float64Array, n: number, m: number): Float64Array {
  const wide = new Float64Array(m * m);
  for (let i = 0; i < n; i++) wide.set(matrix.subarray(i * n, (i + 1) * n), i * m);
  for (let i = n; i < m; i++) wide[i * m + i] = 1;
  return wide;
}

/** A[i, j] −= Σ_k L[i, k] L[j, k] over k < start, for the columns j of the block and the rows i from it on. */
function subtractProducts(a: Float64Array, m: number, start: number, end: number): void {
  if (start === 0) return;
  for (let i = start; i < m; i += tile) {
    const last = Math.min(end, i + tile);
    for (let j = start; j < last; j += 2) subtractTile(a, m, i, j, start);
  }
}

/** Four rows by two columns: as many sums as V8 keeps in registers. */
function subtractTile(a: Float64Array, m: number, i: number, j: number, length: number): void {
  let [p0, q0] = [0, 0];
  let [p1, q1] = [0, 0];
  let [p2, q2] = [0, 0];
  let [p3, q3] = [0, 0];
  const i0 = i * m;
  const i1 = i0 + m;
  const i2 = i1 + m;
  const i3 = i2 + m;
  const j0 = j * m;
  const j1 = j0 + m;
  for (let k = 0; k < length; k++) {
    const x = a[j0 + k];
    const y = a[j1 + k];
    const r0 = a[i0 + k];
    p0 += r0 * x;
    q0 += r0 * y;
    const r1 = a[i1 + k];
    p1 += r1 * x;
    q1 += r1 * y;
    const r2 = a[i2 + k];
    p2 += r2 * x;
    q2 += r2 * y;
    const r3 = a[i3 + k];
    p3 += r3 * x;
    q3 += r3 * y;
  }
  a[i0 + j] -= p0;
  a[i0 + j + 1] -= q0;
  a[i1 + j] -= p1;
  a[i1 + j + 1] -= q1;
  a[i2 + j] -= p2;
  a[i2 + j + 1] -= q2;
  a[i3 + j] -= p3;
  a[i3 + j + 1] -= q3;
}

function factorizeDiagonal(a: Float64Array, m: number, start: number, end: number): boolean {
  for (let j = start; j < end; j++) {
    let pivot = a[j * m + j];
    for (let k = start; k < j; k++) pivot -= a[j * m + k] * a[j * m + k];
    // Written so that NaN counts as not positive.
    if (!(pivot > 0) || pivot === Number.POSITIVE_INFINITY) return false;
    const root = Math.sqrt(pivot);
    a[j * m + j] = root;
    for (let i = j + 1; i < end; i++) {
      let value = a[i * m + j];
      for (let k = start; k < j; k++) value -= a[i * m + k] * a[j * m + k];
      a[i * m + j] = value / root;
    }
  }
  return true;
}

function solveBelow(a: Float64Array, m: number, start: number, end: number): void {
  for (let i = end; i < m; i++) {
    for (let j = start; j < end; j++) {
      let value = a[i * m + j];
      for (let k = start; k < j; k++) value -= a[i * m + k] * a[j * m + k];
      a[i * m + j] = value / a[j * m + j];
    }
  }
}

/** L y = b forwards, then Lᵀ x = y backwards, both along rows of L. */
function solveBoth(factor: Float64Array, n: number, m: number, b: Float64Array): Float64Array {
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    let value = x[i];
    for (let k = 0; k < i; k++) value -= factor[i * m + k] * x[k];
    x[i] = value / factor[i * m + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = x[i] / factor[i * m + i];
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] -= factor[i * m + k] * value;
  }
  return x;
}
