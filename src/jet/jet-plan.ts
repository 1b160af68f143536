/**
 * The jet plan: how an activation σ maps the jet of its argument, for one set of multi-indices.
 *
 * A jet holds the partial derivatives z_β = ∂^β z for every β of a set that is closed downward; component 0
 * is the value. Faà di Bruno's formula in several variables reads
 *
 *   ∂^α σ(z) = Σ_k σ⁽ᵏ⁾(z₀) Σ over partitions of α into k non-zero parts  c · ∏_j z_{β_j}
 *
 * (Constantine & Savits, Trans. Amer. Math. Soc. 348, 1996). The plan is that table, built once per set.
 */
import type { MultiIndex } from './multi-index.ts';
import { closeDownward, multiIndexKey, totalOrder } from './multi-index.ts';

/** coefficient · σ⁽derivative⁾(z₀) · ∏ z_factors[i]; a factor stands as often as its power. */
export interface JetTerm {
  readonly derivative: number;
  readonly coefficient: number;
  /** Positions in `JetPlan.indices`, ascending, none of them 0. */
  readonly factors: readonly number[];
}

export interface JetPlan {
  /** Number of coordinates. */
  readonly dimension: number;
  /** The multi-indices of the jet's components: closed downward, sorted, the zero index first. */
  readonly indices: readonly MultiIndex[];
  /** Highest total order: activations must offer derivatives 0 … order (one more for the adjoint). */
  readonly order: number;
  /** For every component its terms; component 0 has the one term σ(z₀). */
  readonly terms: readonly (readonly JetTerm[])[];
}

/**
 * Builds the plan for the downward closure of `indices` in `dimension` coordinates.
 *
 * The terms of α + e_i follow from those of α by the product rule: ∂_i of σ⁽ᵏ⁾ ∏ z_β is
 * σ⁽ᵏ⁺¹⁾ z_{e_i} ∏ z_β + σ⁽ᵏ⁾ Σ_j z_{β_j + e_i} ∏_{l≠j} z_β_l.
 */
export function jetPlan(dimension: number, indices: readonly MultiIndex[]): JetPlan {
  const closed = closeDownward(dimension, indices);
  const position = new Map(closed.map((index, i) => [multiIndexKey(index), i]));
  const terms: JetTerm[][] = [];
  closed.forEach((index, component) => {
    if (component === 0) {
      terms.push([{ derivative: 0, coefficient: 1, factors: [] }]);
      return;
    }
    const axis = index.findIndex((k) => k > 0);
    const raise = (from: MultiIndex): number =>
      position.get(multiIndexKey(from.map((k, i) => (i === axis ? k + 1 : k))))!;
    const lower = position.get(multiIndexKey(index.map((k, i) => (i === axis ? k - 1 : k))))!;
    const collected = new Map<string, JetTerm>();
    const collect = (derivative: number, coefficient: number, factors: number[]): void => {
      factors.sort((a, b) => a - b);
      const key = `${derivative}|${factors.join(',')}`;
      const known = collected.get(key);
      collected.set(key, {
        derivative,
        coefficient: coefficient + (known?.coefficient ?? 0),
        factors,
      });
    };
    for (const term of terms[lower]) {
      collect(term.derivative + 1, term.coefficient, [...term.factors, raise(closed[0])]);
      term.factors.forEach((factor, j) => {
        const raised = [...term.factors];
        raised[j] = raise(closed[factor]);
        collect(term.derivative, term.coefficient, raised);
      });
    }
    terms.push([...collected.values()].sort((a, b) => a.derivative - b.derivative));
  });
  return { dimension, indices: closed, order: Math.max(...closed.map(totalOrder)), terms };
}
