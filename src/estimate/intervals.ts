import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { NotSupportedError } from '../errors.ts';
import { partial } from '../expression/differentiate.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import type { Leaf } from '../expression/expression.ts';
import type { Problem } from '../problem/problem.ts';
import type { LeastSquaresPoint } from './least-squares-problem.ts';
import { twoSidedStudentT } from './student-t.ts';

/** An estimate with its confidence interval; where the data do not determine it, the interval is infinite. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
}

export interface Intervals {
  readonly estimates: Readonly<Record<string, Estimate>>;
  /** The problem's derived expressions, by the delta method. */
  readonly derived: Readonly<Record<string, Estimate>>;
  readonly level: number;
  readonly sumOfSquares: number;
  /** √(sum of squares / degrees of freedom). */
  readonly residualStandardDeviation: number;
  /** Observations less unknowns. */
  readonly degreesOfFreedom: number;
  /** In the order of the problem's unknowns. */
  readonly covariance: readonly (readonly number[])[];
}

/** Relative singular value below which a combination of unknowns counts as not determined. */
const rankTolerance = 1e-10;

/**
 * Gauss–Newton intervals: covariance s² (JᵀJ)⁻¹ with s² = sum of squares/(n − p), and ± t·(standard error) with
 * Student's t at n − p degrees of freedom. Seber & Wild (1989), Nonlinear Regression, sections 2.1 and 5.1.
 *
 * @throws NotSupportedError where there are no more observations than unknowns
 */
export function intervalsAt(problem: Problem, point: LeastSquaresPoint, level: number): Intervals {
  const names = problem.unknowns.map(({ name }) => name);
  const rows = point.residuals.length;
  const degreesOfFreedom = rows - names.length;
  if (degreesOfFreedom < 1) {
    throw new NotSupportedError(
      `${rows} observations leave no degree of freedom for an interval of ${names.length} unknowns`,
      { path: 'data' },
    );
  }
  const variance = point.sumOfSquares / degreesOfFreedom;
  const { covariance, determined } = inverseNormal(point.jacobian, rows, names.length, variance);
  const t = twoSidedStudentT(level, degreesOfFreedom);
  const interval = (value: number, standardError: number): Estimate => ({
    value,
    standardError,
    low: value - t * standardError,
    high: value + t * standardError,
  });

  const values = point.values;
  const leafValue = (leaf: Leaf): number => values[names.indexOf(leaf.name)];
  const derived = problem.derived.map(({ name, expression }): [string, Estimate] => {
    const gradient = names.map((unknown) =>
      evaluateScalar(partial(expression, { kind: 'unknown', name: unknown }), leafValue),
    );
    let square = 0;
    gradient.forEach((a, i) => {
      gradient.forEach((b, j) => {
        if (a !== 0 && b !== 0) square += a * b * covariance[i][j];
      });
    });
    const value = evaluateScalar(expression, leafValue);
    const open = gradient.some((slope, i) => slope !== 0 && !determined[i]);
    return [name, interval(value, open ? Number.POSITIVE_INFINITY : Math.sqrt(Math.max(0, square)))];
  });
  return {
    estimates: Object.fromEntries(
      names.map((name, i) => [name, interval(values[i], Math.sqrt(covariance[i][i]))]),
    ),
    derived: Object.fromEntries(derived),
    level,
    sumOfSquares: point.sumOfSquares,
    residualStandardDeviation: Math.sqrt(variance),
    degreesOfFreedom,
    covariance,
  };
}

/** variance·(JᵀJ)⁻¹ by the singular values of J with its columns scaled to length 1. */
function inverseNormal(
  jacobian: Float64Array,
  rows: number,
  columns: number,
  variance: number,
): { covariance: number[][]; determined: boolean[] } {
  const matrix = Matrix.from1DArray(rows, columns, jacobian);
  const lengths = Array.from({ length: columns }, (_, j) => Math.hypot(...matrix.getColumn(j)) || 1);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) matrix.set(i, j, matrix.get(i, j) / lengths[j]);
  const svd = new SingularValueDecomposition(matrix, { autoTranspose: true });
  const singular = svd.diagonal;
  const v = svd.rightSingularVectors;
  const determined = new Array<boolean>(columns).fill(true);
  const covariance = Array.from({ length: columns }, () => new Array<number>(columns).fill(0));
  singular.forEach((s, k) => {
    if (s <= rankTolerance * singular[0] || s === 0) {
      for (let i = 0; i < columns; i++) if (Math.abs(v.get(i, k)) > 1e-6) determined[i] = false;
      return;
    }
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++) {
        covariance[i][j] += (variance * v.get(i, k) * v.get(j, k)) / (s * s * lengths[i] * lengths[j]);
      }
    }
  });
  determined.forEach((is, i) => {
    if (!is) covariance[i][i] = Number.POSITIVE_INFINITY;
  });
  return { covariance, determined };
}
