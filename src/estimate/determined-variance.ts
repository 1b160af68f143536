import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import type { Problem } from '../problem/problem.ts';
import { TrajectoryLikelihood } from './trajectory-likelihood.ts';

/** Relative singular value below which a combination of unknowns counts as not determined. */
const RANK_TOLERANCE = 1e-9;
/** Relative change along an undetermined combination that counts as none. */
const NO_CHANGE = 1e-6;

/** Estimates and noise parameters by name. */
export interface DeterminedFit {
  readonly estimates: Readonly<Record<string, { readonly value: number }>>;
  readonly noise: Readonly<Record<string, { readonly value: number }>>;
}

/**
 * The variance of a number with given slopes by the unknowns, where the data need not determine all of them: that of
 * what they determine, by the singular values of the Jacobian, and infinity for a number that depends on the rest.
 * Such a number is not estimable in the sense of Seber & Lee (2003), Linear Regression Analysis, section 3.9.
 */
export function determinedVariance(
  problem: Problem,
  { estimates, noise }: DeterminedFit,
  rtol: number,
): (slopes: Float64Array) => number {
  const likelihood = new TrajectoryLikelihood(problem, { rtol });
  const { unknowns, count, leastSquares } = likelihood;
  const x = Float64Array.from(likelihood.names, (name) => (estimates[name] ?? noise[name]).value);
  const { jacobian, sumOfSquares } = likelihood.evaluate(x);
  const columns = Matrix.zeros(Math.max(count, unknowns), unknowns);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < unknowns; j++) columns.set(i, j, jacobian[i * x.length + j]);
  const lengths = Float64Array.from({ length: unknowns }, (_, j) => Math.hypot(...columns.getColumn(j)) || 1);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < unknowns; j++) columns.set(i, j, columns.get(i, j) / lengths[j]);
  const { diagonal, rightSingularVectors } = new SingularValueDecomposition(columns);
  const rank = diagonal.filter((s) => s > RANK_TOLERANCE * Math.max(...diagonal)).length;
  const unit = leastSquares ? sumOfSquares / Math.max(1, count - rank) : 1;
  return (slopes) => {
    const scaled = slopes.map((slope, j) => slope / lengths[j]);
    const size = Math.hypot(...scaled);
    let variance = 0;
    diagonal.forEach((s, k) => {
      const part = scaled.reduce((sum, slope, j) => sum + slope * rightSingularVectors.get(j, k), 0);
      if (s > RANK_TOLERANCE * Math.max(...diagonal)) variance += unit * (part / s) ** 2;
      else if (Math.abs(part) > NO_CHANGE * size) variance = Number.POSITIVE_INFINITY;
    });
    return variance;
  };
}
