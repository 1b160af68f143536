/**
 * LU factorisation with partial pivoting of a banded matrix, in place: Golub & Van Loan, Matrix Computations,
 * 4th ed., section 4.3. Entry (i, j), −lower ≤ j − i ≤ upper, is stored row by row with room for fill.
 */
export class BandedLU {
  private readonly pivots: Int32Array;
  private readonly width: number;
  private readonly entries: Float64Array;
  /** Last column of each row that is not zero. */
  private readonly last: Int32Array;

  constructor(
    readonly n: number,
    readonly lower: number,
    readonly upper: number,
  ) {
    this.width = 2 * lower + upper + 1;
    this.entries = new Float64Array(n * this.width);
    this.pivots = new Int32Array(n);
    this.last = new Int32Array(n);
  }

  clear(): void {
    this.entries.fill(0);
    this.last.fill(0);
  }

  /** Adds to entry (i, j), which must lie in the band. */
  add(i: number, j: number, value: number): void {
    this.entries[i * this.width + j - i + this.lower] += value;
    if (j > this.last[i]) this.last[i] = j;
  }

  /** Replaces the matrix by its factors. Returns false if it is singular or not finite. */
  factor(): boolean {
    const { n, lower, width, entries: a, pivots, last } = this;
    for (let k = 0; k < n; k++) {
      const lastRow = Math.min(n - 1, k + lower);
      let pivot = k;
      let largest = Math.abs(a[k * width + lower]);
      for (let i = k + 1; i <= lastRow; i++) {
        const magnitude = Math.abs(a[i * width + k - i + lower]);
        if (magnitude > largest) {
          largest = magnitude;
          pivot = i;
        }
      }
      pivots[k] = pivot;
      if (!(largest > 0) || largest === Number.POSITIVE_INFINITY) return false;
      const lastColumn = Math.max(last[k], last[pivot]);
      const rowK = k * width + lower - k;
      if (pivot !== k) {
        const rowP = pivot * width + lower - pivot;
        for (let j = k; j <= lastColumn; j++) {
          const swap = a[rowK + j];
          a[rowK + j] = a[rowP + j];
          a[rowP + j] = swap;
        }
        const swap = last[k];
        last[k] = last[pivot];
        last[pivot] = swap;
      }
      const inverse = 1 / a[rowK + k];
      const end = last[k];
      for (let i = k + 1; i <= lastRow; i++) {
        const row = i * width + lower - i;
        if (a[row + k] === 0) continue;
        const factor = a[row + k] * inverse;
        a[row + k] = factor;
        for (let j = k + 1; j <= end; j++) a[row + j] -= factor * a[rowK + j];
        if (end > last[i]) last[i] = end;
      }
    }
    return true;
  }

  /** Solves in place. */
  solve(b: Float64Array): void {
    const { n, lower, width, entries: a, pivots, last } = this;
    for (let k = 0; k < n; k++) {
      const pivot = pivots[k];
      if (pivot !== k) {
        const swap = b[k];
        b[k] = b[pivot];
        b[pivot] = swap;
      }
      const lastRow = Math.min(n - 1, k + lower);
      for (let i = k + 1; i <= lastRow; i++) b[i] -= a[i * width + k - i + lower] * b[k];
    }
    for (let i = n - 1; i >= 0; i--) {
      const row = i * width + lower - i;
      const lastColumn = last[i];
      let sum = b[i];
      for (let j = i + 1; j <= lastColumn; j++) sum -= a[row + j] * b[j];
      b[i] = sum / a[row + i];
    }
  }
}
