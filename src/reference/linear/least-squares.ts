const panelWidth = 16;

/**
 * Least squares by Householder's QR factorisation: Golub & Van Loan, Matrix Computations, 4th ed., section 5.2.
 * The matrix is kept by columns, so that every inner loop runs along memory.
 */
export class LeastSquares {
  /** Column j starts at j·rows. Filled by the caller, replaced by the factors. */
  readonly matrix: Float64Array;
  private readonly diagonal: Float64Array;
  private readonly scales: Float64Array;

  constructor(
    readonly rows: number,
    readonly columns: number,
  ) {
    if (rows < columns) throw new RangeError(`${rows} equations for ${columns} unknowns`);
    this.matrix = new Float64Array(rows * columns);
    this.diagonal = new Float64Array(columns);
    this.scales = new Float64Array(columns);
  }

  /**
   * Factors, columns scaled to length 1.
   *
   * @returns the smallest diagonal entry of R over the largest: near rounding where the unknowns are not determined
   */
  factor(): number {
    const { rows, columns, matrix: a, diagonal, scales } = this;
    for (let j = 0; j < columns; j++) {
      const start = j * rows;
      let sum = 0;
      for (let i = start; i < start + rows; i++) sum += a[i] * a[i];
      const scale = sum > 0 ? 1 / Math.sqrt(sum) : 1;
      scales[j] = scale;
      for (let i = start; i < start + rows; i++) a[i] *= scale;
    }
    let smallest = Number.POSITIVE_INFINITY;
    let largest = 0;
    for (let panel = 0; panel < columns; panel += panelWidth) {
      const end = Math.min(columns, panel + panelWidth);
      for (let k = panel; k < end; k++) {
        const start = k * rows;
        let sum = 0;
        for (let i = start + k; i < start + rows; i++) sum += a[i] * a[i];
        const length = Math.sqrt(sum);
        if (!(length > 0)) return length === 0 ? 0 : Number.NaN;
        const pivot = a[start + k] > 0 ? -length : length;
        diagonal[k] = pivot;
        smallest = Math.min(smallest, length);
        largest = Math.max(largest, length);
        // v = x − pivot·e, scaled so that the reflection is 1 − v vᵀ.
        a[start + k] -= pivot;
        const factor = 1 / Math.sqrt(-pivot * a[start + k]);
        for (let i = start + k; i < start + rows; i++) a[i] *= factor;
        for (let j = k + 1; j < end; j++) this.reflect(k, a.subarray(j * rows, (j + 1) * rows));
      }
      // Four columns go through all reflections of the panel while both are in the cache.
      let j = end;
      for (; j + 3 < columns; j += 4) for (let k = panel; k < end; k++) this.reflectFour(k, j);
      for (; j < columns; j++) {
        const column = a.subarray(j * rows, (j + 1) * rows);
        for (let k = panel; k < end; k++) this.reflect(k, column);
      }
    }
    return smallest / largest;
  }

  /** The x of least ‖A x − b‖; b is overwritten. */
  solve(b: Float64Array): Float64Array {
    const { rows, columns, matrix: a, diagonal, scales } = this;
    for (let k = 0; k < columns; k++) this.reflect(k, b);
    const x = b.slice(0, columns);
    for (let k = columns - 1; k >= 0; k--) {
      x[k] /= diagonal[k];
      const start = k * rows;
      for (let i = 0; i < k; i++) x[i] -= x[k] * a[start + i];
    }
    for (let k = 0; k < columns; k++) x[k] *= scales[k];
    return x;
  }

  private reflectFour(k: number, j: number): void {
    const { rows, matrix: a } = this;
    const v = k * rows;
    const p = j * rows;
    const q = p + rows;
    const r = q + rows;
    const s = r + rows;
    let dotP = 0;
    let dotQ = 0;
    let dotR = 0;
    let dotS = 0;
    for (let i = k; i < rows; i++) {
      const value = a[v + i];
      dotP += value * a[p + i];
      dotQ += value * a[q + i];
      dotR += value * a[r + i];
      dotS += value * a[s + i];
    }
    for (let i = k; i < rows; i++) {
      const value = a[v + i];
      a[p + i] -= dotP * value;
      a[q + i] -= dotQ * value;
      a[r + i] -= dotR * value;
      a[s + i] -= dotS * value;
    }
  }

  private reflect(k: number, column: Float64Array): void {
    const { rows, matrix: a } = this;
    const start = k * rows;
    let dot = 0;
    for (let i = k; i < rows; i++) dot += a[start + i] * column[i];
    for (let i = k; i < rows; i++) column[i] -= dot * a[start + i];
  }
}
