import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { SolveError } from '../../errors.ts';

/** F with F Fᵀ = K by rows, (n, modes): a field at n points is F ξ with independent standard normal ξ. */
export type CovarianceFactor = readonly Float64Array[];

/** Smaller eigenvalues, in shares of the largest, are rounding errors. */
const smallest = 1e-14;

/** By eigenvectors, for kernels so smooth that K is singular to rounding; modes fall off in size. */
export function spectralFactor(covariance: readonly (readonly number[])[]): CovarianceFactor {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    new Matrix(covariance as number[][]),
    {
      assumeSymmetric: true,
    },
  );
  const largest = Math.max(...realEigenvalues);
  const kept = [...realEigenvalues.keys()]
    .filter((i) => realEigenvalues[i] > smallest * largest)
    .sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  return covariance.map((_, row) =>
    // The sign of an eigenvector is left open by its definition, and is not to depend on how it was found.
    Float64Array.from(kept, (i) => {
      let pivot = 0;
      for (let k = 1; k < covariance.length; k++)
        if (Math.abs(eigenvectorMatrix.get(k, i)) > 1.001 * Math.abs(eigenvectorMatrix.get(pivot, i)))
          pivot = k;
      const sign = eigenvectorMatrix.get(pivot, i) < 0 ? -1 : 1;
      return sign * Math.sqrt(realEigenvalues[i]) * eigenvectorMatrix.get(row, i);
    }),
  );
}

/** By Cholesky's factor, for rough kernels; the diagonal is raised by a share of 1e-12 at most. */
export function choleskyFactor(covariance: readonly (readonly number[])[]): CovarianceFactor {
  for (const raise of [0, 1e-15, 1e-14, 1e-13, 1e-12]) {
    const raised = covariance.map((row, i) => row.map((value, j) => (i === j ? value * (1 + raise) : value)));
    const found = new CholeskyDecomposition(new Matrix(raised));
    if (found.isPositiveDefinite())
      return found.lowerTriangularMatrix.to2DArray().map((row) => Float64Array.from(row));
  }
  throw new SolveError('the covariance of the random field is not positive definite');
}

/** F ξ, of as many entries as F has rows. */
export function combination(factor: CovarianceFactor, modes: ArrayLike<number>): Float64Array {
  return Float64Array.from(factor, (row) => row.reduce((sum, value, i) => sum + value * modes[i], 0));
}
