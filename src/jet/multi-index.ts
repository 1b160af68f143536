/**
 * A multi-index α = (α₁, …, α_d) names the partial derivative ∂^α = ∂^|α| / ∂x₁^α₁ … ∂x_d^α_d.
 */
export type MultiIndex = readonly number[];

/** The total order |α|. */
export function totalOrder(index: MultiIndex): number {
  return index.reduce((sum, k) => sum + k, 0);
}

export function multiIndexKey(index: MultiIndex): string {
  return index.join(',');
}

/** α + β. */
export function addMultiIndex(a: MultiIndex, b: MultiIndex): MultiIndex {
  return a.map((k, i) => k + b[i]);
}

/** The i-th unit multi-index in d coordinates. */
export function unitMultiIndex(dimension: number, i: number): MultiIndex {
  return Array.from({ length: dimension }, (_, j) => (j === i ? 1 : 0));
}

export function zeroMultiIndex(dimension: number): MultiIndex {
  return new Array<number>(dimension).fill(0);
}

/** Orders by |α| first, then lexicographically from the first coordinate on, higher first. */
export function compareMultiIndex(a: MultiIndex, b: MultiIndex): number {
  const byOrder = totalOrder(a) - totalOrder(b);
  if (byOrder !== 0) return byOrder;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return b[i] - a[i];
  return 0;
}

/**
 * The smallest set that holds the given multi-indices, the zero index, and every β ≤ α of each α in it,
 * sorted by {@link compareMultiIndex}: the derivatives that Faà di Bruno's formula needs.
 */
export function closeDownward(dimension: number, indices: readonly MultiIndex[]): MultiIndex[] {
  const closed = new Map<string, MultiIndex>();
  const visit = (index: MultiIndex): void => {
    const key = multiIndexKey(index);
    if (closed.has(key)) return;
    closed.set(key, index);
    index.forEach((k, i) => {
      if (k > 0) visit(index.map((m, j) => (j === i ? m - 1 : m)));
    });
  };
  visit(zeroMultiIndex(dimension));
  indices.forEach(visit);
  return [...closed.values()].sort(compareMultiIndex);
}
