import { NotSupportedError } from '../../errors.ts';
import { partial } from '../../expression/differentiate.ts';
import { type Leaf, leafKey, leavesOf } from '../../expression/expression.ts';
import type { Problem } from '../../problem/problem.ts';
import { type BoundProgram, bindProgram } from '../bound-program.ts';
import type { LeastSquares } from '../linear/least-squares.ts';
import type { BoxForm, BoxRow } from './box-form.ts';
import type { PolynomialSpace } from './polynomial-space.ts';

interface Group {
  readonly program: BoundProgram;
  /** Derivatives that the residual holds, by their number among all. */
  readonly slots: readonly number[];
  /** (N, d). */
  readonly points: Float64Array;
  /** First row. */
  readonly first: number;
  readonly inside: boolean;
  /** A condition without derivatives. */
  readonly plain: boolean;
  weight: number;
}

/**
 * The residuals of equations and conditions at collocation points, as functions of the coefficients. Conditions come
 * first and weigh by as many powers of the degree as they hold derivatives less than the equations, so that all rows
 * are of one size. Equations weigh less towards the faces, which keeps the singularities of corners where they are.
 */
export class ResidualRows {
  readonly rows: number;
  /** Whether every residual is affine in the fields. */
  readonly linear: boolean;
  private readonly groups: Group[] = [];
  private readonly values: Float64Array;
  private readonly fields: readonly number[];
  private readonly scratch: readonly Float64Array[];
  private weighted = false;
  private readonly confinement: number;

  /** @param inside points along each coordinate in the interior */
  constructor(
    private readonly problem: Problem,
    private readonly form: BoxForm,
    readonly space: PolynomialSpace,
    inside: number,
  ) {
    const dimension = problem.coordinates.length;
    const keys = form.derivatives.map(leafKey);
    const position = (leaf: Leaf): number => {
      if (leaf.kind === 'coordinate') return leaf.index;
      const slot = keys.indexOf(leafKey(leaf));
      if (slot >= 0) return dimension + slot;
      throw new NotSupportedError(`${leafKey(leaf)} has no value in a classical reference`);
    };
    this.values = new Float64Array(dimension + keys.length);
    this.fields = form.derivatives.map(({ name }) => problem.fields.findIndex((f) => f.name === name));
    this.scratch = this.fields.map((field) => new Float64Array(space.indices[field].length / dimension));
    const highest = Math.max(...form.rows.flatMap(({ on, order }) => (on.kind === 'inside' ? [order] : [])));
    // Equations of first order, as that of continuity, have no condition of their own on every face.
    this.confinement = form.rows.some(({ on, order }) => on.kind === 'inside' && order < 2) ? 0.5 : 1;
    let rows = 0;
    let linear = true;
    const ordered = [...form.rows].sort(
      (a, b) => Number(a.on.kind === 'inside') - Number(b.on.kind === 'inside'),
    );
    for (const row of ordered) {
      const points = this.placesOf(row, inside, position);
      const leaves = leavesOf([row.residual]).filter((leaf) => leaf.kind === 'field');
      const slopes = leaves.map((leaf) => partial(row.residual, leaf));
      linear &&= leavesOf(slopes).every((leaf) => leaf.kind !== 'field');
      this.groups.push({
        program: bindProgram([row.residual, ...slopes], position),
        slots: leaves.map((leaf) => keys.indexOf(leafKey(leaf))),
        points,
        first: rows,
        inside: row.on.kind === 'inside',
        plain: row.on.kind !== 'inside' && row.order === 0,
        weight: row.on.kind === 'inside' ? 1 : space.degree ** Math.max(0, highest - row.order),
      });
      rows += points.length / dimension;
    }
    this.rows = rows;
    this.linear = linear;
  }

  /** Residuals times their weights; with a matrix, their derivatives by the coefficients as well. */
  evaluate(coefficients: Float64Array, out: Float64Array, matrix?: LeastSquares): void {
    const { space, form, values, fields, scratch } = this;
    const dimension = this.problem.coordinates.length;
    const unit = (axis: number) =>
      2 / (this.problem.coordinates[axis].high - this.problem.coordinates[axis].low);
    matrix?.matrix.fill(0);
    for (const group of this.groups) {
      const { program, slots, points, first, inside } = group;
      const outputs = new Float64Array(1 + slots.length);
      const sizes = slots.map((slot) =>
        form.derivatives[slot].order.reduce((size, k, axis) => size * unit(axis) ** k, 1),
      );
      let scale = 0;
      for (let i = 0; i * dimension < points.length; i++) {
        const point = points.subarray(i * dimension, (i + 1) * dimension);
        values.set(point);
        const cache = new Map<number, Float64Array>();
        for (const slot of slots) {
          const row = scratch[slot];
          const offset = space.offsets[fields[slot]];
          space.row(fields[slot], form.derivatives[slot].order, point, cache, row);
          let sum = 0;
          for (let k = 0; k < row.length; k++) sum += row[k] * coefficients[offset + k];
          values[dimension + slot] = sum;
        }
        program(values, outputs);
        const weight = inside ? group.weight * this.distance(point) ** this.confinement : group.weight;
        out[first + i] = weight * outputs[0];
        if (matrix === undefined) continue;
        slots.forEach((slot, s) => {
          const slope = outputs[1 + s];
          scale = Math.max(scale, Math.abs(slope) * sizes[s]);
          if (slope === 0) return;
          const row = scratch[slot];
          let at = space.offsets[fields[slot]] * matrix.rows + first + i;
          for (let k = 0; k < row.length; k++, at += matrix.rows)
            matrix.matrix[at] += weight * slope * row[k];
        });
      }
      if (matrix !== undefined && !this.weighted && scale > 0)
        this.rescale(first, points.length / dimension, 1 / scale, out, matrix);
    }
    if (matrix !== undefined) this.weighted = true;
  }

  /** Root mean square of the residuals of conditions without derivatives, the largest over the conditions. */
  conditionError(coefficients: Float64Array): number {
    const residual = new Float64Array(this.rows);
    this.evaluate(coefficients, residual);
    return this.groups.reduce((worst, { plain, first, points, weight }) => {
      const count = points.length / this.problem.coordinates.length;
      if (!plain || count === 0) return worst;
      const sum = residual.subarray(first, first + count).reduce((s, value) => s + (value / weight) ** 2, 0);
      return Math.max(worst, Math.sqrt(sum / count));
    }, 0);
  }

  /** Falls to zero at the faces, as their conditions say what the equation says there. */
  private distance(point: Float64Array): number {
    return this.problem.coordinates.reduce((product, { low, high }, axis) => {
      if (this.form.periodic.has(axis)) return product;
      return (product * 4 * (point[axis] - low) * (high - point[axis])) / (high - low) ** 2;
    }, 1);
  }

  /** Makes the largest coefficient of a group one, once for all. */
  private rescale(
    first: number,
    count: number,
    factor: number,
    out: Float64Array,
    matrix: LeastSquares,
  ): void {
    const group = this.groups.find((g) => g.first === first && g.points.length > 0);
    if (group === undefined) return;
    group.weight *= factor;
    for (let i = first; i < first + count; i++) {
      out[i] *= factor;
      for (let at = i; at < matrix.matrix.length; at += matrix.rows) matrix.matrix[at] *= factor;
    }
  }

  private placesOf({ on, where }: BoxRow, inside: number, position: (leaf: Leaf) => number): Float64Array {
    if (on.kind === 'points') return on.points;
    const { axes, degree } = this.space;
    const factors = axes.map((axis, i) => {
      if (on.kind === 'plane' && on.coordinate === i) return Float64Array.of(on.value);
      return axis.points(on.kind === 'plane' ? degree + 1 : inside);
    });
    const holds = where && bindProgram([where], position);
    const output = new Float64Array(1);
    const points: number[] = [];
    const total = factors.reduce((product, { length }) => product * length, 1);
    for (let i = 0; i < total; i++) {
      let rest = i;
      const point = factors.map((factor) => {
        const value = factor[rest % factor.length];
        rest = Math.floor(rest / factor.length);
        return value;
      });
      if (holds !== undefined) {
        this.values.set(point);
        holds(this.values, output);
        if (output[0] === 0) continue;
      }
      points.push(...point);
    }
    return Float64Array.from(points);
  }
}
