import {
  barycentricWeights,
  chebyshevLobattoPoints,
  derivativeRows,
  gaussPoints,
  lagrangeValues,
  legendreTail,
} from './polynomial.ts';

/** Piecewise polynomials of one field on one element, in the element's own coordinate ξ in [−1, 1]. */
export interface FieldBasis {
  /** Highest derivative in the equations: the field has order − 1 continuous derivatives. */
  readonly order: number;
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  /** [collocation point][derivative] → combination of nodal values, in ξ. */
  readonly atCollocation: readonly (readonly Float64Array[])[];
  readonly atLeft: readonly Float64Array[];
  readonly atRight: readonly Float64Array[];
  readonly tail: readonly Float64Array[];
}

/**
 * Piecewise polynomials on a mesh, as in spline collocation at Gauss points: k points per element for every
 * equation, degree k + order − 1 for a field of that order. Unknowns are nodal values, neighbours sharing the
 * ends. De Boor & Swartz (1973), SIAM J. Numer. Anal. 10, 582–606; Ascher, Mattheij & Russell (1995), Numerical
 * Solution of Boundary Value Problems for Ordinary Differential Equations, chapter 5.
 */
export class SplineSpace {
  readonly bases: readonly FieldBasis[];
  readonly collocation: Float64Array;
  readonly elements: number;
  /** Number of unknowns. */
  readonly size: number;
  /** [field][element] → places of the nodal values among the unknowns. */
  readonly places: readonly (readonly Int32Array[])[];

  constructor(
    /** Ends of the elements, ascending. */
    readonly mesh: Float64Array,
    readonly orders: readonly number[],
    /** Collocation points per element. */
    readonly k: number,
    readonly periodic: boolean,
  ) {
    this.elements = mesh.length - 1;
    this.collocation = gaussPoints(k);
    this.bases = orders.map((order) => basisOf(order, this.collocation));
    const unknowns: { key: number; assign: (index: number) => void }[] = [];
    this.places = this.bases.map(({ nodes, order }) => {
      const places = Array.from({ length: this.elements }, () => new Int32Array(nodes.length));
      for (let e = 0; e < this.elements; e++) {
        const last = nodes.length - 1;
        const shares = order > 0;
        nodes.forEach((xi, i) => {
          if (shares && i === last && (e + 1 < this.elements || periodic)) return;
          unknowns.push({
            key: this.sortKey(this.position(e, xi)),
            assign: (index) => {
              places[e][i] = index;
              if (!shares || i !== 0) return;
              if (e > 0) places[e - 1][last] = index;
              else if (periodic) places[this.elements - 1][last] = index;
            },
          });
        });
      }
      return places;
    });
    unknowns.sort((a, b) => a.key - b.key);
    unknowns.forEach(({ assign }, index) => {
      assign(index);
    });
    this.size = unknowns.length;
  }

  /** Unknowns and equations sorted by this key make a banded matrix; a periodic domain is folded. */
  sortKey(x: number): number {
    const low = this.mesh[0];
    const high = this.mesh[this.elements];
    return this.periodic ? Math.min(x - low, high - x) : x;
  }

  position(element: number, xi: number): number {
    return this.mesh[element] + (this.mesh[element + 1] - this.mesh[element]) * 0.5 * (1 + xi);
  }

  /** The element that holds x, the left one at an end between two, and ξ there. */
  locate(x: number): { element: number; xi: number } {
    let low = 0;
    let high = this.elements - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (x <= this.mesh[middle + 1]) high = middle;
      else low = middle + 1;
    }
    const xi = (2 * (x - this.mesh[low])) / (this.mesh[low + 1] - this.mesh[low]) - 1;
    return { element: low, xi: Math.min(1, Math.max(-1, xi)) };
  }

  /** Value of a field. */
  evaluate(unknowns: Float64Array, field: number, x: number): number {
    const { element, xi } = this.locate(x);
    const { nodes, weights } = this.bases[field];
    const places = this.places[field][element];
    return lagrangeValues(nodes, weights, xi).reduce((sum, value, i) => sum + value * unknowns[places[i]], 0);
  }

  /** The unknowns in this space of a function given in another one on a coarser mesh. */
  interpolate(other: SplineSpace, unknowns: Float64Array): Float64Array {
    const result = new Float64Array(this.size);
    this.bases.forEach(({ nodes }, field) => {
      this.places[field].forEach((places, e) => {
        nodes.forEach((xi, i) => {
          // Slightly inside, so that a discontinuous field is taken from the right element.
          const x = this.position(e, this.orders[field] === 0 ? xi * (1 - 1e-12) : xi);
          result[places[i]] = other.evaluate(unknowns, field, x);
        });
      });
    });
    return result;
  }

  /**
   * For each element the size of the highest two Legendre coefficients relative to the field's scale, largest
   * over the fields: an estimate of the interpolation error.
   */
  tails(unknowns: Float64Array, scales: Float64Array): Float64Array {
    const tails = new Float64Array(this.elements);
    this.bases.forEach(({ tail }, field) => {
      if (!(scales[field] > 0)) return;
      this.places[field].forEach((places, e) => {
        for (const row of tail) {
          let coefficient = 0;
          for (let i = 0; i < row.length; i++) coefficient += row[i] * unknowns[places[i]];
          tails[e] = Math.max(tails[e], Math.abs(coefficient) / scales[field]);
        }
      });
    });
    return tails;
  }

  /** Largest magnitude of each field's nodal values. */
  magnitudes(unknowns: Float64Array): Float64Array {
    return Float64Array.from(this.places, (elements) => {
      let largest = 0;
      for (const places of elements)
        for (const i of places) largest = Math.max(largest, Math.abs(unknowns[i]));
      return largest;
    });
  }

  /** The same space with the marked elements halved, and their neighbours where they are twice as wide. */
  refine(marked: (element: number) => boolean): SplineSpace {
    const width = (e: number) => this.mesh[e + 1] - this.mesh[e];
    const split = Array.from({ length: this.elements }, (_, e) => marked(e));
    for (let e = 0; e < this.elements; e++) {
      for (const neighbour of [e - 1, e + 1]) {
        if (neighbour < 0 || neighbour >= this.elements) continue;
        if (marked(neighbour) && width(e) > 1.5 * width(neighbour)) split[e] = true;
      }
    }
    const mesh: number[] = [this.mesh[0]];
    for (let e = 0; e < this.elements; e++) {
      if (split[e]) mesh.push(0.5 * (this.mesh[e] + this.mesh[e + 1]));
      mesh.push(this.mesh[e + 1]);
    }
    return new SplineSpace(Float64Array.from(mesh), this.orders, this.k, this.periodic);
  }
}

const bases = new Map<string, FieldBasis>();

function basisOf(order: number, collocation: Float64Array): FieldBasis {
  const key = `${order},${collocation.length}`;
  const known = bases.get(key);
  if (known !== undefined) return known;
  const nodes = order === 0 ? collocation : chebyshevLobattoPoints(collocation.length + order);
  const basis: FieldBasis = {
    order,
    nodes,
    weights: barycentricWeights(nodes),
    atCollocation: Array.from(collocation, (xi) => derivativeRows(nodes, xi, order)),
    atLeft: derivativeRows(nodes, -1, Math.max(order, 1)),
    atRight: derivativeRows(nodes, 1, Math.max(order, 1)),
    tail: legendreTail(nodes),
  };
  bases.set(key, basis);
  return basis;
}
