import { NotSupportedError } from '../../errors.ts';
import { isZero } from '../../expression/build.ts';
import { partial } from '../../expression/differentiate.ts';
import type { Expression, Leaf } from '../../expression/expression.ts';
import { leafKey, leavesOf } from '../../expression/expression.ts';
import { type BoundProgram, bindProgram } from '../bound-program.ts';
import { DenseLU } from '../linear/dense-lu.ts';

/** Derivatives of rows by entries of the vector of values, the structurally nonzero ones. */
export interface RowPartials {
  readonly rows: Int32Array;
  /** Places in the vector of values. */
  readonly places: Int32Array;
  readonly values: Float64Array;
}

export interface PointwiseDefinition {
  /** Equations; the first `leading.length` of them hold the leading derivatives, the others none. */
  readonly residuals: readonly Expression[];
  /** Highest time derivatives, in which the first equations are affine. */
  readonly leading: readonly Leaf[];
  /** Places in the vector of values by which derivatives are wanted, with their leaves. */
  readonly arguments: readonly { readonly place: number; readonly leaf: Leaf }[];
  /** Rows that are one entry of the vector: u_t = v of an equation of second order in time. */
  readonly copies: readonly number[];
  /** Place of the first leading derivative in the vector of values. */
  readonly leadingPlace: number;
  position(leaf: Leaf): number;
}

/**
 * What the equations say at one point: rows as functions of a vector of values (coordinates, fields and their
 * derivatives, unknowns). Rows of equations with a time derivative are that derivative, solved for; rows of
 * the others are their residual.
 */
export class PointwiseSystem {
  readonly count: number;
  readonly outputs: Float64Array;
  readonly partials: RowPartials;
  private readonly program: BoundProgram;
  private readonly programOutputs: Float64Array;
  private readonly slopes: BoundProgram;
  private readonly slopeValues: Float64Array;
  private readonly slopeEntries: Int32Array;
  private readonly lu: DenseLU;
  private readonly column: Float64Array;

  constructor(private readonly definition: PointwiseDefinition) {
    const { residuals, leading, copies } = definition;
    const position = (leaf: Leaf) => definition.position(leaf);
    const dynamic = leading.length;
    const matrix = residuals.slice(0, dynamic).flatMap((r) => leading.map((leaf) => partial(r, leaf)));
    const keys = new Set(leading.map(leafKey));
    if (leavesOf(matrix).some((leaf) => keys.has(leafKey(leaf)))) {
      throw new NotSupportedError('the equations are not linear in the time derivatives');
    }
    this.count = residuals.length + copies.length;
    this.outputs = new Float64Array(this.count);
    this.program = bindProgram([...matrix, ...residuals], position);
    this.programOutputs = new Float64Array(matrix.length + residuals.length);
    this.lu = new DenseLU(dynamic);
    this.column = new Float64Array(dynamic);

    const entries = residuals
      .flatMap((residual, row) =>
        definition.arguments.map(({ leaf }, argument) => ({ row, argument, slope: partial(residual, leaf) })),
      )
      .filter(({ slope }) => !isZero(slope));
    this.slopes = bindProgram(
      entries.map(({ slope }) => slope),
      position,
    );
    this.slopeValues = new Float64Array(entries.length);
    // Solving for the time derivatives couples their rows: each depends on what any of them holds.
    const pattern = new Map<string, number>();
    const rows: number[] = [];
    const places: number[] = [];
    const entryOf = (row: number, place: number): number => {
      const key = `${row},${place}`;
      const known = pattern.get(key);
      if (known !== undefined) return known;
      rows.push(row);
      places.push(place);
      pattern.set(key, rows.length - 1);
      return rows.length - 1;
    };
    this.slopeEntries = Int32Array.from(entries, ({ row, argument }) => {
      const { place } = definition.arguments[argument];
      if (row < dynamic) for (let other = 0; other < dynamic; other++) entryOf(other, place);
      return entryOf(row, place);
    });
    copies.forEach((place, i) => {
      entryOf(residuals.length + i, place);
    });
    this.partials = {
      rows: Int32Array.from(rows),
      places: Int32Array.from(places),
      values: new Float64Array(rows.length),
    };
  }

  /** Fills `outputs`. Not a number where the time derivatives are not determined. */
  evaluate(values: Float64Array): void {
    const { residuals, leading, copies, leadingPlace } = this.definition;
    const dynamic = leading.length;
    values.fill(0, leadingPlace, leadingPlace + dynamic);
    this.program(values, this.programOutputs);
    const offset = dynamic * dynamic;
    for (let i = dynamic; i < residuals.length; i++) this.outputs[i] = this.programOutputs[offset + i];
    if (dynamic === 1) {
      // By far the most frequent case, at every node of every step.
      const factor = this.programOutputs[0];
      const leadingValue = factor === 0 ? Number.NaN : -this.programOutputs[1] / factor;
      this.lu.matrix[0] = factor;
      values[leadingPlace] = leadingValue;
      this.outputs[0] = leadingValue;
    } else if (dynamic > 0) {
      this.lu.matrix.set(this.programOutputs.subarray(0, offset));
      const regular = this.lu.factor();
      for (let i = 0; i < dynamic; i++)
        this.column[i] = regular ? -this.programOutputs[offset + i] : Number.NaN;
      if (regular) this.lu.solve(this.column);
      values.set(this.column, leadingPlace);
      this.outputs.set(this.column);
    }
    for (let i = 0; i < copies.length; i++) this.outputs[residuals.length + i] = values[copies[i]];
  }

  /** Fills `partials.values`, and `outputs` as well. */
  linearize(values: Float64Array): void {
    this.evaluate(values);
    const { leading, copies } = this.definition;
    const dynamic = leading.length;
    const { values: out, rows, places } = this.partials;
    out.fill(0);
    this.slopes(values, this.slopeValues);
    for (let i = 0; i < this.slopeValues.length; i++) out[this.slopeEntries[i]] = this.slopeValues[i];
    for (let i = out.length - copies.length; i < out.length; i++) out[i] = 1;
    if (dynamic === 0) return;
    if (dynamic === 1) {
      const scale = -1 / this.lu.matrix[0];
      for (let i = 0; i < out.length; i++) if (rows[i] === 0) out[i] *= scale;
      return;
    }
    // Entries of the dynamic rows were made in groups of one place, row by row.
    for (let i = 0; i < out.length; ) {
      if (rows[i] !== 0 || rows[i + dynamic - 1] !== dynamic - 1 || places[i + dynamic - 1] !== places[i]) {
        i++;
        continue;
      }
      for (let row = 0; row < dynamic; row++) this.column[row] = -out[i + row];
      this.lu.solve(this.column);
      out.set(this.column, i);
      i += dynamic;
    }
  }
}
