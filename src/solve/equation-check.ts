/** How far a solution is from satisfying its equations at points it was never trained on. */
import { subtract, termsOf } from '../expression/build.ts';
import type { Expression } from '../expression/expression.ts';
import { fieldLeaves } from '../problem/implied-value.ts';
import { interiorPoints, spaceSubset } from '../residual/collocation.ts';
import { derivativeScale, toUserPoints } from '../residual/index.ts';
import { sampleCount, termMagnitude } from '../residual/magnitudes.ts';
import type { Solution } from './solution.ts';

export interface EquationCheck {
  readonly path: string;
  readonly text: string;
  /**
   * Root mean square of the residual over that of the equation's largest term, the larger of what the term is
   * at the solution and what it is for fields of their usual size: 1 where nothing cancels. Of what evolves in space, the
   * root mean squares over space, integrated over time.
   */
  readonly share: number;
  /** Share of the points at which the equation has no finite value. */
  readonly undefinedShare: number;
  /** How many there are. */
  readonly points: number;
}

const checkPoints = 2000;

/** Parts of time. */
const mostSlabs = 20;
const seed = 20_011;

/** The rows of points (N, d) for which `keep` is not zero. */
function rowsWhere(rows: Float64Array, d: number, keep: Float64Array): Float64Array {
  return rows.filter((_, k) => keep[Math.floor(k / d)] !== 0);
}

/** Size of a term at points (N, d) for fields of their usual size, in the user's units. */
export function usualSize(term: Expression, solution: Solution, rows: Float64Array): number {
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

/**
 * What a part of time is that each point lies in. What is left of an evolution equation acts on its solution as a source
 * does, by its integral over time (Duhamel): where layers form at a start that contradicts the boundary, derivatives
 * are unbounded for a moment that the solution hardly feels, while a mean square over all of time is of that moment.
 */
function slabsOf(solution: Solution, equation: Expression, rows: Float64Array): Int32Array {
  const { coordinates, time } = solution.problem;
  const d = coordinates.length;
  const count = rows.length / d;
  const evolves = time !== null && d > 1 && fieldLeaves([equation]).some((leaf) => leaf.order[time] > 0);
  if (!evolves) return new Int32Array(count);
  const { low, high } = coordinates[time];
  return Int32Array.from({ length: count }, (_, n) =>
    Math.min(mostSlabs - 1, Math.max(0, Math.floor((mostSlabs * (rows[n * d + time] - low)) / (high - low)))),
  );
}

/** Root mean squares by slab, averaged over the points. */
function meanOfSlabs(slabs: Int32Array, value: (n: number) => number): number {
  const squares = new Float64Array(mostSlabs);
  const counts = new Float64Array(mostSlabs);
  slabs.forEach((slab, n) => {
    const v = value(n);
    if (Number.isNaN(v)) return;
    squares[slab] += v * v;
    counts[slab]++;
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  return squares.reduce((sum, square, slab) => sum + Math.sqrt(square * counts[slab]), 0) / total;
}

/** One entry for each equation that holds anywhere, on points drawn anew. */
export function checkEquations(solution: Solution): EquationCheck[] {
  const { problem, scaling } = solution;
  const d = problem.coordinates.length;
  const within = spaceSubset(problem, scaling);
  const all = toUserPoints(interiorPoints('uniform', checkPoints, d, seed, within), scaling);
  return problem.equations.flatMap(({ path, text, left, right, where }): EquationCheck[] => {
    const rows = where === undefined ? all : rowsWhere(all, d, solution.evaluateExpression(where, all));
    const count = rows.length / d;
    if (count === 0) return [];
    const terms = termsOf(subtract(left, right));
    const values = terms.map((term) => solution.evaluateExpression(term, rows));
    const residual = Float64Array.from({ length: count }, (_, n) => {
      const r = values.reduce((sum, column) => sum + column[n], 0);
      return Number.isFinite(r) ? r : Number.NaN;
    });
    const finite = residual.filter((r) => !Number.isNaN(r)).length;
    const slabs = slabsOf(solution, subtract(left, right), rows);
    const remaining = meanOfSlabs(slabs, (n) => residual[n]);
    const sizes = terms.map((term, k) =>
      Math.max(
        meanOfSlabs(slabs, (n) => (Number.isNaN(residual[n]) ? Number.NaN : values[k][n])),
        usualSize(term, solution, rows),
      ),
    );
    const share = remaining === 0 ? 0 : remaining / Math.max(...sizes);
    return [{ path, text, share, undefinedShare: 1 - finite / count, points: count }];
  });
}
