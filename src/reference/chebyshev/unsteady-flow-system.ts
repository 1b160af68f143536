import { NotSupportedError, SolveError } from '../../errors.ts';
import { leafKey } from '../../expression/expression.ts';
import type { Problem } from '../../problem/problem.ts';
import { type BoundProgram, bindProgram } from '../bound-program.ts';
import { derivativeRows } from '../collocation/polynomial.ts';
import { fieldLeaves } from '../explicit-form.ts';
import { initialFields } from '../initial-fields.ts';
import { DenseLU } from '../linear/dense-lu.ts';
import { TensorGrid } from './tensor-grid.ts';
import {
  type AffineRow,
  type FaceRow,
  type FlowTerm,
  givesPressure,
  type UnsteadyFlowForm,
} from './unsteady-flow-form.ts';

/** A row of the system that holds no time derivative. */
interface Bound {
  readonly row: number;
  readonly node: number;
  readonly rest: BoundProgram;
}

/**
 * A flow on a box by collocation: carried fields on Chebyshev–Lobatto points, the pressure by polynomials of two degrees
 * less on the points inside and on faces where it is given (Maday & Patera 1989: so it is determined). Where an outlet
 * gives the pressure instead of a velocity, the constraint holds there. Unknowns: the carried fields at all nodes, one
 * after another, then the pressure.
 */
export class UnsteadyFlowSystem {
  readonly grid: TensorGrid;
  /** Number of unknowns. */
  readonly size: number;
  /** Carried fields at the start. */
  readonly start: Float64Array;
  /** Per space axis the nodes at which the pressure has values. */
  readonly pressureNodes: readonly Float64Array[];
  private readonly places: readonly (readonly number[])[];
  private readonly bound: readonly Bound[];
  private readonly free: Uint8Array;
  private readonly positions: readonly Float64Array[];
  private readonly columns: readonly {
    readonly place: number;
    readonly order: readonly number[];
    readonly values: Float64Array;
  }[];
  private readonly program: BoundProgram;
  private readonly values: Float64Array;
  private readonly outputs: Float64Array;
  private readonly rows: readonly {
    readonly row: number;
    readonly node: number;
    readonly terms: readonly FlowTerm[];
  }[];
  private readonly cardinals = new Map<string, Float64Array>();
  private lu: DenseLU | undefined;

  /** @param sizes points along each space coordinate */
  constructor(
    private readonly problem: Problem,
    private readonly form: UnsteadyFlowForm,
    sizes: readonly number[],
  ) {
    const { space, carried, faces, constraint } = form;
    const dimension = problem.coordinates.length;
    this.grid = new TensorGrid(
      space.map((axis) => problem.coordinates[axis]),
      space.map(() => false),
      sizes,
    );
    const { grid } = this;
    this.positions = space.map((_, axis) => grid.positions(axis));
    const given = (axis: number, side: -1 | 1): boolean =>
      faces.some((face) => face.axis === axis && face.side === side && givesPressure(face, form));
    this.places = space.map((_, axis) =>
      Array.from({ length: sizes[axis] }, (__, i) => i).filter(
        (i) => (i > 0 || given(axis, -1)) && (i < sizes[axis] - 1 || given(axis, 1)),
      ),
    );
    this.pressureNodes = this.places.map((own, axis) =>
      Float64Array.from(own, (i) => grid.axes[axis].nodes[i]),
    );
    const pressures = this.places.reduce((product, own) => product * own.length, 1);
    this.size = carried.length * grid.points + pressures;
    this.free = new Uint8Array(carried.length * grid.points);

    const isOn = ({ axis, side }: FaceRow, node: number): boolean =>
      grid.index(node, axis) === (side < 0 ? 0 : sizes[axis] - 1);
    const programs = new Map<AffineRow, BoundProgram>();
    const restOf = (row: AffineRow): BoundProgram => {
      const known =
        programs.get(row) ??
        bindProgram([row.rest], (leaf) => this.coordinate(leaf.kind === 'coordinate' ? leaf.index : -1));
      programs.set(row, known);
      return known;
    };
    const bound: Bound[] = [];
    const rows: { row: number; node: number; terms: readonly FlowTerm[] }[] = [];
    const bind = (row: number, node: number, affine: AffineRow): void => {
      bound.push({ row, node, rest: restOf(affine) });
      rows.push({ row, node, terms: affine.terms });
    };
    for (let node = 0; node < grid.points; node++) {
      const here = faces.filter((face) => isOn(face, node));
      const onFace = space.some((_, axis) => [0, sizes[axis] - 1].includes(grid.index(node, axis)));
      let outlet = here.some((face) => givesPressure(face, form));
      carried.forEach((field, k) => {
        const row = k * grid.points + node;
        const own = here.filter(({ terms }) => terms.some((term) => term.field === field));
        const condition =
          own.find(({ terms }) => terms.length === 1 && terms[0].order.every((o) => o === 0)) ?? own[0];
        if (!onFace) this.free[row] = 1;
        else if (condition !== undefined) bind(row, node, condition);
        else if (outlet) {
          bind(row, node, constraint);
          outlet = false;
        } else
          throw new NotSupportedError(
            `no condition gives ${problem.fields[field].name} on a part of the boundary`,
          );
      });
    }
    let pressureRow = carried.length * grid.points;
    for (let node = 0; node < grid.points; node++) {
      if (!space.every((_, axis) => this.places[axis].includes(grid.index(node, axis)))) continue;
      const outlet = faces.find((face) => givesPressure(face, form) && isOn(face, node));
      bind(pressureRow++, node, outlet ?? constraint);
    }
    if (!faces.some((face) => givesPressure(face, form)))
      throw new NotSupportedError('a flow whose pressure is given on no face');
    this.bound = bound;
    this.rows = rows;

    const leaves = fieldLeaves(form.nonlinear);
    const keys = leaves.map(leafKey);
    this.columns = leaves.map((leaf) => ({
      place: carried.findIndex((i) => problem.fields[i].name === leaf.name),
      order: space.map((axis) => leaf.order[axis]),
      values: new Float64Array(grid.points),
    }));
    this.program = bindProgram(form.nonlinear, (leaf) =>
      leaf.kind === 'coordinate' ? leaf.index : dimension + keys.indexOf(leafKey(leaf)),
    );
    this.values = new Float64Array(dimension + leaves.length);
    this.outputs = new Float64Array(carried.length);
    this.start = new Float64Array(carried.length * grid.points);
    initialFields(problem, form.states, form.initial, space, this.positions).forEach((field, k) => {
      this.start.set(field, k * grid.points);
    });
  }

  /** What is not linear, of all carried fields at all nodes. */
  explicit(t: number, u: Float64Array, out: Float64Array): void {
    const { grid, columns, values, outputs, form, positions } = this;
    const dimension = this.problem.coordinates.length;
    for (const { place, order, values: column } of columns)
      grid.differentiate(order, u.subarray(place * grid.points, (place + 1) * grid.points), column);
    values[form.time] = t;
    for (let node = 0; node < grid.points; node++) {
      for (let axis = 0; axis < positions.length; axis++) values[form.space[axis]] = positions[axis][node];
      for (let c = 0; c < columns.length; c++) values[dimension + c] = columns[c].values[node];
      this.program(values, outputs);
      for (let k = 0; k < outputs.length; k++) out[k * grid.points + node] = outputs[k];
    }
  }

  /** Factors the system of shift·v − L v − G p inside, and of conditions and constraint elsewhere. */
  factor(shift: number): void {
    const { form, grid } = this;
    this.lu ??= new DenseLU(this.size);
    const { matrix } = this.lu;
    matrix.fill(0);
    form.carried.forEach((_, k) => {
      for (let node = 0; node < grid.points; node++) {
        const row = k * grid.points + node;
        if (this.free[row] === 0) continue;
        matrix[row * this.size + row] += shift;
        for (const term of form.linear[k]) this.addTerm(row, node, term, -1);
      }
    });
    for (const { row, node, terms } of this.rows) for (const term of terms) this.addTerm(row, node, term, 1);
    if (!this.lu.factor()) throw new SolveError('the conditions do not determine the flow');
  }

  /** Solves it: `b` holds the right-hand sides of the carried fields inside, then the solution at the time t. */
  solve(t: number, b: Float64Array): void {
    const { values, form, positions } = this;
    values[form.time] = t;
    for (const { row, node, rest } of this.bound) {
      for (let axis = 0; axis < positions.length; axis++) values[form.space[axis]] = positions[axis][node];
      rest(values, this.outputs);
      b[row] = -this.outputs[0];
    }
    this.lu!.solve(b);
  }

  /** Values at any point of the carried fields and of the pressure, which is the last. */
  interpolate(unknowns: Float64Array, place: readonly number[]): number[] {
    const { grid, form, places } = this;
    const count = form.carried.length;
    const carried = Array.from({ length: count }, (_, k) =>
      unknowns.subarray(k * grid.points, (k + 1) * grid.points),
    );
    let block: Float64Array = unknowns.subarray(count * grid.points);
    place.forEach((x, axis) => {
      const weights = derivativeRows(this.pressureNodes[axis], x, 0)[0];
      const inner = block.length / places[axis].length;
      const next = new Float64Array(inner);
      weights.forEach((weight, j) => {
        for (let q = 0; q < inner; q++) next[q] += weight * block[j * inner + q];
      });
      block = next;
    });
    return [...grid.interpolate(carried, place), block[0]];
  }

  /** Per axis what of the carried fields the highest fifth of Chebyshev polynomials holds, relative to all. */
  tails(unknowns: Float64Array): number[] {
    const { grid, form } = this;
    return grid.sizes.map((n, axis) => {
      const inner = grid.sizes.slice(axis + 1).reduce((a, b) => a * b, 1);
      let worst = 0;
      form.carried.forEach((_, k) => {
        const values = unknowns.subarray(k * grid.points, (k + 1) * grid.points);
        let tail = 0;
        let total = 0;
        for (let line = 0; line < grid.points / n; line++) {
          const first = Math.floor(line / inner) * n * inner + (line % inner);
          for (let degree = 0; degree < n; degree++) {
            let sum = 0;
            for (let i = 0; i < n; i++) {
              const weight = i === 0 || i === n - 1 ? 0.5 : 1;
              sum +=
                weight * values[first + i * inner] * Math.cos((Math.PI * degree * (n - 1 - i)) / (n - 1));
            }
            total += sum * sum;
            if (degree >= 0.8 * n) tail += sum * sum;
          }
        }
        if (total > 0) worst = Math.max(worst, Math.sqrt(tail / total));
      });
      return worst;
    });
  }

  private coordinate(index: number): number {
    if (index < 0)
      throw new NotSupportedError('a condition of a flow holds more than fields and coordinates');
    return index;
  }

  private addTerm(row: number, node: number, { field, order, coefficient }: FlowTerm, sign: number): void {
    const { grid, form, lu, size, places } = this;
    const pressure = field === form.pressure;
    const base = pressure ? form.carried.length * grid.points : form.carried.indexOf(field) * grid.points;
    const matrix = lu!.matrix;
    const walk = (axis: number, at: number, weight: number): void => {
      if (axis === order.length) {
        matrix[row * size + base + at] += weight;
        return;
      }
      const i = grid.index(node, axis);
      const n = grid.sizes[axis];
      if (!pressure && order[axis] === 0) {
        walk(axis + 1, at * n + i, weight);
        return;
      }
      const count = pressure ? places[axis].length : n;
      const entries = pressure
        ? this.pressureRow(axis, i, order[axis])
        : grid.derivative(axis, order[axis]).subarray(i * n, (i + 1) * n);
      for (let j = 0; j < count; j++)
        if (entries[j] !== 0) walk(axis + 1, at * count + j, weight * entries[j]);
    };
    walk(0, 0, sign * coefficient);
  }

  private pressureRow(axis: number, i: number, order: number): Float64Array {
    const key = `${axis} ${i} ${order}`;
    const known =
      this.cardinals.get(key) ??
      derivativeRows(this.pressureNodes[axis], this.grid.axes[axis].nodes[i], order)[order];
    this.cardinals.set(key, known);
    return known;
  }
}
