import { SolveError } from '../../errors.ts';
import { isZero, multiply, number, subtract } from '../../expression/build.ts';
import { partial } from '../../expression/differentiate.ts';
import { type Expression, type Leaf, leafKey } from '../../expression/expression.ts';
import type { Problem } from '../../problem/problem.ts';
import { bindProgram } from '../bound-program.ts';
import { initialFields } from '../initial-fields.ts';
import type { LinearTerm, PeriodicForm, SpaceDerivative } from './periodic-form.ts';
import type { ModalSystem } from './refined-evolution.ts';
import { SpectralGrid } from './spectral-grid.ts';

/** Points along each space coordinate at most, by their number. */
const mostPoints = [8192, 512, 64];

interface Column {
  readonly state: number;
  readonly symbol: Float64Array | undefined;
  readonly values: Float64Array;
}

/** A periodic evolution equation on a grid of Fourier modes. */
export class PeriodicSystem implements ModalSystem {
  readonly grid: SpectralGrid;
  readonly modes: number;
  readonly states: number;
  readonly linear: Float64Array;
  readonly nonlinear: boolean;
  /** Spectra of the states at the start. */
  readonly start: readonly Float64Array[];
  private readonly columns: readonly Column[];
  private readonly positions: readonly Float64Array[];
  private readonly rows: readonly { state: number; values: Float64Array }[];
  private readonly program: (values: Float64Array, outputs: Float64Array) => void;
  private readonly values: Float64Array;
  private readonly outputs: Float64Array;

  /** @param n points along each space coordinate */
  constructor(
    private readonly problem: Problem,
    private readonly form: PeriodicForm,
    n: number,
  ) {
    const { states, space, derivatives } = form;
    this.grid = new SpectralGrid(
      space.map((axis) => problem.coordinates[axis]),
      n,
    );
    const { grid } = this;
    this.modes = grid.modes;
    this.states = states.length;
    this.positions = space.map((_, axis) => grid.positions(axis));
    this.start = initialFields(problem, states, form.initial, space, this.positions).map((field) => {
      const spectrum = new Float64Array(2 * this.modes);
      grid.toSpectrum(field, spectrum);
      return spectrum;
    });

    const symbolOf = (order: readonly number[]) =>
      order.some((k) => k > 0) ? grid.symbol(order) : undefined;
    const { nonlinear, linear } = this.withMeanCoefficients(this.start, symbolOf);
    this.linear = new Float64Array(2 * this.modes * this.states ** 2);
    for (const { row, state, order, coefficient } of linear) {
      const symbol = grid.symbol(order);
      for (let mode = 0; mode < this.modes; mode++) {
        const at = 2 * ((mode * this.states + row) * this.states + state);
        this.linear[at] += coefficient * symbol[2 * mode];
        this.linear[at + 1] += coefficient * symbol[2 * mode + 1];
      }
    }
    this.columns = derivatives.map(({ state, order }) => ({
      state,
      symbol: symbolOf(order),
      values: new Float64Array(grid.points),
    }));
    this.rows = nonlinear.flatMap((expression, state) =>
      isZero(expression) ? [] : [{ state, values: new Float64Array(grid.points) }],
    );
    this.nonlinear = this.rows.length > 0;
    this.program = bindProgram(
      nonlinear.filter((expression) => !isZero(expression)),
      (leaf) => this.position(leaf),
    );
    this.values = new Float64Array(problem.coordinates.length + derivatives.length);
    this.outputs = new Float64Array(this.rows.length);
  }

  get points(): number {
    return this.grid.points;
  }

  get size(): string {
    return this.form.space.map(() => this.grid.n).join(' by ');
  }

  get pointwise(): boolean {
    return this.form.derivatives.every(({ order }) => order.every((k) => k === 0));
  }

  tail(y: readonly Float64Array[]): number {
    let worst = 0;
    for (const spectrum of y) {
      const { tail, total } = this.grid.tail(spectrum);
      if (!Number.isFinite(total)) return Number.NaN;
      if (total > 0) worst = Math.max(worst, tail / total);
    }
    return worst;
  }

  interpolant(spectrum: Float64Array): (point: readonly number[]) => number {
    return this.grid.interpolant(spectrum);
  }

  /** Twice the points; in more dimensions by way of one and a half times. */
  refined(): PeriodicSystem | undefined {
    const { form, problem } = this;
    const { n } = this.grid;
    const dimension = form.space.length;
    const next = dimension === 1 ? 2 * n : n % 3 === 0 ? (4 * n) / 3 : (3 * n) / 2;
    return next <= mostPoints[dimension - 1] ? new PeriodicSystem(problem, form, next) : undefined;
  }

  evaluate(t: number, y: readonly Float64Array[], out: readonly Float64Array[]): void {
    const { grid, columns, rows, positions, values, outputs, form } = this;
    const dimension = this.problem.coordinates.length;
    differentiate(grid, columns, y);
    values[form.time] = t;
    for (let i = 0; i < grid.points; i++) {
      for (let axis = 0; axis < positions.length; axis++) values[form.space[axis]] = positions[axis][i];
      for (let c = 0; c < columns.length; c++) values[dimension + c] = columns[c].values[i];
      this.program(values, outputs);
      for (let r = 0; r < rows.length; r++) rows[r].values[i] = outputs[r];
    }
    for (let r = 0; r < rows.length; r += 2) {
      const other = rows[r + 1];
      if (other === undefined) grid.toSpectrum(rows[r].values, out[rows[r].state]);
      else grid.toSpectrum(rows[r].values, out[rows[r].state], other.values, out[other.state]);
    }
  }

  private position(leaf: Leaf): number {
    if (leaf.kind === 'coordinate') return leaf.index;
    const key = leafKey(leaf);
    const index = this.form.derivatives.findIndex((derivative) => leafKey(derivative.leaf) === key);
    if (index < 0) throw new SolveError(`${key} has no value in a classical reference`);
    return this.problem.coordinates.length + index;
  }

  /**
   * A term of second or higher order whose coefficient varies is split: the middle of the coefficient's range goes
   * to L, so that what is left for N is no stiffer than it must be.
   */
  private withMeanCoefficients(
    start: readonly Float64Array[],
    symbolOf: (order: readonly number[]) => Float64Array | undefined,
  ): { nonlinear: Expression[]; linear: LinearTerm[] } {
    const { form, problem, grid, positions } = this;
    const linear = [...form.linear];
    const nonlinear = [...form.nonlinear];
    const stiff = form.derivatives.filter(({ order }) => order.reduce((sum, k) => sum + k, 0) >= 2);
    if (stiff.length === 0) return { nonlinear, linear };
    const columns = form.derivatives.map(({ state, order }) => ({
      state,
      symbol: symbolOf(order),
      values: new Float64Array(grid.points),
    }));
    differentiate(grid, columns, start);
    const dimension = problem.coordinates.length;
    const values = new Float64Array(dimension + columns.length);
    values[form.time] = problem.coordinates[form.time].low;
    const split = (row: number, { leaf, state, order }: SpaceDerivative): void => {
      const slope = partial(form.nonlinear[row], leaf);
      if (isZero(slope)) return;
      const program = bindProgram([slope], (other) => this.position(other));
      const output = new Float64Array(1);
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < grid.points; i++) {
        form.space.forEach((axis, k) => {
          values[axis] = positions[k][i];
        });
        columns.forEach((column, k) => {
          values[dimension + k] = column.values[i];
        });
        program(values, output);
        low = Math.min(low, output[0]);
        high = Math.max(high, output[0]);
      }
      const middle = (low + high) / 2;
      if (!Number.isFinite(middle) || middle === 0) return;
      linear.push({ row, state, order, coefficient: middle });
      nonlinear[row] = subtract(nonlinear[row], multiply(number(middle), leaf));
    };
    for (let row = 0; row < form.states.length; row++) for (const term of stiff) split(row, term);
    return { nonlinear, linear };
  }
}

/** Fills the columns by space derivatives of the states. */
function differentiate(grid: SpectralGrid, columns: readonly Column[], y: readonly Float64Array[]): void {
  for (let c = 0; c < columns.length; c += 2) {
    const a = columns[c];
    const b = columns[c + 1];
    if (b === undefined) grid.toPoints(y[a.state], a.symbol, a.values);
    else grid.toPoints(y[a.state], a.symbol, a.values, y[b.state], b.symbol, b.values);
  }
}
