/** How often values fall into which bin. */
import { ProblemError } from '../../errors.ts';

export interface Histogram {
  /** Edges of the bins, ascending, (bins + 1). The last bin holds its right edge too. */
  readonly edges: Float64Array;
  /** (bins); all values are in some bin. */
  readonly counts: Float64Array;
  readonly count: number;
  readonly least: number;
  readonly greatest: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

/**
 * @param bins  how many of one width between the least and the greatest value, or between the ends of `range`
 * @throws ProblemError where there are no values, or some are no finite numbers
 */
export function histogram(
  values: ArrayLike<number>,
  { bins = 30, range }: { readonly bins?: number; readonly range?: readonly [number, number] } = {},
): Histogram {
  if (values.length === 0) throw new ProblemError('a histogram of no values', { path: 'values' });
  let [least, greatest, sum, sumOfSquares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let n = 0; n < values.length; n++) {
    if (!Number.isFinite(values[n]))
      throw new ProblemError(`a histogram of ${values[n]}`, { path: `value ${n}` });
    least = Math.min(least, values[n]);
    greatest = Math.max(greatest, values[n]);
    sum += values[n];
    sumOfSquares += values[n] ** 2;
  }
  // Equal values get a bin around them.
  const room = least < greatest ? 0 : Math.max(Math.abs(least), 1) * 1e-6;
  const [low, high] = range ?? [least - room, greatest + room];
  const edges = Float64Array.from({ length: bins + 1 }, (_, k) => low + ((high - low) * k) / bins);
  const counts = new Float64Array(bins);
  for (let n = 0; n < values.length; n++) {
    // What is beyond the range is counted in the bin next to it.
    const bin = Math.floor(((values[n] - low) / (high - low)) * bins);
    counts[Math.min(bins - 1, Math.max(0, bin))] += 1;
  }
  return { edges, counts, count: values.length, least, greatest, sum, sumOfSquares };
}

/** Deviation of the values of a histogram. */
export function histogramDeviation({ count, sum, sumOfSquares }: Histogram): number {
  return Math.sqrt(Math.max(0, sumOfSquares / count - (sum / count) ** 2));
}
