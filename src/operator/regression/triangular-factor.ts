/**
 * R of the factorisation A = Q·R by Householder's reflections (Golub & Van Loan, Matrix Computations, 5.2), for more
 * rows than columns: A has R's singular values and right singular vectors.
 *
 * @param a (rows, columns) row-major, left as it is
 * @returns (columns, columns) row-major, upper triangular
 */
export function triangularFactor(a: Float64Array, rows: number, columns: number): Float64Array {
  const column = Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (_, i) => a[i * columns + j]),
  );
  const r = new Float64Array(columns * columns);
  for (let k = 0; k < columns; k++) {
    const v = column[k];
    let norm = 0;
    for (let i = k; i < rows; i++) norm += v[i] * v[i];
    norm = Math.sqrt(norm);
    for (let i = 0; i < k; i++) r[i * columns + k] = v[i];
    if (norm === 0) continue;
    const head = v[k] > 0 ? -norm : norm;
    r[k * columns + k] = head;
    v[k] -= head;
    const scale = -1 / (head * v[k]);
    for (let j = k + 1; j < columns; j++) {
      const other = column[j];
      let sum = 0;
      for (let i = k; i < rows; i++) sum += v[i] * other[i];
      sum *= scale;
      for (let i = k; i < rows; i++) other[i] -= sum * v[i];
    }
  }
  return r;
}
