/** Coefficients in the fewest functions: the principal parts of the training functions in L2 of the domain. */
import type { Problem } from '../../problem/problem.ts';
import { HardPart } from '../evaluate/hard-part.ts';
import { product, transposed } from '../linear/matrix-product.ts';
import { principalParts } from '../linear/principal-parts.ts';
import type { CoefficientSet, SolutionBasis } from './coefficient-set.ts';
import { domainQuadrature, type WeightedPoints } from './quadrature.ts';

/** Parts below this share of the largest hold nothing but what rounding and references leave. */
const tolerance = 1e-11;
const mostParts = 100;

/**
 * The set with bases whose functions are orthonormal in L2 of the domain (of measure one; φ ψ_k where conditions are
 * hard), in the order of how much of the training functions they hold.
 */
export function compressed(set: CoefficientSet, problem: Problem): CoefficientSet {
  const begun = performance.now();
  const hard = new HardPart(problem);
  const quadrature = domainQuadrature(problem);
  const bases: Record<string, SolutionBasis> = {};
  const coefficients: Record<string, Float64Array> = {};
  for (const [field, basis] of Object.entries(set.bases)) {
    const parts = fieldParts(basis, set.coefficients[field], set.count, hard, field, quadrature);
    bases[field] = parts.basis;
    coefficients[field] = parts.coefficients;
  }
  return { ...set, bases, coefficients, seconds: set.seconds + (performance.now() - begun) / 1000 };
}

function fieldParts(
  basis: SolutionBasis,
  coefficients: Float64Array,
  count: number,
  hard: HardPart,
  field: string,
  { points, count: pointCount, weights }: WeightedPoints,
): { readonly basis: SolutionBasis; readonly coefficients: Float64Array } {
  const { size } = basis;
  const values = hard.applied(field, basis, points);
  for (let n = 0; n < pointCount; n++) {
    const root = Math.sqrt(weights[n]);
    for (let k = 0; k < size; k++) values[n * size + k] *= root;
  }
  const back = transposed(coefficients, count, size);
  const functions = product(values, back, pointCount, size, count);
  const {
    rank,
    values: singular,
    right,
  } = principalParts(functions, pointCount, count, {
    most: mostParts,
    tolerance,
  });
  // ψ'_k = Σ_i u_i V_ik / s_k: combinations of the training functions themselves.
  const combination = new Float64Array(count * rank);
  const scaled = new Float64Array(count * rank);
  for (let i = 0; i < count; i++)
    for (let k = 0; k < rank; k++) {
      combination[i * rank + k] = right[i * rank + k] / singular[k];
      scaled[i * rank + k] = right[i * rank + k] * singular[k];
    }
  const matrix = product(back, combination, size, count, rank);
  return { basis: basis.combined(matrix, rank), coefficients: scaled };
}
