import type { MultiIndex } from '../../jet/multi-index.ts';
import { multiIndexKey } from '../../jet/multi-index.ts';
import { type ProductBasis, productJets } from './product-basis.ts';

function same(a: Float64Array, b: Float64Array): boolean {
  return a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
}

/** Derivatives of a basis at sets of points, computed once for each set: windows of time have them in common. */
export class JetStore {
  readonly #sets: { readonly points: Float64Array; readonly jets: Map<string, Float64Array> }[] = [];

  constructor(private readonly dimension: number) {}

  /** (size, N), as `productJets`. */
  at({ basis }: { readonly basis: ProductBasis }, points: Float64Array, index: MultiIndex): Float64Array {
    let set = this.#sets.find((other) => same(other.points, points));
    if (set === undefined) {
      set = { points, jets: new Map() };
      this.#sets.push(set);
    }
    const key = `${basis.of.join()} ${multiIndexKey(index)}`;
    let jets = set.jets.get(key);
    if (jets === undefined) {
      jets = productJets(basis, points, this.dimension, index);
      set.jets.set(key, jets);
    }
    return jets;
  }
}
