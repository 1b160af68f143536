/**
 * Functions on an interval by the Chebyshev coefficients of their derivative of order m and m constants of
 * integration. Integration keeps condition numbers small where differentiation matrices lose digits: Greengard
 * (1991), SIAM J. Numer. Anal. 28, 1071–1080.
 *
 * Basis function j < count is the m-fold integral of T_j, and count + k is T_k for k < m, in ξ ∈ [−1, 1].
 */
export class IntegratedBasis {
  readonly size: number;
  private readonly center: number;
  private readonly halfWidth: number;

  /**
   * @param order  m
   * @param count  Chebyshev coefficients of the derivative of order m
   */
  constructor(
    readonly order: number,
    readonly count: number,
    low: number,
    high: number,
  ) {
    this.size = count + order;
    this.center = (low + high) / 2;
    this.halfWidth = (high - low) / 2;
  }

  /** The zeros of T_count in the interval, ascending. */
  points(count = this.count): Float64Array {
    return Float64Array.from(
      { length: count },
      (_, i) => this.center - this.halfWidth * Math.cos((Math.PI * (i + 0.5)) / count),
    );
  }

  /** Writes the derivative of the given order at x of every basis function to out[start …]. */
  row(x: number, order: number, out: Float64Array, start: number): void {
    const { count, size, order: m } = this;
    const xi = (x - this.center) / this.halfWidth;
    const scale = this.halfWidth ** -order;
    const times = m - order;
    const values = chebyshevDerivatives(size + 1, xi, Math.max(0, -times));
    const integrals = values.slice();
    for (let k = 0; k < times; k++) integrate(integrals);
    const constants = times < m ? chebyshevDerivatives(m + 1, xi, order) : values;
    for (let j = 0; j < count; j++) out[start + j] = scale * integrals[j];
    for (let k = 0; k < m; k++) out[start + count + k] = scale * constants[k];
  }

  /** The function's derivative at x from its coefficients. */
  evaluate(coefficients: Float64Array, x: number, order = 0): number {
    const row = new Float64Array(this.size);
    this.row(x, order, row, 0);
    return row.reduce((sum, value, j) => sum + value * coefficients[j], 0);
  }

  /** The largest of the last coefficients (an eighth of them, two at least) over the largest of all. */
  tail(coefficients: ArrayLike<number>): number {
    let largest = 0;
    let last = 0;
    const from = this.count - Math.max(2, this.count >> 3);
    for (let j = 0; j < this.count; j++) {
      const size = Math.abs(coefficients[j]);
      largest = Math.max(largest, size);
      if (j >= from) last = Math.max(last, size);
    }
    return largest === 0 ? 0 : last / largest;
  }
}

/** Derivatives of order k at x of T_0 … T_{count − 1}. */
function chebyshevDerivatives(count: number, x: number, k: number): Float64Array {
  let below = new Float64Array(count);
  let values = new Float64Array(count);
  for (let order = 0; order <= k; order++) {
    values = new Float64Array(count);
    for (let j = 0; j < count; j++) {
      if (j === 0) values[0] = order === 0 ? 1 : 0;
      else if (j === 1) values[1] = order === 0 ? x : order === 1 ? 1 : 0;
      else values[j] = 2 * x * values[j - 1] - values[j - 2] + 2 * order * below[j - 1];
    }
    below = values;
  }
  return values;
}

/**
 * From the values of T_j, or of functions made of them in this way, those of their integrals:
 * ∫T_j = T_{j+1}/(2(j + 1)) − T_{j−1}/(2(j − 1)). The last entry is lost each time.
 */
function integrate(values: Float64Array): void {
  const before = values.slice();
  const at = (j: number): number => before[j] ?? 0;
  for (let j = 0; j < values.length; j++) {
    if (j === 0) values[0] = at(1);
    else if (j === 1) values[1] = at(2) / 4;
    else values[j] = at(j + 1) / (2 * (j + 1)) - at(j - 1) / (2 * (j - 1));
  }
}
