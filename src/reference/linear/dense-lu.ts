/** From so many rows on a matrix is factored by panels. */
const smallest = 200;

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
    const { n } = this;
    // Four columns at a time read the matrix four times less often, once it is larger than the cache.
    const panel = n >= smallest ? 4 : n;
    for (let first = 0; first < n; first += panel) {
      const end = Math.min(n, first + panel);
      if (!this.factorPanel(first, end)) return false;
      if (end < n) this.update(first, end);
    }
    return true;
  }

  /** Eliminates columns first … end − 1 within those columns, with whole rows exchanged. */
  private factorPanel(first: number, end: number): boolean {
    const { n, matrix: a, pivots } = this;
    for (let k = first; k < end; k++) {
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
        for (let j = k + 1; j < end; j++) a[row + j] -= factor * a[k * n + j];
      }
    }
    return true;
  }

  /** What the four columns from `first` on take away from those after them. */
  private update(first: number, end: number): void {
    const { n, matrix: a } = this;
    for (let k = first; k < end; k++) {
      for (let i = k + 1; i < end; i++) {
        const factor = a[i * n + k];
        if (factor === 0) continue;
        for (let j = end; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
      }
    }
    const r0 = a.subarray(first * n, (first + 1) * n);
    const r1 = a.subarray((first + 1) * n, (first + 2) * n);
    const r2 = a.subarray((first + 2) * n, (first + 3) * n);
    const r3 = a.subarray((first + 3) * n, (first + 4) * n);
    for (let i = end; i < n; i++) {
      const row = a.subarray(i * n, (i + 1) * n);
      const f0 = row[first];
      const f1 = row[first + 1];
      const f2 = row[first + 2];
      const f3 = row[first + 3];
      if (f0 === 0 && f1 === 0 && f2 === 0 && f3 === 0) continue;
      for (let j = end; j < n; j++) row[j] -= f0 * r0[j] + f1 * r1[j] + f2 * r2[j] + f3 * r3[j];
    }
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
