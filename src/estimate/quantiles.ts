/**
 * The quantile of a sample by linear interpolation between the order statistics at p(n + 1), definition 6 of
 * Hyndman & Fan (1996), The American Statistician 50, 361–365, which does not draw the tails of a small sample
 * inward; NaN for an empty sample.
 *
 * @param sorted ascending
 */
export function quantileOfSorted(sorted: Float64Array, p: number): number {
  if (sorted.length === 0) return Number.NaN;
  const last = sorted.length - 1;
  const place = Math.min(last, Math.max(0, p * (last + 2) - 1));
  const below = Math.floor(place);
  const part = place - below;
  return part === 0 ? sorted[below] : sorted[below] * (1 - part) + sorted[below + 1] * part;
}

/** Mean, spread and quantiles of a sample. */
export interface SampleSummary {
  readonly mean: number;
  /** With n − 1 in the denominator; 0 for a single value, infinite where a value is. */
  readonly standardDeviation: number;
  readonly median: number;
  /** The quantiles (1 − level)/2 and (1 + level)/2. */
  readonly low: number;
  readonly high: number;
}

export function summarize(values: ArrayLike<number>, level: number): SampleSummary {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    standardDeviation: n === 1 ? 0 : Number.isFinite(mean) ? Math.sqrt(squares / (n - 1)) : Infinity,
    median: quantileOfSorted(sorted, 0.5),
    low: quantileOfSorted(sorted, (1 - level) / 2),
    high: quantileOfSorted(sorted, (1 + level) / 2),
  };
}
