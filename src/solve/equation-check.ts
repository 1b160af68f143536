/** How far a solution is from satisfying its equations at points it was never trained on. */
import { subtract, termsOf } from '../expression/build.ts';
import type { Expression } from '../expression/expression.ts';
import { interiorPoints, spaceSubset } from '../residual/collocation.ts';
import { derivativeScale, toUserPoints } from '../residual/index.ts';
import { sampleCount, termMagnitude } from '../residual/magnitudes.ts';
import type { Solution } from './solution.ts';

export interface EquationCheck {
  readonly path: string;
  readonly text: string;
  /**
   * Root mean square of the residual over that of the equation's largest term, the larger of what the term is
   * at the solution and what it is for fields of their usual size: 1 where nothing cancels.
   */
  readonly share: number;
  /** Share of the points at which the equation has no finite value. */
  readonly undefinedShare: number;
}

const points = 2000;
const seed = 20_011;

/** The rows of points (N, d) for which `keep` is not zero. */
function rowsWhere(rows: Float64Array, d: number, keep: Float64Array): Float64Array {
  return rows.filter((_, k) => keep[Math.floor(k / d)] !== 0);
}

/** Size of a term for fields of their usual size, in the user's units. */
function usualSize(term: Expression, solution: Solution, rows: Float64Array): number {
  const { problem, scaling, unknowns } = solution;
  const d = problem.coordinates.length;
  const count = Math.min(sampleCount, rows.length / d);
  const sample = Array.from({ length: count }, (_, n) => [...rows.subarray(n * d, (n + 1) * d)]);
  return termMagnitude(
    term,
    sample,
    ({ name, order }) => derivativeScale(scaling, name, order),
    (name) => unknowns[name],
  );
}

/** One entry for each equation that holds anywhere, on points drawn anew. */
export function checkEquations(solution: Solution): EquationCheck[] {
  const { problem, scaling } = solution;
  const d = problem.coordinates.length;
  const within = spaceSubset(problem, scaling);
  const all = toUserPoints(interiorPoints('uniform', points, d, seed, within), scaling);
  return problem.equations.flatMap(({ path, text, left, right, where }): EquationCheck[] => {
    const rows = where === undefined ? all : rowsWhere(all, d, solution.evaluateExpression(where, all));
    const count = rows.length / d;
    if (count === 0) return [];
    const terms = termsOf(subtract(left, right));
    const values = terms.map((term) => solution.evaluateExpression(term, rows));
    const squares = new Float64Array(terms.length);
    let residual = 0;
    let finite = 0;
    for (let n = 0; n < count; n++) {
      const r = values.reduce((sum, column) => sum + column[n], 0);
      if (!Number.isFinite(r)) continue;
      finite++;
      residual += r * r;
      for (let k = 0; k < terms.length; k++) squares[k] += values[k][n] ** 2;
    }
    const sizes = terms.map((term, k) =>
      Math.max(Math.sqrt(squares[k] / finite), usualSize(term, solution, rows)),
    );
    const largest = Math.max(...sizes);
    const share = residual === 0 ? 0 : Math.sqrt(residual / finite) / largest;
    return [{ path, text, share, undefinedShare: 1 - finite / count }];
  });
}
