/** Principal components: the orthogonal directions along which data vary most. */
import { Matrix } from 'ml-matrix';
import { PCA } from 'ml-pca';
import { ProblemError } from '../../errors.ts';

export interface PrincipalComponents {
  /** Mean of each column, (columns). */
  readonly mean: Float64Array;
  /** Orthonormal directions, (count, columns), row-major, by falling variance. */
  readonly directions: Float64Array;
  readonly count: number;
  /** Variance of the data along each direction, (count): over N, as of a population. */
  readonly variances: Float64Array;
  /** Share of the data's whole variance along each direction, (count). */
  readonly explained: Float64Array;
  /** Scores (x − mean)·v of rows (N, columns): (N, count). */
  transform(rows: ArrayLike<number>): Float64Array;
  /** mean + Σ scoreₖ vₖ, of scores (N, count): (N, columns). */
  reconstruct(scores: ArrayLike<number>): Float64Array;
  /** The first few of the components. */
  leading(count: number): PrincipalComponents;
}

function componentsOf(
  mean: Float64Array,
  directions: Float64Array,
  variances: Float64Array,
  explained: Float64Array,
): PrincipalComponents {
  const columns = mean.length;
  const count = variances.length;
  const rowsIn = (values: ArrayLike<number>, width: number, path: string): number => {
    const rows = values.length / width;
    if (!Number.isInteger(rows))
      throw new ProblemError(`${values.length} numbers are no rows of ${width}`, { path });
    return rows;
  };
  return {
    mean,
    directions,
    count,
    variances,
    explained,
    transform(rows) {
      const scores = new Float64Array(rowsIn(rows, columns, 'rows') * count);
      for (let i = 0; i < scores.length; i++) {
        const row = Math.floor(i / count) * columns;
        const direction = (i % count) * columns;
        let sum = 0;
        for (let j = 0; j < columns; j++) sum += (rows[row + j] - mean[j]) * directions[direction + j];
        scores[i] = sum;
      }
      return scores;
    },
    reconstruct(scores) {
      const rows = new Float64Array(rowsIn(scores, count, 'scores') * columns);
      for (let n = 0; n * columns < rows.length; n++) {
        const row = rows.subarray(n * columns, (n + 1) * columns);
        row.set(mean);
        for (let k = 0; k < count; k++)
          for (let j = 0; j < columns; j++) row[j] += scores[n * count + k] * directions[k * columns + j];
      }
      return rows;
    },
    leading(fewer) {
      if (!Number.isInteger(fewer) || fewer < 1 || fewer > count)
        throw new ProblemError(`${fewer} of ${count} components`, {
          path: 'count',
          hint: `give 1 to ${count}`,
        });
      return componentsOf(
        mean,
        directions.subarray(0, fewer * columns),
        variances.subarray(0, fewer),
        explained.subarray(0, fewer),
      );
    },
  };
}

/** (1/N) Σ (xₙ − mean)(xₙ − mean)ᵀ, (columns, columns). */
function covariance(rows: ArrayLike<number>, mean: Float64Array): Matrix {
  const columns = mean.length;
  const count = rows.length / columns;
  const sums = new Float64Array(columns * columns);
  const row = new Float64Array(columns);
  for (let n = 0; n < count; n++) {
    for (let j = 0; j < columns; j++) row[j] = rows[n * columns + j] - mean[j];
    for (let i = 0; i < columns; i++) {
      const value = row[i];
      for (let j = 0; j <= i; j++) sums[i * columns + j] += value * row[j];
    }
  }
  const matrix = Matrix.zeros(columns, columns);
  for (let i = 0; i < columns; i++)
    for (let j = 0; j <= i; j++) {
      matrix.set(i, j, sums[i * columns + j] / count);
      matrix.set(j, i, sums[i * columns + j] / count);
    }
  return matrix;
}

/**
 * The eigenvectors v of the covariance of the rows, by falling eigenvalue. Of all linear maps to `count` numbers and
 * back, scores and reconstruction by the first `count` of them have the least squared error (Pearson, Phil. Mag. 2
 * (1901); Eckart & Young, Psychometrika 1 (1936)); it is the variance along the others. A direction is only determined
 * up to its sign: here its largest entry is positive. Deviations below about 10⁻⁸ of the largest are rounding.
 *
 * @param rows  (N, columns), row-major
 * @throws ProblemError for fewer than two rows, or numbers that make no rows
 */
export function principalComponents(rows: ArrayLike<number>, columns: number): PrincipalComponents {
  const count = rows.length / columns;
  if (!Number.isInteger(count) || count < 2)
    throw new ProblemError(`${rows.length} numbers are no rows of ${columns}`, {
      path: 'rows',
      hint: 'give two rows or more',
    });
  const mean = new Float64Array(columns);
  for (let i = 0; i < rows.length; i++) mean[i % columns] += rows[i] / count;
  const found = new PCA(covariance(rows, mean), { isCovarianceMatrix: true });
  // Rounding can make what is zero slightly negative.
  const variances = Float64Array.from(found.getEigenvalues(), (value) => Math.max(0, value));
  const total = variances.reduce((a, b) => a + b, 0);
  const vectors = found.getEigenvectors();
  const directions = new Float64Array(columns * columns);
  for (let k = 0; k < columns; k++) {
    const vector = vectors.getColumn(k);
    const largest = vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) * (1 + 1e-9) ? b : a), 0);
    for (let j = 0; j < columns; j++) directions[k * columns + j] = Math.sign(largest) * vector[j];
  }
  return componentsOf(
    mean,
    directions,
    variances,
    variances.map((value) => value / (total || 1)),
  );
}
