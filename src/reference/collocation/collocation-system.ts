import { isZero } from '../../expression/build.ts';
import { partial } from '../../expression/differentiate.ts';
import { type BoundProgram, bindProgram } from '../bound-program.ts';
import { BandedLU } from '../linear/banded-lu.ts';
import type { ImplicitSystem } from '../ode/implicit-system.ts';
import type { PointwiseDefinition } from './pointwise-system.ts';
import { PointwiseSystem } from './pointwise-system.ts';
import type { SpaceTimeForm } from './space-time-form.ts';
import type { FieldBasis, SplineSpace } from './spline-space.ts';

/** Coefficients of one field derivative at a point: place in the vector of values, and where they act. */
interface PointTerm {
  readonly place: number;
  readonly unknowns: Int32Array;
  readonly coefficients: Float64Array;
}

interface BoundaryRow {
  readonly row: number;
  readonly x: number;
  readonly terms: readonly PointTerm[];
  readonly value: BoundProgram;
  readonly slopes: BoundProgram;
  /** Term that each slope belongs to; −1 for time. */
  readonly slopeTerms: Int32Array;
  readonly slopeValues: Float64Array;
}

/**
 * The equations of spline collocation, M U' = F(t, U): at each collocation point the pointwise system, between
 * elements the continuity of derivatives, at the ends the boundary conditions; the latter two, and equations
 * without time derivatives, are algebraic rows. Rows and unknowns are ordered so that the Jacobian is banded.
 */
export class CollocationSystem implements ImplicitSystem {
  readonly n: number;
  private readonly system: PointwiseSystem;
  private readonly values: Float64Array;
  private readonly boundary: readonly BoundaryRow[];
  /** Sparse rows, one pattern for M and J. */
  private readonly starts: Int32Array;
  private readonly columns: Int32Array;
  private readonly mass: Float64Array;
  private readonly jacobian: Float64Array;
  private readonly constant: Float64Array;
  private readonly slopeInTime: Float64Array;
  private readonly pointRows: Int32Array;
  private readonly interfaceRows: Int32Array;
  private readonly placeTerm: Int32Array;
  private readonly lu: BandedLU;
  private readonly single = new Float64Array(1);

  constructor(
    private readonly form: SpaceTimeForm,
    private readonly space: SplineSpace,
    definition: PointwiseDefinition,
    massFields: readonly number[],
    p: Float64Array,
  ) {
    this.n = space.size;
    this.system = new PointwiseSystem(definition);
    this.values = new Float64Array(form.valueCount);
    this.values.set(p, form.unknownPlace);
    const { elements, k, bases } = space;
    const local = (e: number): number[] => space.places.flatMap((places) => [...places[e]]);

    const rows: {
      key: number;
      columns: readonly number[];
      assign: (row: number) => void;
      coefficients?: Float64Array;
    }[] = [];
    this.pointRows = new Int32Array(elements * k * this.system.count);
    for (let e = 0; e < elements; e++) {
      const columns = local(e);
      for (let c = 0; c < k; c++) {
        const key = space.sortKey(space.position(e, space.collocation[c]));
        for (let r = 0; r < this.system.count; r++) {
          const index = (e * k + c) * this.system.count + r;
          rows.push({
            key,
            columns,
            assign: (row) => {
              this.pointRows[index] = row;
            },
          });
        }
      }
    }
    const interfaces: number[] = [];
    bases.forEach(({ order, atLeft, atRight }, field) => {
      for (let e = 0; e < elements; e++) {
        const next = e + 1 < elements ? e + 1 : space.periodic ? 0 : -1;
        if (next < 0) continue;
        for (let j = 1; j < order; j++) {
          // Scaled by the wider element, so that coefficients stay near those of ξ.
          const width = (i: number) => space.mesh[i + 1] - space.mesh[i];
          const scale = Math.max(width(e), width(next));
          const left = atRight[j].map((value) => value * (scale / width(e)) ** j);
          const right = atLeft[j].map((value) => -value * (scale / width(next)) ** j);
          rows.push({
            key: space.sortKey(space.mesh[e + 1]),
            columns: [...space.places[field][e], ...space.places[field][next]],
            coefficients: Float64Array.of(...left, ...right),
            assign: (row) => {
              interfaces.push(row);
            },
          });
        }
      }
    });
    const boundary: BoundaryRow[] = [];
    for (const condition of form.boundary) {
      const { element } = space.locate(condition.x);
      rows.push({
        key: space.sortKey(condition.x),
        columns: local(element),
        assign: (row) => {
          boundary.push(this.boundaryRow(row, condition));
        },
      });
    }
    this.boundary = boundary;

    rows.sort((a, b) => a.key - b.key);
    this.starts = new Int32Array(rows.length + 1);
    rows.forEach(({ columns }, row) => {
      this.starts[row + 1] = this.starts[row] + columns.length;
    });
    const entries = this.starts[rows.length];
    this.columns = new Int32Array(entries);
    this.mass = new Float64Array(entries);
    this.jacobian = new Float64Array(entries);
    this.constant = new Float64Array(entries);
    this.slopeInTime = new Float64Array(this.n);
    let lower = 0;
    let upper = 0;
    rows.forEach(({ columns, coefficients, assign }, row) => {
      this.columns.set(columns, this.starts[row]);
      if (coefficients !== undefined) this.constant.set(coefficients, this.starts[row]);
      for (const column of columns) {
        lower = Math.max(lower, row - column);
        upper = Math.max(upper, column - row);
      }
      assign(row);
    });
    this.interfaceRows = Int32Array.from(interfaces);
    this.lu = new BandedLU(this.n, lower, upper);

    const offsets: number[] = [];
    let offset = 0;
    for (const { nodes } of bases) {
      offsets.push(offset);
      offset += nodes.length;
    }
    massFields.forEach((field, r) => {
      if (field < 0) return;
      for (let e = 0; e < elements; e++) {
        for (let c = 0; c < k; c++) {
          const row = this.pointRows[(e * k + c) * this.system.count + r];
          this.mass.set(bases[field].atCollocation[c][0], this.starts[row] + offsets[field]);
        }
      }
    });
    this.placeTerm = new Int32Array(form.valueCount).fill(-1);
    form.fields.forEach(({ place, order }, field) => {
      for (let j = 0; j <= order; j++) this.placeTerm[place + j] = field;
    });
    this.offsets = Int32Array.from(offsets);
  }

  private readonly offsets: Int32Array;

  evaluate(t: number, u: Float64Array, out: Float64Array): void {
    const { k, elements } = this.space;
    const { count, outputs } = this.system;
    for (let e = 0; e < elements; e++) {
      for (let c = 0; c < k; c++) {
        this.fillPoint(t, u, e, c);
        this.system.evaluate(this.values);
        const first = (e * k + c) * count;
        for (let r = 0; r < count; r++) out[this.pointRows[first + r]] = outputs[r];
      }
    }
    for (const row of this.interfaceRows) {
      let sum = 0;
      for (let i = this.starts[row]; i < this.starts[row + 1]; i++)
        sum += this.constant[i] * u[this.columns[i]];
      out[row] = sum;
    }
    for (const boundary of this.boundary) {
      this.fillBoundary(t, u, boundary);
      boundary.value(this.values, this.single);
      out[boundary.row] = this.single[0];
    }
  }

  applyMass(x: Float64Array, out: Float64Array): void {
    for (let row = 0; row < this.n; row++) {
      let sum = 0;
      for (let i = this.starts[row]; i < this.starts[row + 1]; i++) sum += this.mass[i] * x[this.columns[i]];
      out[row] = sum;
    }
  }

  timeDerivative(_t: number, _u: Float64Array, _f: Float64Array, out: Float64Array): void {
    out.set(this.slopeInTime);
  }

  /** Takes ∂F/∂U, and ∂F/∂t with it. */
  linearize(t: number, u: Float64Array): void {
    const { k, elements, mesh, bases } = this.space;
    const { count, partials } = this.system;
    const { jacobian, starts } = this;
    jacobian.set(this.constant);
    this.slopeInTime.fill(0);
    for (let e = 0; e < elements; e++) {
      const factor = 2 / (mesh[e + 1] - mesh[e]);
      for (let c = 0; c < k; c++) {
        this.fillPoint(t, u, e, c);
        this.system.linearize(this.values);
        const first = (e * k + c) * count;
        for (let i = 0; i < partials.values.length; i++) {
          const row = this.pointRows[first + partials.rows[i]];
          const field = this.placeTerm[partials.places[i]];
          if (field < 0) {
            this.slopeInTime[row] += partials.values[i];
            continue;
          }
          const derivative = partials.places[i] - this.form.fields[field].place;
          const slope = partials.values[i] * factor ** derivative;
          if (slope === 0) continue;
          const coefficients = bases[field].atCollocation[c][derivative];
          const start = starts[row] + this.offsets[field];
          for (let j = 0; j < coefficients.length; j++) jacobian[start + j] += slope * coefficients[j];
        }
      }
    }
    for (const boundary of this.boundary) {
      this.fillBoundary(t, u, boundary);
      boundary.slopes(this.values, boundary.slopeValues);
      const start = starts[boundary.row];
      boundary.slopeValues.forEach((slope, i) => {
        const term = boundary.terms[boundary.slopeTerms[i]];
        if (term === undefined) {
          this.slopeInTime[boundary.row] += slope;
          return;
        }
        const offset = start + this.offsets[this.placeTerm[term.place]];
        term.coefficients.forEach((value, j) => {
          jacobian[offset + j] += slope * value;
        });
      });
    }
  }

  factor(shift: number): boolean {
    const { lu, starts, columns, mass, jacobian } = this;
    lu.clear();
    for (let row = 0; row < this.n; row++) {
      for (let i = starts[row]; i < starts[row + 1]; i++) {
        const value = shift * mass[i] - jacobian[i];
        if (value !== 0) lu.add(row, columns[i], value);
      }
    }
    return lu.factor();
  }

  solve(b: Float64Array): void {
    this.lu.solve(b);
  }

  private fillPoint(t: number, u: Float64Array, e: number, c: number): void {
    const { space, form, values } = this;
    const { mesh } = space;
    values[form.space] = space.position(e, space.collocation[c]);
    if (form.time !== undefined) values[form.time] = t;
    const factor = 2 / (mesh[e + 1] - mesh[e]);
    for (let field = 0; field < form.fields.length; field++) {
      const { place, order } = form.fields[field];
      const rows = space.bases[field].atCollocation[c];
      const places = space.places[field][e];
      let scale = 1;
      for (let j = 0; j <= order; j++, scale *= factor) {
        const row = rows[j];
        let sum = 0;
        for (let i = 0; i < row.length; i++) sum += row[i] * u[places[i]];
        values[place + j] = scale * sum;
      }
    }
  }

  private fillBoundary(t: number, u: Float64Array, boundary: BoundaryRow): void {
    this.values[this.form.space] = boundary.x;
    if (this.form.time !== undefined) this.values[this.form.time] = t;
    for (const { place, unknowns, coefficients } of boundary.terms) {
      let sum = 0;
      for (let i = 0; i < coefficients.length; i++) sum += coefficients[i] * u[unknowns[i]];
      this.values[place] = sum;
    }
  }

  private boundaryRow(row: number, condition: SpaceTimeForm['boundary'][number]): BoundaryRow {
    const { form, space } = this;
    const { x, residual } = condition;
    const { element, xi } = space.locate(x);
    const factor = 2 / (space.mesh[element + 1] - space.mesh[element]);
    const terms = form.fields.flatMap(({ place, order }, field) =>
      endRows(space.bases[field], xi)
        .slice(0, order + 1)
        .map((coefficients, j): PointTerm => {
          return {
            place: place + j,
            unknowns: space.places[field][element],
            coefficients: coefficients.map((value) => value * factor ** j),
          };
        }),
    );
    const slopes = form.equations.arguments
      .map(({ place, leaf }) => ({
        term: terms.findIndex((term) => term.place === place),
        slope: partial(residual, leaf),
      }))
      .filter(({ slope }) => !isZero(slope));
    return {
      row,
      x,
      terms,
      value: bindProgram([residual], form.position),
      slopes: bindProgram(
        slopes.map(({ slope }) => slope),
        form.position,
      ),
      slopeTerms: Int32Array.from(slopes, ({ term }) => term),
      slopeValues: new Float64Array(slopes.length),
    };
  }
}

function endRows(basis: FieldBasis, xi: number): readonly Float64Array[] {
  // Conditions stand at ends of elements: the mesh is made so.
  return xi < 0 ? basis.atLeft : basis.atRight;
}
