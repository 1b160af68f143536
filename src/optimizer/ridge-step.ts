/** Gauss–Newton steps with a Tikhonov term on the parameters that they lead to. */
import { type FoldDiagonal, foldDiagonal, solveUpper, squaredColumnNorms } from './triangular-factor.ts';

export interface RidgeStep {
  /** δ of the minimum of ‖Rδ + v‖² + μ‖θ + δ‖². */
  readonly delta: Float64Array;
  /** The triangle of R with √μ on its diagonal folded in, (n, n) row-major. */
  readonly factor: Float64Array;
}

/**
 * Columns that depend on one another nearly leave combinations of parameters open that the residual hardly knows of;
 * the term keeps them from drifting, and from being taken for directions that the residual knows.
 *
 * @param factor  R, (n, n)
 * @param vector  v = Qᵀρ, (n)
 * @param ridge  √μ over the largest norm of a column of R
 * @param least  √μ of each parameter at least
 */
export function ridgeStep(
  factor: Float64Array,
  vector: Float64Array,
  theta: Float64Array,
  ridge: number,
  fold: FoldDiagonal = foldDiagonal,
  least?: Float64Array,
): RidgeStep {
  const n = theta.length;
  const root = ridge * Math.sqrt(squaredColumnNorms(factor, n).reduce((a, b) => Math.max(a, b), 0));
  const roots = Float64Array.from({ length: n }, (_, i) => Math.max(root, least?.[i] ?? 0));
  // In terms of θ + δ, whose own size is what is bounded.
  const moved = vector.slice();
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) moved[i] -= factor[i * n + j] * theta[j];
  const folded = fold(factor, moved, roots);
  const reached = solveUpper(folded.factor, folded.vector);
  return { delta: reached.map((value, i) => -value - theta[i]), factor: folded.factor };
}
