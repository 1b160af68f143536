/**
 * Mean of the relative errors ‖e_i‖/‖y_i‖ over rows. Rows that are almost zero beside the others count by a
 * millionth of the root mean square.
 *
 * @param residuals (count, width)
 * @param norms of the rows that they belong to, (count)
 */
export function meanRelativeError(residuals: Float64Array, norms: Float64Array, width: number): number {
  let sum = 0;
  for (let i = 0; i < norms.length; i++) {
    let square = 0;
    for (let j = i * width; j < (i + 1) * width; j++) square += residuals[j] * residuals[j];
    sum += Math.sqrt(square) / norms[i];
  }
  return sum / norms.length;
}

/** Euclidean norms of rows, none below a millionth of their root mean square, (count). */
export function rowNorms(rows: Float64Array, count: number, width: number): Float64Array {
  const norms = new Float64Array(count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    let square = 0;
    for (let j = i * width; j < (i + 1) * width; j++) square += rows[j] * rows[j];
    norms[i] = Math.sqrt(square);
    total += square;
  }
  const least = 1e-6 * Math.sqrt(total / count) || 1;
  return norms.map((norm) => Math.max(norm, least));
}
