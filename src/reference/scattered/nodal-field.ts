import type { Discretization } from './discretization.ts';
import type { ScatteredForm } from './scattered-form.ts';

/** Fields at fixed points, for any number of states at the nodes. */
export class NodalField {
  private readonly members: Int32Array;
  private readonly weights: Float64Array;
  private readonly shifts: Float64Array;
  private u: Float64Array = new Float64Array(0);

  /**
   * @param points (N, dimension) in space
   * @param free fields whose mean is set to zero
   */
  constructor(
    private readonly form: ScatteredForm,
    private readonly discretization: Discretization,
    points: Float64Array,
    private readonly free: readonly number[],
  ) {
    const { members, weights } = discretization.interpolation(points);
    this.members = members;
    this.weights = weights;
    this.shifts = new Float64Array(form.problem.fields.length);
  }

  /** The state at the nodes from now on. */
  take(u: Float64Array): void {
    this.u = u;
    const s = this.form.states.length;
    const { count } = this.discretization.nodes;
    for (const field of this.free) {
      const state = this.form.state(field, 0);
      let sum = 0;
      for (let i = 0; i < count; i++) sum += u[i * s + state];
      this.shifts[field] = sum / count;
    }
  }

  /** A field at point i. */
  value(i: number, field: number): number {
    const { members, weights, u, form } = this;
    const { n } = this.discretization;
    const s = form.states.length;
    const state = form.state(field, 0);
    let sum = 0;
    for (let k = i * n; k < (i + 1) * n; k++) sum += weights[k] * u[members[k] * s + state];
    return sum - this.shifts[field];
  }
}
