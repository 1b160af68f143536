import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { NotSupportedError } from '../errors.ts';
import { partial } from '../expression/differentiate.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import type { Leaf } from '../expression/expression.ts';
import { twoSidedNormal } from './normal-distribution.ts';
import { twoSidedStudentT } from './student-t.ts';
import type { ScoringPoint, TrajectoryLikelihood } from './trajectory-likelihood.ts';

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
  /**
   * Noise parameters that the problem does not state. A standard deviation is √(sum of squares/degrees of
   * freedom), not its smaller maximum likelihood; intervals are symmetric on a logarithmic scale.
   */
  readonly noise: Readonly<Record<string, Estimate>>;
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
 * Wald intervals. For Gaussian noise those of Gauss–Newton: covariance s² (JᵀJ)⁻¹ with s² = sum of squares/(n − p),
 * and ± t·(standard error) with Student's t at n − p degrees of freedom: Seber & Wild (1989), Nonlinear
 * Regression, sections 2.1 and 5.1. For other noise the inverse of Fisher's information and normal quantiles.
 *
 * @throws NotSupportedError where the noise is Gaussian and there are no more observations than unknowns
 */
export function intervalsAt(likelihood: TrajectoryLikelihood, point: ScoringPoint, level: number): Intervals {
  const { problem, count, leastSquares } = likelihood;
  const names = problem.unknowns.map(({ name }) => name);
  const degreesOfFreedom = count - names.length;
  if (degreesOfFreedom < 1 && leastSquares) {
    throw new NotSupportedError(
      `${count} observations leave no degree of freedom for an interval of ${names.length} unknowns`,
      { path: 'data' },
    );
  }
  const variance = point.sumOfSquares / Math.max(1, degreesOfFreedom);
  const columns = firstColumns(point.jacobian, point.x.length, count, names.length);
  const { covariance, determined } = inverseNormal(columns, count, names.length, leastSquares ? variance : 1);
  const t = leastSquares ? twoSidedStudentT(level, degreesOfFreedom) : twoSidedNormal(level);
  const interval = (value: number, standardError: number): Estimate => ({
    value,
    standardError,
    low: value - t * standardError,
    high: value + t * standardError,
  });

  const leafValue = (leaf: Leaf): number => point.x[names.indexOf(leaf.name)];
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
      names.map((name, i) => [name, interval(point.x[i], Math.sqrt(covariance[i][i]))]),
    ),
    derived: Object.fromEntries(derived),
    noise: noiseEstimates(likelihood, point, level),
    level,
    sumOfSquares: point.sumOfSquares,
    residualStandardDeviation: Math.sqrt(variance),
    degreesOfFreedom,
    covariance,
  };
}

function noiseEstimates(
  { problem, noiseParameters, names, count, unknowns }: TrajectoryLikelihood,
  point: ScoringPoint,
  level: number,
): Record<string, Estimate> {
  const z = twoSidedNormal(level);
  const n = point.x.length;
  return Object.fromEntries(
    noiseParameters.map(({ name, kind, observations }): [string, Estimate] => {
      let value = point.noise[name];
      let logError: number;
      if (kind === 'dispersion') {
        const place = names.indexOf(name);
        logError = 1 / (value * Math.sqrt(point.information[place * n + place]));
      } else {
        const own = observations.reduce((sum, o) => sum + problem.observations[o].count, 0);
        const freedom = own * Math.max(0, 1 - unknowns / count);
        value *= freedom > 0 ? Math.sqrt(own / freedom) : 1;
        logError = 1 / Math.sqrt(2 * freedom);
      }
      const factor = Math.exp(z * logError);
      return [name, { value, standardError: value * logError, low: value / factor, high: value * factor }];
    }),
  );
}

function firstColumns(matrix: Float64Array, width: number, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) out.set(matrix.subarray(i * width, i * width + columns), i * columns);
  return out;
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
