/** Weights that make the terms of a loss equal in some size. */

/** No term weighs more than this times another: a term that vanishes has no size to be balanced by. */
const largestRatio = 1e6;

/** Factors inverse to the sizes, the smallest of them 1; 1 each where no size is above zero. */
export function balancingFactors(sizes: readonly number[]): number[] {
  const finite = sizes.map((size) => (Number.isFinite(size) ? size : 0));
  const largest = Math.max(...finite);
  if (!(largest > 0)) return sizes.map(() => 1);
  return finite.map((size) => largest / Math.max(size, largest / largestRatio));
}

/** average · old + (1 − average) · fresh; the fresh ones alone where there are no old ones. */
export function movingAverage(
  old: readonly number[] | undefined,
  fresh: readonly number[],
  average: number,
): number[] {
  if (old === undefined || old.length !== fresh.length) return [...fresh];
  return fresh.map((value, i) => average * old[i] + (1 - average) * value);
}
