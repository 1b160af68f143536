/** Least squares in triangular form: min ‖Rδ + c‖ with R upper triangular. */
export interface TriangularFactor {
  /** R, (n, n) row-major. */
  readonly factor: Float64Array;
  /** c, (n). */
  readonly vector: Float64Array;
}

/**
 * R' and c' with [R c; diag(d) 0] = Q·[R' c'; 0 ·] for an orthogonal Q: the same form for the problem with the
 * penalty ‖diag(d)·δ‖². Leaves what it is given as it is.
 */
export type FoldDiagonal = (
  factor: Float64Array,
  vector: Float64Array,
  diagonal: Float64Array,
) => TriangularFactor;

/**
 * By Householder reflections (Golub and Van Loan, Matrix Computations, 2013, section 5.2): column j is cleared in the
 * rows 0 … j of the diagonal matrix, those below it being zero there still.
 */
export const foldDiagonal: FoldDiagonal = (factor, vector, diagonal) => {
  const n = vector.length;
  const width = n + 1;
  const upper = new Float64Array(n * width);
  const lower = new Float64Array(n * width);
  for (let i = 0; i < n; i++) {
    upper.set(factor.subarray(i * n + i, i * n + n), i * width + i);
    upper[i * width + n] = vector[i];
    lower[i * width + i] = diagonal[i];
  }
  const w = new Float64Array(width);
  for (let j = 0; j < n; j++) {
    let largest = 0;
    for (let i = 0; i <= j; i++) largest = Math.max(largest, Math.abs(lower[i * width + j]));
    if (largest === 0) continue;
    let square = 0;
    for (let i = 0; i <= j; i++) square += (lower[i * width + j] / largest) ** 2;
    const alpha = upper[j * width + j];
    const beta = (alpha > 0 ? -1 : 1) * Math.hypot(alpha, largest * Math.sqrt(square));
    const tau = (beta - alpha) / beta;
    upper[j * width + j] = beta;
    for (let k = j + 1; k < width; k++) w[k] = upper[j * width + k];
    for (let i = 0; i <= j; i++) {
      const row = i * width;
      lower[row + j] /= alpha - beta;
      const v = lower[row + j];
      for (let k = j + 1; k < width; k++) w[k] += v * lower[row + k];
    }
    for (let k = j + 1; k < width; k++) {
      w[k] *= tau;
      upper[j * width + k] -= w[k];
    }
    for (let i = 0; i <= j; i++) {
      const row = i * width;
      const v = lower[row + j];
      for (let k = j + 1; k < width; k++) lower[row + k] -= v * w[k];
    }
  }
  const folded = { factor: new Float64Array(n * n), vector: new Float64Array(n) };
  for (let i = 0; i < n; i++) {
    folded.factor.set(upper.subarray(i * width + i, i * width + n), i * n + i);
    folded.vector[i] = upper[i * width + n];
  }
  return folded;
};

/** x of R x = b, in sums split in four so that one operation need not wait for the one before. */
export function solveUpper(factor: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n;
    let [s0, s1] = [0, 0];
    let [s2, s3] = [0, 0];
    let k = i + 1;
    for (; k + 3 < n; k += 4) {
      s0 += factor[row + k] * x[k];
      s1 += factor[row + k + 1] * x[k + 1];
      s2 += factor[row + k + 2] * x[k + 2];
      s3 += factor[row + k + 3] * x[k + 3];
    }
    for (; k < n; k++) s0 += factor[row + k] * x[k];
    x[i] = (x[i] - (s0 + s1 + (s2 + s3))) / factor[row + i];
  }
  return x;
}

/** x of Rᵀ x = b. */
export function solveTransposed(factor: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    const row = i * n;
    const value = x[i] / factor[row + i];
    x[i] = value;
    for (let k = i + 1; k < n; k++) x[k] -= factor[row + k] * value;
  }
  return x;
}

/** Rᵀ c. */
export function multiplyTransposed(factor: Float64Array, c: Float64Array): Float64Array {
  const n = c.length;
  const product = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let k = i; k < n; k++) product[k] += factor[i * n + k] * c[i];
  }
  return product;
}

/** Squares of the columns' norms: the diagonal of RᵀR. */
export function squaredColumnNorms(factor: Float64Array, n: number): Float64Array {
  const squares = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let k = i; k < n; k++) squares[k] += factor[i * n + k] ** 2;
  return squares;
}
