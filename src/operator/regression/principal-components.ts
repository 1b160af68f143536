/** Coordinates of functions given by their values: principal components, centred and in the units of the values. */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { triangularFactor } from './triangular-factor.ts';

export interface PrincipalComponents {
  /** Mean of the rows, (width). */
  readonly mean: Float64Array;
  /** Orthonormal directions, (rank, width), by falling energy. */
  readonly directions: Float64Array;
  /** Standard deviation along each direction, (rank). */
  readonly deviations: Float64Array;
  readonly rank: number;
}

/**
 * Principal components of rows (Jolliffe, Principal Component Analysis, Springer 2002): singular vectors of the
 * centred rows, from the triangular factor where there are more rows than columns.
 *
 * @param rows (count, width)
 * @param tolerance directions whose deviation is a smaller share of the largest are left out
 */
export function principalComponents(
  rows: Float64Array,
  count: number,
  width: number,
  tolerance: number,
): PrincipalComponents {
  const mean = new Float64Array(width);
  for (let i = 0; i < count; i++) for (let j = 0; j < width; j++) mean[j] += rows[i * width + j] / count;
  const centered = rows.map((value, k) => value - mean[k % width]);
  const size = Math.min(count, width);
  const factor = count > width ? triangularFactor(centered, count, width) : centered;
  const { rightSingularVectors: right, diagonal } = new SingularValueDecomposition(
    Matrix.from1DArray(size, width, factor as unknown as number[]),
    { autoTranspose: true, computeLeftSingularVectors: true },
  );
  // Beside a mean that is larger than what is left, the differences have no more digits than this.
  const largest = rows.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const least = Math.max(tolerance * (diagonal[0] ?? 0), 4 * Number.EPSILON * largest * Math.sqrt(count));
  let rank = 0;
  while (rank < size && rank < count - 1 && diagonal[rank] > least) rank++;
  const directions = new Float64Array(rank * width);
  for (let k = 0; k < rank; k++) {
    for (let j = 0; j < width; j++) directions[k * width + j] = right.get(j, k);
  }
  const deviations = Float64Array.from(diagonal.slice(0, rank), (value) => value / Math.sqrt(count));
  return { mean, directions, deviations, rank };
}

/** Coordinates of rows along the first `rank` directions, (count, rank). */
export function scores(
  components: PrincipalComponents,
  rows: Float64Array,
  count: number,
  rank = components.rank,
): Float64Array {
  const { mean, directions } = components;
  const width = mean.length;
  const result = new Float64Array(count * rank);
  const row = new Float64Array(width);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < width; j++) row[j] = rows[i * width + j] - mean[j];
    for (let k = 0, at = 0; k < rank; k++, at += width) {
      let sum = 0;
      for (let j = 0; j < width; j++) sum += row[j] * directions[at + j];
      result[i * rank + k] = sum;
    }
  }
  return result;
}
