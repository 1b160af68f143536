/** Reproduction numbers, and whatever else follows from unknowns, with their uncertainty. */
import { ProblemError, SolveError } from '../errors.ts';
import type { Estimate } from '../estimate/intervals.ts';
import { twoSidedNormal } from '../estimate/normal-distribution.ts';
import { twoSidedStudentT } from '../estimate/student-t.ts';
import type { Problem } from '../problem/index.ts';
import { InfectionDynamics, type NextGenerationOptions } from './next-generation.ts';

/** A quantity that follows from the unknowns. */
export type DerivedQuantity = (values: Readonly<Record<string, number>>) => number;

export interface FittedUnknowns {
  /** Estimates by name, the problem's unknowns among them. */
  readonly estimates: Readonly<Record<string, { readonly value: number }>>;
  /** In the order of the problem's unknowns, as `Intervals.covariance`. */
  readonly covariance: readonly (readonly number[])[];
  /** Student's t at these; normal quantiles where absent or infinite. */
  readonly degreesOfFreedom?: number;
  readonly level?: number;
}

/**
 * A derived quantity with its interval by the delta method, the gradient by central differences.
 *
 * @param level default: that of the fit, or 0.95
 * @throws ProblemError for a covariance that does not fit the unknowns; what the quantity throws
 */
export function deltaMethod(
  problem: Problem,
  quantity: DerivedQuantity,
  fit: FittedUnknowns,
  level = fit.level ?? 0.95,
): Estimate {
  const names = problem.unknowns.map(({ name }) => name);
  const { covariance } = fit;
  if (covariance.length < names.length || covariance.some((row) => row.length !== covariance.length))
    throw new ProblemError(`a covariance of ${covariance.length} rows for ${names.length} unknowns`, {
      path: 'covariance',
    });
  const values = Object.fromEntries(
    names.map((name) => {
      const value = fit.estimates[name]?.value;
      if (value === undefined || !Number.isFinite(value))
        throw new ProblemError(`the unknown \`${name}\` has no estimate`, { path: 'estimates' });
      return [name, value];
    }),
  );
  const value = quantity(values);
  const gradient = names.map((_, i) => slope(quantity, values, problem.unknowns[i], covariance[i][i]));
  let variance = 0;
  gradient.forEach((a, i) => {
    gradient.forEach((b, j) => {
      if (a !== 0 && b !== 0) variance += a * b * covariance[i][j];
    });
  });
  if (Number.isNaN(variance)) variance = Number.POSITIVE_INFINITY;
  const standardError = Math.sqrt(Math.max(0, variance));
  checkLevel(level);
  const freedom = fit.degreesOfFreedom ?? Number.POSITIVE_INFINITY;
  const t = Number.isFinite(freedom) ? twoSidedStudentT(level, freedom) : twoSidedNormal(level);
  return { value, standardError, low: value - t * standardError, high: value + t * standardError };
}

function checkLevel(level: number): void {
  if (!(level > 0 && level < 1))
    throw new ProblemError(`${level} is no level`, { path: 'level', hint: 'use a number between 0 and 1' });
}

/** Central difference, one-sided next to a bound. */
function slope(
  quantity: DerivedQuantity,
  values: Readonly<Record<string, number>>,
  { name, min, max }: Problem['unknowns'][number],
  variance: number,
): number {
  const x = values[name];
  const spread = Number.isFinite(variance) && variance > 0 ? Math.sqrt(variance) : 0;
  const step = 1e-5 * (Math.abs(x) || spread || 1);
  const up = Math.min(x + step, max ?? Number.POSITIVE_INFINITY);
  const down = Math.max(x - step, min ?? Number.NEGATIVE_INFINITY);
  const difference = quantity({ ...values, [name]: up }) - quantity({ ...values, [name]: down });
  // below what rounding makes of it the quantity does not depend on the unknown
  if (Math.abs(difference) <= 1e-14 * Math.abs(quantity(values))) return 0;
  return difference / (up - down);
}

/** R₀ as a function of the unknowns; the flows are analyzed once. */
export function reproductionNumberQuantity(
  problem: Problem,
  options: NextGenerationOptions = {},
): DerivedQuantity {
  const dynamics = new InfectionDynamics(problem, options);
  return (values) => dynamics.diseaseFree(values, options).reproductionNumber;
}

/** R₀ with its interval by the delta method; see {@link deltaMethod}. */
export function reproductionNumberInterval(
  problem: Problem,
  fit: FittedUnknowns,
  options: NextGenerationOptions & { readonly level?: number } = {},
): Estimate {
  return deltaMethod(problem, reproductionNumberQuantity(problem, options), fit, options.level);
}

export interface ReplicatedQuantity {
  /** One value per replicate. */
  readonly values: Float64Array;
  readonly low: number;
  readonly high: number;
}

/**
 * A derived quantity over bootstrap replicates of the unknowns, with its percentile interval. Efron &
 * Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.
 *
 * @param replicates values by unknown, all of the same number
 * @throws ProblemError for replicates that are missing or of different numbers; SolveError where the quantity is
 * not finite
 */
export function mapReplicates(
  problem: Problem,
  quantity: DerivedQuantity,
  replicates: Readonly<Record<string, ArrayLike<number>>>,
  level = 0.95,
): ReplicatedQuantity {
  checkLevel(level);
  const columns = problem.unknowns.map(({ name }) => {
    const column = replicates[name];
    if (column === undefined || column.length === 0)
      throw new ProblemError(`the unknown \`${name}\` has no replicates`, { path: 'replicates' });
    return { name, column };
  });
  const count = columns[0]?.column.length ?? 0;
  if (columns.some(({ column }) => column.length !== count) || count === 0)
    throw new ProblemError('the unknowns have different numbers of replicates', { path: 'replicates' });
  const values = Float64Array.from({ length: count }, (_, k) =>
    quantity(Object.fromEntries(columns.map(({ name, column }) => [name, column[k]]))),
  );
  if (!values.every(Number.isFinite)) throw new SolveError('the quantity is not finite for every replicate');
  const sorted = values.slice().sort();
  const quantile = (q: number): number => {
    const position = q * (count - 1);
    const below = Math.floor(position);
    const above = Math.min(below + 1, count - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  };
  return { values, low: quantile((1 - level) / 2), high: quantile((1 + level) / 2) };
}
