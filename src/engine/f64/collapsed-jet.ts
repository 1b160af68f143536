/**
 * Jets in which combinations of highest derivatives travel as one component.
 *
 * Nothing else in a jet depends on a derivative of highest order, so a fixed combination D = Σ w_α ∂^α of such
 * derivatives needs one component for all of them: D σ(z) = σ′(z)·Dz + Σ w_α (the terms of ∂^α σ(z) in lower
 * derivatives). For a Laplacian this is the forward Laplacian (Li et al., Nature Machine Intelligence 6, 2024),
 * in general the collapsed Taylor mode (Dangel et al., arXiv 2505.13644).
 */
import { type JetTerm, jetPlan } from '../../jet/jet-plan.ts';
import { type MultiIndex, multiIndexKey } from '../../jet/multi-index.ts';
import { type ProductTerm, productTerms } from '../../jet/product-terms.ts';

/** Σ weight·∂^index; the first part has the weight 1. */
export type Combination = readonly { readonly index: MultiIndex; readonly weight: number }[];

export interface CollapsedJet {
  /** What each component is; component 0 is the value. */
  readonly components: readonly Combination[];
  /** The highest order of derivatives of an activation in `terms`. */
  readonly order: number;
  /** For every component its terms, as in a {@link JetPlan}. */
  readonly terms: readonly (readonly JetTerm[])[];
  /** For every component of a product of two jets its terms. */
  readonly products: readonly (readonly ProductTerm[])[];
}

/**
 * The jet that holds `indices`, what they need, and the combinations.
 *
 * @param combinations of indices that no other index of the jet goes beyond
 */
export function collapsedJet(
  dimension: number,
  indices: readonly MultiIndex[],
  combinations: readonly Combination[],
): CollapsedJet {
  const plan = jetPlan(dimension, [...indices, ...combinations.flat().map(({ index }) => index)]);
  const position = new Map(plan.indices.map((index, i) => [multiIndexKey(index), i]));
  const parts = combinations.map((combination) =>
    combination.map(({ index, weight }) => ({ component: position.get(multiIndexKey(index))!, weight })),
  );
  const collapsed = new Set(parts.flat().map(({ component }) => component));
  const kept = plan.indices.map((_, component) => component).filter((component) => !collapsed.has(component));
  const place = new Map(kept.map((component, i) => [component, i]));
  const moved = (term: JetTerm): JetTerm => ({ ...term, factors: term.factors.map((f) => place.get(f)!) });
  const terms: (readonly JetTerm[])[] = kept.map((component) => plan.terms[component].map(moved));
  parts.forEach((part, c) => {
    const sums = new Map<string, JetTerm>();
    for (const { component, weight } of part) {
      for (const term of plan.terms[component]) {
        if (term.factors[0] === component) continue;
        const { derivative, coefficient, factors } = moved(term);
        const key = `${derivative}|${factors.join(',')}`;
        const sum = weight * coefficient + (sums.get(key)?.coefficient ?? 0);
        sums.set(key, { derivative, coefficient: sum, factors });
      }
    }
    terms.push([{ derivative: 1, coefficient: 1, factors: [kept.length + c] }, ...sums.values()]);
  });
  const leibniz = productTerms(plan.indices);
  const products = kept.map((component) =>
    leibniz[component].map((term) => ({
      ...term,
      left: place.get(term.left)!,
      right: place.get(term.right)!,
    })),
  );
  parts.forEach((part, c) => {
    const own = kept.length + c;
    const inner = part.flatMap(({ component, weight }) =>
      leibniz[component]
        .filter(({ left, right }) => left !== component && right !== component)
        .map(({ coefficient, left, right }) => ({
          coefficient: weight * coefficient,
          left: place.get(left)!,
          right: place.get(right)!,
        })),
    );
    products.push([
      { coefficient: 1, left: 0, right: own },
      { coefficient: 1, left: own, right: 0 },
      ...inner,
    ]);
  });
  return {
    components: [...kept.map((k) => [{ index: plan.indices[k], weight: 1 }]), ...combinations],
    order: Math.max(...terms.flat().map(({ derivative }) => derivative)),
    terms,
    products,
  };
}
