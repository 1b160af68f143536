/**
 * Partial LU factorisation of a dense (m, m) row-major matrix whose first `pivots` rows and columns are complete:
 * these are eliminated with row interchanges among themselves, and what remains below and to the right becomes
 * the Schur complement. Blocked, so that nearly all work is a product of panels: Golub & Van Loan, Matrix
 * Computations, 4th ed., section 3.2.11; Duff & Reid (1983), ACM Trans. Math. Softw. 9, 302–325.
 *
 * @param exchanges row with which row k was exchanged, filled for k < pivots
 * @param smallest pivots below this are set to `replacement`
 * @returns how many pivots were replaced; −1 where an entry is not finite
 */
export function factorFront(
  a: Float64Array,
  m: number,
  pivots: number,
  exchanges: Int32Array,
  smallest: number,
  replacement: number,
): number {
  const width = panelWidth(m);
  let replaced = 0;
  for (let first = 0; first < pivots; first += width) {
    const end = Math.min(first + width, pivots);
    for (let k = first; k < end; k++) {
      let pivot = k;
      let largest = Math.abs(a[k * m + k]);
      for (let i = k + 1; i < pivots; i++) {
        const magnitude = Math.abs(a[i * m + k]);
        if (magnitude > largest) {
          largest = magnitude;
          pivot = i;
        }
      }
      exchanges[k] = pivot;
      if (!(largest < Number.POSITIVE_INFINITY)) return -1;
      if (pivot !== k) exchangeRows(a, m, k, pivot);
      if (largest < smallest) {
        a[k * m + k] = a[k * m + k] < 0 ? -replacement : replacement;
        replaced++;
      }
      const inverse = 1 / a[k * m + k];
      for (let i = k + 1; i < m; i++) {
        const row = i * m;
        const factor = a[row + k] * inverse;
        if (factor === 0) continue;
        a[row + k] = factor;
        for (let j = k + 1; j < end; j++) a[row + j] -= factor * a[k * m + j];
      }
    }
    // Rows of the panel to its right.
    for (let k = first; k < end; k++) {
      for (let i = k + 1; i < end; i++) {
        const factor = a[i * m + k];
        if (factor === 0) continue;
        for (let j = end; j < m; j++) a[i * m + j] -= factor * a[k * m + j];
      }
    }
    subtractProduct(a, m, first, end);
  }
  return replaced;
}

/** Panels are narrow where the matrix is small: their own elimination is not blocked. */
const panelWidth = (m: number): number => (m < 160 ? 8 : 32);

function exchangeRows(a: Float64Array, m: number, i: number, k: number): void {
  for (let j = 0; j < m; j++) {
    const swap = a[i * m + j];
    a[i * m + j] = a[k * m + j];
    a[k * m + j] = swap;
  }
}

/** a[i][j] −= Σ_{first ≤ k < end} a[i][k]·a[k][j] for i, j ≥ end, in blocks that stay in registers. */
function subtractProduct(a: Float64Array, m: number, first: number, end: number): void {
  const width = end - first;
  if (packed.length < 4 * width) packed = new Float64Array(4 * width);
  const b = packed;
  let j = end;
  for (; j + 3 < m; j += 4) {
    for (let k = first, q = 0; k < end; k++, q += 4) {
      const at = k * m + j;
      b[q] = a[at];
      b[q + 1] = a[at + 1];
      b[q + 2] = a[at + 2];
      b[q + 3] = a[at + 3];
    }
    let i = end;
    for (; i + 1 < m; i += 2) {
      const row0 = i * m;
      const row1 = row0 + m;
      let c00 = 0;
      let c01 = 0;
      let c02 = 0;
      let c03 = 0;
      let c10 = 0;
      let c11 = 0;
      let c12 = 0;
      let c13 = 0;
      for (let k = first, q = 0; k < end; k++, q += 4) {
        const a0 = a[row0 + k];
        const a1 = a[row1 + k];
        const b0 = b[q];
        const b1 = b[q + 1];
        const b2 = b[q + 2];
        const b3 = b[q + 3];
        c00 += a0 * b0;
        c01 += a0 * b1;
        c02 += a0 * b2;
        c03 += a0 * b3;
        c10 += a1 * b0;
        c11 += a1 * b1;
        c12 += a1 * b2;
        c13 += a1 * b3;
      }
      a[row0 + j] -= c00;
      a[row0 + j + 1] -= c01;
      a[row0 + j + 2] -= c02;
      a[row0 + j + 3] -= c03;
      a[row1 + j] -= c10;
      a[row1 + j + 1] -= c11;
      a[row1 + j + 2] -= c12;
      a[row1 + j + 3] -= c13;
    }
    if (i < m) subtractEntries(a, m, first, end, i, m, j, j + 4);
  }
  subtractEntries(a, m, first, end, end, m, j, m);
}

let packed = new Float64Array(128);

function subtractEntries(
  a: Float64Array,
  m: number,
  first: number,
  end: number,
  rowFrom: number,
  rowTo: number,
  columnFrom: number,
  columnTo: number,
): void {
  for (let i = rowFrom; i < rowTo; i++) {
    for (let j = columnFrom; j < columnTo; j++) {
      let sum = 0;
      for (let k = first; k < end; k++) sum += a[i * m + k] * a[k * m + j];
      a[i * m + j] -= sum;
    }
  }
}
