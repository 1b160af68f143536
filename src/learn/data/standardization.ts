/** Columns brought to mean 0 and deviation 1. */
import { ProblemError } from '../../errors.ts';

export interface Standardization {
  /** Mean and standard deviation of each column, (columns). */
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  /** (count, columns) to the same shape, with mean 0 and deviation 1 where it was fitted. */
  apply(rows: ArrayLike<number>): Float64Array;
  /** Back to the units of the data. */
  invert(rows: ArrayLike<number>): Float64Array;
}

/**
 * Fitted to the rows that are trained on, and applied to those and to the ones held out, so that nothing is learnt
 * from the latter. A column that does not vary is only centered.
 *
 * @param rows  (count, columns), row-major
 */
export function standardization(rows: ArrayLike<number>, columns: number): Standardization {
  const count = rows.length / columns;
  if (!Number.isInteger(count) || count < 1)
    throw new ProblemError(`${rows.length} numbers are no rows of ${columns}`, { path: 'rows' });
  const mean = new Float64Array(columns);
  const deviation = new Float64Array(columns);
  for (let i = 0; i < rows.length; i++) mean[i % columns] += rows[i] / count;
  for (let i = 0; i < rows.length; i++) deviation[i % columns] += (rows[i] - mean[i % columns]) ** 2 / count;
  for (let j = 0; j < columns; j++) deviation[j] = Math.sqrt(deviation[j]) || 1;
  return {
    mean,
    deviation,
    apply: (own) =>
      Float64Array.from(own, (value, i) => (value - mean[i % columns]) / deviation[i % columns]),
    invert: (own) => Float64Array.from(own, (value, i) => value * deviation[i % columns] + mean[i % columns]),
  };
}
