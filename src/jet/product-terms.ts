import { type MultiIndex, multiIndexKey } from './multi-index.ts';

/** coefficient · a_left · b_right, positions in the list of multi-indices. */
export interface ProductTerm {
  readonly coefficient: number;
  readonly left: number;
  readonly right: number;
}

/**
 * Leibniz' rule as a table: ∂^α(a·b) = Σ_{β≤α} C(α, β) ∂^β a ∂^{α−β} b for every α of a set that is closed downward.
 */
export function productTerms(indices: readonly MultiIndex[]): ProductTerm[][] {
  const position = new Map(indices.map((index, i) => [multiIndexKey(index), i]));
  return indices.map((alpha) =>
    lowerIndices(alpha).map((beta) => ({
      coefficient: alpha.reduce((product, n, i) => product * binomial(n, beta[i]), 1),
      left: position.get(multiIndexKey(beta))!,
      right: position.get(multiIndexKey(alpha.map((n, i) => n - beta[i])))!,
    })),
  );
}

/** Every β ≤ α. */
function lowerIndices(alpha: MultiIndex): MultiIndex[] {
  return alpha.reduce<MultiIndex[]>(
    (lower, n) => lower.flatMap((head) => Array.from({ length: n + 1 }, (_, k) => [...head, k])),
    [[]],
  );
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}
