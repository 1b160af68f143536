type Operator = (x: Float64Array) => Float64Array;

/**
 * GMRES without restart for A x = b, preconditioned from the right: for preconditioners that differ from A by a
 * matrix of low rank, of which it needs about as many iterations. Saad & Schultz (1986), SIAM J. Sci. Stat. Comput.
 * 7, 856–869.
 *
 * @param tolerance relative to ‖b‖
 * @returns x; undefined where so many iterations do not reach the tolerance
 */
export function gmres(
  multiply: Operator,
  precondition: Operator,
  b: Float64Array,
  tolerance: number,
  mostIterations: number,
): Float64Array | undefined {
  const norm = (v: Float64Array): number => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  const size = norm(b);
  if (size === 0) return b.slice();
  const basis: Float64Array[] = [b.map((x) => x / size)];
  /** Columns of R of the Hessenberg matrix's QR factorisation by rotations. */
  const columns: number[][] = [];
  const rotations: [number, number][] = [];
  const right = [size];
  for (let k = 0; k < mostIterations; k++) {
    const w = multiply(precondition(basis[k]));
    const column: number[] = new Array<number>(k + 2).fill(0);
    // Twice, so that rounding leaves the basis orthogonal.
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((v, j) => {
        let product = 0;
        for (let i = 0; i < w.length; i++) product += v[i] * w[i];
        column[j] += product;
        for (let i = 0; i < w.length; i++) w[i] -= product * v[i];
      });
    }
    const length = norm(w);
    if (!Number.isFinite(length)) return undefined;
    column[k + 1] = length;
    rotations.forEach(([c, s], j) => {
      const above = column[j];
      column[j] = c * above + s * column[j + 1];
      column[j + 1] = -s * above + c * column[j + 1];
    });
    const radius = Math.hypot(column[k], column[k + 1]);
    if (radius === 0) return undefined;
    const [c, s] = [column[k] / radius, column[k + 1] / radius];
    rotations.push([c, s]);
    column[k] = radius;
    columns.push(column);
    right[k + 1] = -s * right[k];
    right[k] *= c;
    const done = Math.abs(right[k + 1]) <= tolerance * size;
    if (done || length <= 1e-300) {
      const y = new Array<number>(k + 1).fill(0);
      for (let i = k; i >= 0; i--) {
        let sum = right[i];
        for (let j = i + 1; j <= k; j++) sum -= columns[j][i] * y[j];
        y[i] = sum / columns[i][i];
      }
      const x = new Float64Array(b.length);
      y.forEach((factor, j) => {
        for (let i = 0; i < x.length; i++) x[i] += factor * basis[j][i];
      });
      return precondition(x);
    }
    basis.push(w.map((x) => x / length));
  }
  return undefined;
}
