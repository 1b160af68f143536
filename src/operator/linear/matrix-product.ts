/** Products of dense matrices, row-major. */

/** A·B with A (n, k) and B (k, m). */
export function product(a: Float64Array, b: Float64Array, n: number, k: number, m: number): Float64Array {
  const c = new Float64Array(n * m);
  // Four rows of B at a time: a row of C is read and written a quarter as often.
  for (let i = 0; i < n; i++) {
    const row = c.subarray(i * m, (i + 1) * m);
    let p = 0;
    for (; p + 3 < k; p += 4) {
      const at = i * k + p;
      const [a0, a1] = [a[at], a[at + 1]];
      const [a2, a3] = [a[at + 2], a[at + 3]];
      const b0 = p * m;
      const b1 = b0 + m;
      const b2 = b1 + m;
      const b3 = b2 + m;
      for (let j = 0; j < m; j++)
        row[j] += a0 * b[b0 + j] + a1 * b[b1 + j] + (a2 * b[b2 + j] + a3 * b[b3 + j]);
    }
    for (; p < k; p++) {
      const factor = a[i * k + p];
      for (let j = 0; j < m; j++) row[j] += factor * b[p * m + j];
    }
  }
  return c;
}

/** Aᵀ of A (n, m). */
export function transposed(a: Float64Array, n: number, m: number): Float64Array {
  const t = new Float64Array(n * m);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) t[j * n + i] = a[i * m + j];
  return t;
}
