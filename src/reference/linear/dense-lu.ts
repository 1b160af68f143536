/**
 * LU factorisation with partial pivoting of a dense matrix, in place, on a flat row-major array: Golub & Van
 * Loan, Matrix Computations, 4th ed., section 3.4. Written for the small matrices that a time stepper factors
 * thousands of times, where allocation would dominate.
 */
export class DenseLU {
  private readonly pivots: Int32Array;

  /** The matrix is (n, n), row-major, to be filled by the caller before `factor`. */
  readonly matrix: Float64Array;

  constructor(readonly n: number) {
    this.matrix = new Float64Array(n * n);
    this.pivots = new Int32Array(n);
  }

  /** Replaces the matrix by its factors. Returns false if it is singular or not finite. */
  factor(): boolean {
    const { n, matrix: a, pivots } = this;
    for (let k = 0; k < n; k++) {
      let pivot = k;
      let largest = Math.abs(a[k * n + k]);
      for (let i = k + 1; i < n; i++) {
        const magnitude = Math.abs(a[i * n + k]);
        if (magnitude > largest) {
          largest = magnitude;
          pivot = i;
        }
      }
      pivots[k] = pivot;
      if (!(largest > 0) || largest === Number.POSITIVE_INFINITY) return false;
      if (pivot !== k) {
        for (let j = 0; j < n; j++) {
          const swap = a[k * n + j];
          a[k * n + j] = a[pivot * n + j];
          a[pivot * n + j] = swap;
        }
      }
      const inverse = 1 / a[k * n + k];
      for (let i = k + 1; i < n; i++) {
        const row = i * n;
        if (a[row + k] === 0) continue;
        const factor = a[row + k] * inverse;
        a[row + k] = factor;
        for (let j = k + 1; j < n; j++) a[row + j] -= factor * a[k * n + j];
      }
    }
    return true;
  }

  /** Solves in place. */
  solve(b: Float64Array): void {
    const { n, matrix: a, pivots } = this;
    for (let k = 0; k < n; k++) {
      const pivot = pivots[k];
      if (pivot === k) continue;
      const swap = b[k];
      b[k] = b[pivot];
      b[pivot] = swap;
    }
    for (let i = 1; i < n; i++) {
      let sum = b[i];
      for (let j = 0; j < i; j++) sum -= a[i * n + j] * b[j];
      b[i] = sum;
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = b[i];
      for (let j = i + 1; j < n; j++) sum -= a[i * n + j] * b[j];
      b[i] = sum / a[i * n + i];
    }
  }
}
