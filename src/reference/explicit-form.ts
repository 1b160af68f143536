import { NotSupportedError, SolveError } from '../errors.ts';
import { isZero, subtract } from '../expression/build.ts';
import { differentiate, partial } from '../expression/differentiate.ts';
import {
  type CoordinateNode,
  type Expression,
  type FieldNode,
  type Leaf,
  leafKey,
  leavesOf,
} from '../expression/expression.ts';
import { hasPlaces } from '../expression/place.ts';
import type { Problem } from '../problem/problem.ts';
import { type BoundProgram, bindProgram } from './bound-program.ts';
import { DenseLU } from './linear/dense-lu.ts';

/** A field of a system of ordinary differential equations: its derivatives below `order` are states. */
export interface StateField {
  readonly name: string;
  readonly order: number;
  /** Position of the field itself in the state; its derivatives follow. */
  readonly offset: number;
}

interface SparsePartials {
  readonly run: BoundProgram;
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/**
 * A system of ordinary differential equations of any order as y' = f(t, y, p), p the unknowns.
 *
 * The residuals are affine in the highest derivatives, r = A(t, y, p) z + b(t, y, p), so z = −A⁻¹ b; by the
 * implicit function theorem A ∂z/∂y = −∂r/∂y, and likewise for t and p. A field without derivatives gets its
 * equation differentiated once in time (a differential–algebraic system of index 1).
 */
export class ExplicitForm {
  readonly fields: readonly StateField[];
  /** Length of the state. */
  readonly size: number;
  readonly unknowns: readonly string[];
  /** Zero at the start: equations that were differentiated. */
  readonly constraints: readonly Expression[];
  private readonly count: number;
  private readonly values: Float64Array;
  private readonly system: BoundProgram;
  private readonly systemOutputs: Float64Array;
  private readonly lu: DenseLU;
  private readonly column: Float64Array;
  /** Of the equations, those without a highest derivative differentiated; affine in the highest derivatives. */
  readonly residuals: readonly Expression[];
  private stateProgram: SparsePartials | undefined;
  private timeProgram: SparsePartials | undefined;
  private unknownProgram: SparsePartials | undefined;
  private readonly timeLeaf: CoordinateNode;

  /** @throws NotSupportedError in words where the problem has no explicit form */
  constructor(problem: Problem) {
    if (problem.coordinates.length !== 1) {
      throw new NotSupportedError('the problem has more than one coordinate');
    }
    if (problem.fields.some((field) => field.unknown)) {
      throw new NotSupportedError('a field without an equation of its own is found from data alone');
    }
    const partwise = problem.equations.find((equation) => equation.where !== undefined);
    if (partwise !== undefined) {
      throw new NotSupportedError('an equation that holds on a part of the domain', { path: partwise.path });
    }
    let residuals = problem.equations.map(({ left, right }) => subtract(left, right));
    if (hasPlaces(residuals)) throw new NotSupportedError('an integral over time in the equations');
    const orders = new Map(problem.fields.map(({ name }) => [name, highestOrder(residuals, name)]));
    const algebraic = residuals.filter((residual) =>
      fieldLeaves([residual]).every((leaf) => leaf.order[0] < orders.get(leaf.name)! || leaf.order[0] === 0),
    );
    const algebraicFields = [...orders].filter(([, order]) => order === 0);
    if (algebraicFields.length !== algebraic.length) {
      throw new NotSupportedError(
        `${algebraic.length} equations without a highest derivative for ${algebraicFields.length} fields without derivatives`,
      );
    }
    residuals = residuals.map((r) => (algebraic.includes(r) ? differentiate(r, 0) : r));
    for (const [name] of algebraicFields) orders.set(name, 1);
    this.constraints = algebraic;
    this.residuals = residuals;

    let offset = 0;
    this.fields = problem.fields.map(({ name }) => {
      const field = { name, order: orders.get(name)!, offset };
      offset += field.order;
      return field;
    });
    this.size = offset;
    this.count = this.fields.length;
    this.unknowns = problem.unknowns.map(({ name }) => name);
    this.timeLeaf = { kind: 'coordinate', name: problem.coordinates[0].name, index: 0 };
    this.values = new Float64Array(1 + this.size + this.count + this.unknowns.length);

    const leading = this.fields.map(({ name, order }): FieldNode => {
      return { kind: 'field', name, order: [order], of: [0], side: 0 };
    });
    const keys = new Set(leading.map(leafKey));
    const matrix = residuals.flatMap((r) => leading.map((leaf) => partial(r, leaf)));
    if (leavesOf(matrix).some((leaf) => keys.has(leafKey(leaf)))) {
      throw new NotSupportedError('the equations are not linear in the highest derivatives');
    }
    // With the leading derivatives at zero the residuals are b.
    this.system = bindProgram([...matrix, ...residuals], (leaf) => this.position(leaf));
    this.systemOutputs = new Float64Array(matrix.length + residuals.length);
    this.lu = new DenseLU(this.count);
    this.column = new Float64Array(this.count);
    for (let row = 0; row < this.count; row++) {
      if (matrix.slice(row * this.count, (row + 1) * this.count).every(isZero)) {
        throw new NotSupportedError('the equation has no highest derivative in it', {
          path: problem.equations[row].path,
        });
      }
    }
  }

  /** Where a leaf's value stands in [t, state, highest derivatives, unknowns]. */
  position(leaf: Leaf): number {
    if (leaf.kind === 'coordinate') return 0;
    if (leaf.kind === 'unknown') {
      const index = this.unknowns.indexOf(leaf.name);
      if (index >= 0) return 1 + this.size + this.count + index;
    }
    if (leaf.kind === 'field' && leaf.side === 0) {
      const index = this.fields.findIndex((field) => field.name === leaf.name);
      const field = this.fields[index];
      if (field !== undefined && leaf.order[0] < field.order) return 1 + field.offset + leaf.order[0];
      if (field !== undefined && leaf.order[0] === field.order) return 1 + this.size + index;
    }
    throw new NotSupportedError(`${leafKey(leaf)} is no part of the state`);
  }

  /** The vector of all leaves' values, highest derivatives included; overwritten by the next call. */
  leafValues(t: number, y: Float64Array, p: Float64Array): Float64Array {
    const { values, count, size } = this;
    values[0] = t;
    values.set(y, 1);
    values.fill(0, 1 + size, 1 + size + count);
    values.set(p, 1 + size + count);
    this.system(values, this.systemOutputs);
    this.lu.matrix.set(this.systemOutputs.subarray(0, count * count));
    if (!this.lu.factor()) {
      const finite = this.systemOutputs.every(Number.isFinite);
      if (finite)
        throw new SolveError(`the highest derivatives are not determined at ${this.timeLeaf.name} = ${t}`);
      values.fill(Number.NaN, 1 + size, 1 + size + count);
      return values;
    }
    for (let i = 0; i < count; i++) this.column[i] = -this.systemOutputs[count * count + i];
    this.lu.solve(this.column);
    values.set(this.column, 1 + size);
    return values;
  }

  /** f(t, y, p). */
  evaluate(t: number, y: Float64Array, p: Float64Array, dydt: Float64Array): void {
    const values = this.leafValues(t, y, p);
    this.fields.forEach(({ order, offset }, i) => {
      for (let k = 0; k + 1 < order; k++) dydt[offset + k] = y[offset + k + 1];
      dydt[offset + order - 1] = values[1 + this.size + i];
    });
  }

  /** ∂f/∂y, (size, size) row-major. */
  jacobian(t: number, y: Float64Array, p: Float64Array, out: Float64Array): void {
    this.stateProgram ??= this.partials(
      this.fields.flatMap(({ name, order }) =>
        Array.from({ length: order }, (_, k): FieldNode => {
          return { kind: 'field', name, order: [k], of: [0], side: 0 };
        }),
      ),
    );
    this.implicitDerivative(this.stateProgram, t, y, p, this.size, out);
    for (const { order, offset } of this.fields) {
      for (let k = 0; k + 1 < order; k++) out[(offset + k) * this.size + offset + k + 1] = 1;
    }
  }

  /** ∂f/∂t, (size). */
  timeDerivative(t: number, y: Float64Array, p: Float64Array, out: Float64Array): void {
    this.timeProgram ??= this.partials([this.timeLeaf]);
    this.implicitDerivative(this.timeProgram, t, y, p, 1, out);
  }

  /** ∂f/∂p, (size, number of unknowns) row-major. */
  unknownDerivative(t: number, y: Float64Array, p: Float64Array, out: Float64Array): void {
    this.unknownProgram ??= this.partials(this.unknowns.map((name) => ({ kind: 'unknown', name })));
    this.implicitDerivative(this.unknownProgram, t, y, p, this.unknowns.length, out);
  }

  private partials(leaves: readonly Leaf[]): SparsePartials {
    const entries = this.residuals.flatMap((residual, row) =>
      leaves.map((leaf, column) => ({ row, column, expression: partial(residual, leaf) })),
    );
    const nonzero = entries.filter(({ expression }) => !isZero(expression));
    return {
      run: bindProgram(
        nonzero.map(({ expression }) => expression),
        (leaf) => this.position(leaf),
      ),
      rows: Int32Array.from(nonzero, ({ row }) => row),
      columns: Int32Array.from(nonzero, ({ column }) => column),
      values: new Float64Array(nonzero.length),
    };
  }

  private implicitDerivative(
    program: SparsePartials,
    t: number,
    y: Float64Array,
    p: Float64Array,
    width: number,
    out: Float64Array,
  ): void {
    program.run(this.leafValues(t, y, p), program.values);
    const right = new Float64Array(this.count * width);
    program.values.forEach((value, i) => {
      right[program.rows[i] * width + program.columns[i]] = -value;
    });
    out.fill(0);
    for (let column = 0; column < width; column++) {
      for (let i = 0; i < this.count; i++) this.column[i] = right[i * width + column];
      this.lu.solve(this.column);
      this.fields.forEach(({ order, offset }, i) => {
        out[(offset + order - 1) * width + column] = this.column[i];
      });
    }
  }
}

export function fieldLeaves(expressions: readonly Expression[]): FieldNode[] {
  return leavesOf(expressions).filter((leaf) => leaf.kind === 'field');
}

/** Highest derivative of the field along a coordinate (the first where not said), 0 where it stands bare. */
export function highestOrder(expressions: readonly Expression[], field: string, coordinate = 0): number {
  return fieldLeaves(expressions).reduce(
    (order, leaf) => (leaf.name === field ? Math.max(order, leaf.order[coordinate]) : order),
    0,
  );
}
