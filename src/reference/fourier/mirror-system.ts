import { NotSupportedError } from '../../errors.ts';
import { add, isZero, multiply, number } from '../../expression/build.ts';
import { type FieldNode, leafKey } from '../../expression/expression.ts';
import type { Problem } from '../../problem/problem.ts';
import { bindProgram } from '../bound-program.ts';
import { fieldLeaves } from '../explicit-form.ts';
import { initialFields } from '../initial-fields.ts';
import { type Ends, MirrorGrid } from './mirror-grid.ts';
import type { PeriodicForm } from './periodic-form.ts';
import type { ModalSystem } from './refined-evolution.ts';

/** Points along each axis at most, by their number. */
const mostPoints = [2048, 384, 64];

/** An axis has enough modes where the others' tails are so many times as long. */
const shorter = 0.2;

/** The next number with powers of 2 and 3 alone, 1.33 or 1.5 times as large. */
const next = (n: number): number => (n % 3 === 0 ? (4 * n) / 3 : (3 * n) / 2);

/** An evolution equation whose states go on beyond the faces of a box as odd or even functions. */
export class MirrorSystem implements ModalSystem {
  readonly grid: MirrorGrid;
  readonly modes: number;
  readonly states: number;
  readonly linear: Float64Array;
  readonly nonlinear: boolean;
  readonly pointwise: boolean;
  readonly start: readonly Float64Array[];
  /** Per state its parities along the axes. */
  private readonly ends: readonly (readonly Ends[])[];
  private readonly columns: readonly {
    readonly state: number;
    readonly order: readonly number[];
    readonly values: Float64Array;
  }[];
  private readonly rows: readonly { readonly state: number; readonly values: Float64Array }[];
  private readonly positions: readonly Float64Array[];
  private readonly program: (values: Float64Array, outputs: Float64Array) => void;
  private readonly values: Float64Array;
  private readonly outputs: Float64Array;

  /**
   * @param parities  by field
   * @param sizes  points along each space coordinate
   * @throws NotSupportedError where the part that is not linear holds higher derivatives
   */
  constructor(
    private readonly problem: Problem,
    private readonly form: PeriodicForm,
    private readonly parities: ReadonlyMap<string, readonly Ends[]>,
    sizes: readonly number[],
  ) {
    const { states, space } = form;
    const dimension = problem.coordinates.length;
    this.grid = new MirrorGrid(
      space.map((axis) => problem.coordinates[axis]),
      sizes,
    );
    const { grid } = this;
    this.modes = grid.modes;
    this.states = states.length;
    this.ends = states.map(({ name }) => parities.get(name)!);
    this.positions = space.map((_, axis) => grid.positions(axis));

    this.linear = new Float64Array(2 * this.modes * this.states ** 2);
    const rest = [...form.nonlinear];
    for (const { row, state, order, coefficient } of form.linear) {
      const diagonal = order.every((k) => k % 2 === 0) && String(this.ends[row]) === String(this.ends[state]);
      if (!diagonal) {
        const { name, timeOrder } = states[state];
        const full = problem.coordinates.map((_, axis) =>
          axis === form.time ? timeOrder : order[space.indexOf(axis)],
        );
        const leaf: FieldNode = { kind: 'field', name, order: full, of: full.map((_, i) => i), side: 0 };
        rest[row] = add(rest[row], multiply(number(coefficient), leaf));
        continue;
      }
      const symbol = grid.symbol(order, this.ends[state]);
      for (let mode = 0; mode < this.modes; mode++)
        this.linear[2 * ((mode * this.states + row) * this.states + state)] += coefficient * symbol[mode];
    }
    const leaves = fieldLeaves(rest);
    this.columns = leaves.map((leaf) => ({
      state: states.findIndex((s) => s.name === leaf.name && s.timeOrder === leaf.order[form.time]),
      order: space.map((axis) => leaf.order[axis]),
      values: new Float64Array(grid.points),
    }));
    const orders = this.columns.map(({ order }) => order.reduce((a, b) => a + b, 0));
    if (orders.some((order) => order > 1))
      throw new NotSupportedError('coefficients of the highest derivatives that vary');
    this.pointwise = orders.every((order) => order === 0);
    this.rows = rest.flatMap((expression, state) =>
      isZero(expression) ? [] : [{ state, values: new Float64Array(grid.points) }],
    );
    this.nonlinear = this.rows.length > 0;
    const keys = leaves.map(leafKey);
    this.program = bindProgram(
      rest.filter((expression) => !isZero(expression)),
      (leaf) => (leaf.kind === 'coordinate' ? leaf.index : dimension + keys.indexOf(leafKey(leaf))),
    );
    this.values = new Float64Array(dimension + leaves.length);
    this.outputs = new Float64Array(this.rows.length);
    this.start = initialFields(problem, states, form.initial, space, this.positions).map((field, state) => {
      const spectrum = new Float64Array(2 * this.modes);
      grid.toSpectrum(field, this.ends[state], spectrum);
      return spectrum;
    });
  }

  get points(): number {
    return this.grid.points;
  }

  get size(): string {
    return this.grid.sizes.join(' by ');
  }

  evaluate(t: number, y: readonly Float64Array[], out: readonly Float64Array[]): void {
    const { grid, columns, rows, positions, values, outputs, form } = this;
    const dimension = this.problem.coordinates.length;
    for (const { state, order, values: column } of columns)
      grid.toPoints(y[state], order, this.ends[state], column);
    values[form.time] = t;
    for (let i = 0; i < grid.points; i++) {
      for (let axis = 0; axis < positions.length; axis++) values[form.space[axis]] = positions[axis][i];
      for (let c = 0; c < columns.length; c++) values[dimension + c] = columns[c].values[i];
      this.program(values, outputs);
      for (let r = 0; r < rows.length; r++) rows[r].values[i] = outputs[r];
    }
    for (const { state, values: row } of rows) grid.toSpectrum(row, this.ends[state], out[state]);
  }

  tail(y: readonly Float64Array[]): number {
    return Math.max(...this.tails(y));
  }

  interpolant(spectrum: Float64Array, state: number): (point: readonly number[]) => number {
    return this.grid.interpolant(spectrum, this.ends[state]);
  }

  /** More points along the axes that need them. */
  refined(y: readonly Float64Array[]): MirrorSystem | undefined {
    const { form, problem, parities } = this;
    const tails = this.tails(y);
    const longest = Math.max(...tails);
    const sizes = this.grid.sizes.map((n, axis) => (tails[axis] >= shorter * longest ? next(n) : n));
    const most = mostPoints[sizes.length - 1];
    return sizes.some((n) => n > most) ? undefined : new MirrorSystem(problem, form, parities, sizes);
  }

  /** Per axis, relative to the states' norms. */
  private tails(y: readonly Float64Array[]): number[] {
    const worst = this.grid.sizes.map(() => 0);
    for (const spectrum of y) {
      const { tails, total } = this.grid.tails(spectrum);
      tails.forEach((tail, axis) => {
        if (!Number.isFinite(total)) worst[axis] = Number.NaN;
        else if (total > 0) worst[axis] = Math.max(worst[axis], tail / total);
      });
    }
    return worst;
  }
}
