import { NotSupportedError, SolveError } from '../../errors.ts';
import { partial } from '../../expression/differentiate.ts';
import { type Expression, type Leaf, leafKey, leavesOf } from '../../expression/expression.ts';
import type { Problem } from '../../problem/problem.ts';
import { type BoundProgram, bindProgram } from '../bound-program.ts';
import { PointwiseSystem } from '../collocation/pointwise-system.ts';
import { initialFields } from '../initial-fields.ts';
import { DenseLU } from '../linear/dense-lu.ts';
import type { ImplicitSystem } from '../ode/implicit-system.ts';
import { type AffineCondition, AffineDynamics, type AffineTerm } from './affine-dynamics.ts';
import type { EvolutionForm, FaceCondition } from './evolution-form.ts';
import { TensorGrid } from './tensor-grid.ts';

/** A value at a node that a face's condition gives. */
interface BoundValue {
  readonly row: number;
  readonly node: number;
  readonly condition: FaceCondition;
  readonly residual: BoundProgram;
  /** Slopes of the residual by the derivatives with these numbers. */
  readonly slopes: BoundProgram;
  readonly slots: readonly number[];
}

/**
 * The method of lines on a tensor grid: U' = F(t, U) at nodes where equations hold, 0 = G(t, U) at nodes of faces
 * with conditions. U holds the states one after the other, each at all nodes. As an implicit system it is a
 * differential–algebraic one; `derivative` eliminates the values on the faces instead.
 */
export class BoxDynamics implements ImplicitSystem {
  readonly n: number;
  readonly grid: TensorGrid;
  readonly start: Float64Array;
  /** Whether F and G are affine in U with slopes that do not change in time. */
  readonly constant: boolean;
  private readonly system: PointwiseSystem;
  /** State whose time derivative each row of the pointwise system is. */
  private readonly rowStates: readonly number[];
  private readonly bound: readonly BoundValue[];
  private readonly isBound: Uint8Array;
  private readonly positions: readonly Float64Array[];
  private readonly columns: readonly Float64Array[];
  private readonly values: Float64Array;
  private readonly slots: EvolutionForm['derivatives'];
  private readonly single = new Float64Array(1);
  private readonly shifted: Float64Array;
  private readonly faceColumn: Float64Array;
  private jacobian: Float64Array | undefined;
  private lu: DenseLU | undefined;
  private factored = Number.NaN;
  private faceLU: DenseLU | undefined;
  /** The same as the programs say, where nothing in them changes in time. */
  private readonly affine: AffineDynamics | undefined;

  constructor(
    private readonly problem: Problem,
    private readonly form: EvolutionForm,
    /** Points along each space coordinate. */
    n: number,
  ) {
    const { space, states, time } = form;
    const dimension = problem.coordinates.length;
    this.grid = new TensorGrid(
      space.map((axis) => problem.coordinates[axis]),
      form.periodic,
      n,
    );
    const { grid } = this;
    this.n = states.length * grid.points;
    this.positions = space.map((_, axis) => grid.positions(axis));
    // A state that is another's time derivative is a value of its own.
    const slots = [...form.derivatives];
    states.forEach(({ name, timeOrder }, state) => {
      const order = problem.coordinates.map((_, axis) => (axis === time ? timeOrder : 0));
      const leaf = { kind: 'field', name, order, of: order.map((_, axis) => axis), side: 0 } as const;
      if (!slots.some((slot) => leafKey(slot.leaf) === leafKey(leaf)))
        slots.push({ state, order: space.map(() => 0), leaf });
    });
    this.slots = slots;
    const leadingPlace = dimension + slots.length;
    this.values = new Float64Array(leadingPlace + form.leading.length);
    this.columns = slots.map(() => new Float64Array(grid.points));
    const position = (leaf: Leaf): number => {
      if (leaf.kind === 'coordinate') return leaf.index;
      const key = leafKey(leaf);
      const slot = slots.findIndex((other) => leafKey(other.leaf) === key);
      if (slot >= 0) return dimension + slot;
      const leading = form.leading.findIndex((other) => leafKey(other) === key);
      if (leading >= 0) return leadingPlace + leading;
      throw new NotSupportedError(`${key} has no value in a classical reference`);
    };
    const next = states.map(({ name, timeOrder }) =>
      states.findIndex((s) => s.name === name && s.timeOrder === timeOrder + 1),
    );
    const copied = next.flatMap((state, row) => (state >= 0 ? [{ state, row }] : []));
    this.system = new PointwiseSystem({
      residuals: form.residuals,
      leading: form.leading,
      copies: copied.map(({ state }) => position(leafOf(slots, state))),
      leadingPlace,
      arguments: slots.map(({ leaf }, i) => ({ place: dimension + i, leaf })),
      position,
    });
    this.rowStates = [
      ...form.leading.map(({ name }) => states.findIndex((s, i) => s.name === name && next[i] < 0)),
      ...copied.map(({ row }) => row),
    ];

    const leaves = [...slots.map(({ leaf }) => leaf), ...form.leading];
    const slopes = [...form.residuals, ...form.faces.map((face) => face.residual)].flatMap((r) =>
      leaves.map((leaf) => partial(r, leaf)),
    );
    this.constant = leavesOf(slopes).every((leaf) => leaf.kind === 'coordinate' && leaf.index !== time);

    const programs = new Map(
      form.faces.map((condition) => [condition, faceProgram(condition.residual, slots, position)]),
    );
    this.isBound = new Uint8Array(this.n);
    const bound: BoundValue[] = [];
    for (let node = 0; node < grid.points; node++) {
      states.forEach((_, state) => {
        const here = form.faces.filter(
          (face) => face.state === state && grid.index(node, face.axis) === (face.side < 0 ? 0 : n - 1),
        );
        const condition = here.find((face) => !face.derived) ?? here[0];
        if (condition === undefined) return;
        const row = state * grid.points + node;
        this.isBound[row] = 1;
        bound.push({ row, node, condition, ...programs.get(condition)! });
      });
    }
    this.bound = bound;
    this.shifted = new Float64Array(this.n);
    this.faceColumn = new Float64Array(this.n);
    this.start = new Float64Array(this.n);
    initialFields(problem, states, form.initial, space, this.positions).forEach((field, state) => {
      this.start.set(field, state * grid.points);
    });
    const timeless = leavesOf([...form.residuals, ...form.faces.map((face) => face.residual)]).every(
      (leaf) => leaf.kind !== 'coordinate' || leaf.index !== time,
    );
    this.affine = this.constant && timeless ? this.affineDynamics() : undefined;
  }

  private affineDynamics(): AffineDynamics {
    const { grid, values, system, rowStates, isBound, slots } = this;
    const dimension = this.problem.coordinates.length;
    const { rows, places, values: slopes } = system.partials;
    const terms = Array.from(
      rows,
      (row, i): AffineTerm => ({
        row: rowStates[row],
        slot: slots[places[i] - dimension],
        factors: new Float64Array(grid.points),
      }),
    );
    const constants = new Float64Array(this.n);
    for (let node = 0; node < grid.points; node++) {
      this.fill(0, node);
      system.linearize(values);
      rowStates.forEach((state, r) => {
        const row = state * grid.points + node;
        if (isBound[row] === 0) constants[row] = system.outputs[r];
      });
      terms.forEach(({ row, factors }, i) => {
        if (isBound[row * grid.points + node] === 0) factors[node] = slopes[i];
      });
    }
    const conditions = this.bound.map(
      ({ row, node, residual, slots: held, slopes: program }): AffineCondition => {
        this.fill(0, node);
        residual(values, this.single);
        const out = new Float64Array(held.length);
        program(values, out);
        const entries = new Map<number, number>();
        held.forEach((slot, k) => {
          const { state, order } = slots[slot];
          this.eachEntry(order, node, (other, weight) => {
            const place = state * grid.points + other;
            entries.set(place, (entries.get(place) ?? 0) + out[k] * weight);
          });
        });
        return {
          row,
          places: Int32Array.from(entries.keys()),
          weights: Float64Array.from(entries.values()),
          constant: this.single[0],
        };
      },
    );
    return new AffineDynamics(grid, terms, constants, conditions);
  }

  evaluate(t: number, u: Float64Array, out: Float64Array): void {
    if (this.affine !== undefined) {
      this.affine.evaluate(u, out);
      return;
    }
    const { grid, values, system, rowStates, isBound } = this;
    this.differentiate(u);
    for (let node = 0; node < grid.points; node++) {
      this.fill(t, node);
      system.evaluate(values);
      for (let r = 0; r < rowStates.length; r++) {
        const row = rowStates[r] * grid.points + node;
        if (isBound[row] === 0) out[row] = system.outputs[r];
      }
    }
    this.faceResiduals(t, out);
  }

  applyMass(x: Float64Array, out: Float64Array): void {
    for (let i = 0; i < x.length; i++) out[i] = this.isBound[i] === 1 ? 0 : x[i];
  }

  timeDerivative(t: number, y: Float64Array, f: Float64Array, out: Float64Array): void {
    const { low, high } = this.problem.coordinates[this.form.time];
    const step = 1e-7 * (high - low) * (t + 1e-7 * (high - low) > high ? -1 : 1);
    this.evaluate(t + step, y, this.shifted);
    for (let i = 0; i < out.length; i++) out[i] = (this.shifted[i] - f[i]) / step;
  }

  linearize(t: number, y: Float64Array): void {
    if (this.jacobian !== undefined && this.constant) return;
    this.jacobian ??= new Float64Array(this.n * this.n);
    this.factored = Number.NaN;
    const { grid, values, system, rowStates, isBound, jacobian } = this;
    const dimension = this.problem.coordinates.length;
    jacobian.fill(0);
    this.differentiate(y);
    const { rows, places, values: slopes } = system.partials;
    for (let node = 0; node < grid.points; node++) {
      this.fill(t, node);
      system.linearize(values);
      for (let i = 0; i < slopes.length; i++) {
        const row = rowStates[rows[i]] * grid.points + node;
        if (isBound[row] === 0 && slopes[i] !== 0) this.addRow(row, places[i] - dimension, node, slopes[i]);
      }
    }
    for (const { row, node, slots, slopes: program } of this.bound) {
      this.fill(t, node);
      const out = new Float64Array(slots.length);
      program(values, out);
      slots.forEach((slot, i) => {
        this.addRow(row, slot, node, out[i]);
      });
    }
  }

  factor(shift: number): boolean {
    // The same matrix serves every step of a fixed length.
    if (Math.abs(shift - this.factored) <= 1e-9 * shift) return true;
    this.lu ??= new DenseLU(this.n);
    const { matrix } = this.lu;
    const { n, jacobian, isBound } = this;
    for (let i = 0; i < matrix.length; i++) matrix[i] = -jacobian![i];
    for (let i = 0; i < n; i++) if (isBound[i] === 0) matrix[i * n + i] += shift;
    const regular = this.lu.factor();
    this.factored = regular && this.constant ? shift : Number.NaN;
    return regular;
  }

  solve(b: Float64Array): void {
    this.lu!.solve(b);
  }

  /** F with the values on the faces made to fit the conditions; zero there. For explicit methods. */
  derivative(t: number, u: Float64Array, out: Float64Array): void {
    this.shifted.set(u);
    this.fitFaces(t, this.shifted);
    this.evaluate(t, this.shifted, out);
    for (const { row } of this.bound) out[row] = 0;
  }

  /**
   * Replaces the values on the faces by those that fulfil the conditions, given the values inside.
   *
   * @throws NotSupportedError where the conditions' slopes change in time
   */
  fitFaces(t: number, u: Float64Array): void {
    const { bound } = this;
    if (bound.length === 0) return;
    this.faceLU ??= this.factorFaces(t);
    const correction = this.faceValues(t, u);
    this.faceLU.solve(correction);
    for (let i = 0; i < bound.length; i++) u[bound[i].row] -= correction[i];
  }

  private faceValues(t: number, u: Float64Array): Float64Array {
    if (this.affine !== undefined) return this.affine.residuals(u);
    this.differentiate(u, true);
    this.faceResiduals(t, this.faceColumn);
    return Float64Array.from(this.bound, ({ row }) => this.faceColumn[row]);
  }

  private factorFaces(t: number): DenseLU {
    const { bound, values, grid } = this;
    const places = new Int32Array(this.n).fill(-1);
    bound.forEach(({ row }, i) => {
      places[row] = i;
    });
    const lu = new DenseLU(bound.length);
    bound.forEach(({ node, slots, slopes }, i) => {
      this.fill(t, node);
      const out = new Float64Array(slots.length);
      slopes(values, out);
      slots.forEach((slot, k) => {
        const { state, order } = this.slots[slot];
        this.eachEntry(order, node, (other, weight) => {
          const place = places[state * grid.points + other];
          if (place >= 0) lu.matrix[i * bound.length + place] += out[k] * weight;
        });
      });
    });
    if (!lu.factor()) throw new SolveError('the conditions on the faces do not determine the values there');
    return lu;
  }

  private faceResiduals(t: number, out: Float64Array): void {
    for (const { row, node, residual } of this.bound) {
      this.fill(t, node);
      residual(this.values, this.single);
      out[row] = this.single[0];
    }
  }

  private addRow(row: number, slot: number, node: number, factor: number): void {
    const { state, order } = this.slots[slot];
    const start = row * this.n + state * this.grid.points;
    this.eachEntry(order, node, (other, weight) => {
      this.jacobian![start + other] += factor * weight;
    });
  }

  /** Nodes that a derivative at a node is a combination of. */
  private eachEntry(
    order: readonly number[],
    node: number,
    visit: (node: number, weight: number) => void,
  ): void {
    const { grid } = this;
    const [n] = grid.sizes;
    const walk = (axis: number, base: number, weight: number): void => {
      if (axis === order.length) {
        visit(base, weight);
        return;
      }
      const i = grid.index(node, axis);
      if (order[axis] === 0) {
        walk(axis + 1, base * n + i, weight);
        return;
      }
      const matrix = grid.derivative(axis, order[axis]);
      for (let j = 0; j < n; j++) walk(axis + 1, base * n + j, weight * matrix[i * n + j]);
    };
    walk(0, 0, 1);
  }

  private fill(t: number, node: number): void {
    const { values, positions, columns, form } = this;
    const dimension = this.problem.coordinates.length;
    values[form.time] = t;
    for (let axis = 0; axis < positions.length; axis++) values[form.space[axis]] = positions[axis][node];
    for (let slot = 0; slot < columns.length; slot++) values[dimension + slot] = columns[slot][node];
  }

  private differentiate(u: Float64Array, facesOnly = false): void {
    const { grid } = this;
    this.slots.forEach(({ state, order }, slot) => {
      if (facesOnly && !this.bound.some(({ slots }) => slots.includes(slot))) return;
      grid.differentiate(
        order,
        u.subarray(state * grid.points, (state + 1) * grid.points),
        this.columns[slot],
      );
    });
  }
}

function leafOf(slots: EvolutionForm['derivatives'], state: number): Leaf {
  return slots.find((slot) => slot.state === state && slot.order.every((k) => k === 0))!.leaf;
}

function faceProgram(
  residual: Expression,
  slots: EvolutionForm['derivatives'],
  position: (leaf: Leaf) => number,
): Pick<BoundValue, 'residual' | 'slopes' | 'slots'> {
  const keys = new Set(leavesOf([residual]).map(leafKey));
  const held = slots.flatMap(({ leaf }, i) => (keys.has(leafKey(leaf)) ? [i] : []));
  return {
    residual: bindProgram([residual], position),
    slopes: bindProgram(
      held.map((i) => partial(residual, slots[i].leaf)),
      position,
    ),
    slots: held,
  };
}
