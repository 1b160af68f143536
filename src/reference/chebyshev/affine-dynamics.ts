import type { TensorGrid } from './tensor-grid.ts';

/** A derivative of a state. */
export interface Slot {
  readonly state: number;
  readonly order: readonly number[];
}

/** What a state's time derivative holds of a derivative, at every node. */
export interface AffineTerm {
  readonly row: number;
  readonly slot: Slot;
  /** (points). */
  readonly factors: Float64Array;
}

/** A condition at a node of a face, as a row over all of U and a constant. */
export interface AffineCondition {
  readonly row: number;
  readonly places: Int32Array;
  readonly weights: Float64Array;
  readonly constant: number;
}

/**
 * U' = A·U + b with A a sum of derivatives along the axes of a tensor grid times factors at its nodes, where faces have
 * 0 = G·U + g: the same as pointwise programs compute, without running them at every node for every evaluation.
 */
export class AffineDynamics {
  private readonly slots: readonly { readonly slot: Slot; readonly terms: readonly AffineTerm[] }[];
  private readonly column: Float64Array;

  constructor(
    private readonly grid: TensorGrid,
    terms: readonly AffineTerm[],
    /** b, of all states. */
    private readonly constants: Float64Array,
    private readonly conditions: readonly AffineCondition[],
  ) {
    const held = terms.filter(({ factors }) => factors.some((factor) => factor !== 0));
    const keyOf = ({ state, order }: Slot): string => `${state}: ${order}`;
    const keys = [...new Set(held.map(({ slot }) => keyOf(slot)))];
    this.slots = keys.map((key) => {
      const own = held.filter(({ slot }) => keyOf(slot) === key);
      return { slot: own[0].slot, terms: own };
    });
    this.column = new Float64Array(grid.points);
  }

  /** Right-hand sides at nodes inside, residuals of the conditions on faces. */
  evaluate(u: Float64Array, out: Float64Array): void {
    const { grid, column } = this;
    const { points } = grid;
    out.set(this.constants);
    for (const { slot, terms } of this.slots) {
      const values = u.subarray(slot.state * points, (slot.state + 1) * points);
      const plain = slot.order.every((k) => k === 0);
      if (!plain) grid.differentiate(slot.order, values, column);
      const from = plain ? values : column;
      for (const { row, factors } of terms) {
        const offset = row * points;
        for (let i = 0; i < points; i++) out[offset + i] += factors[i] * from[i];
      }
    }
    this.conditions.forEach(({ row }, i) => {
      out[row] = this.residual(i, u);
    });
  }

  /** G·U + g. */
  residuals(u: Float64Array): Float64Array {
    return Float64Array.from(this.conditions, (_, i) => this.residual(i, u));
  }

  private residual(i: number, u: Float64Array): number {
    const { places, weights, constant } = this.conditions[i];
    let sum = constant;
    for (let k = 0; k < places.length; k++) sum += weights[k] * u[places[k]];
    return sum;
  }
}
