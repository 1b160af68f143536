import { isZero } from '../../expression/build.ts';
import { partial } from '../../expression/differentiate.ts';
import type { Expression, Leaf } from '../../expression/expression.ts';
import { type BoundProgram, bindProgram } from '../bound-program.ts';
import type { NonlinearSystem } from '../collocation/newton.ts';
import { fieldLeaves } from '../explicit-form.ts';
import { MultifrontalLU } from '../linear/multifrontal-lu.ts';
import type { FlowForm } from './flow-form.ts';
import type { QuadraticMesh } from './quadratic-mesh.ts';
import { edgePlaces, type QuadraticBasis, quadraticBasis, trianglePlaces } from './triangle-basis.ts';

/** Test functions of a field, or their derivative along a coordinate, times an expression. */
interface Term {
  readonly field: number;
  /** 0: the function itself, 1 and 2: its derivatives. */
  readonly test: number;
  readonly expression: Expression;
}

/** Terms with what they depend on, ready for evaluation. */
interface BoundTerms {
  readonly terms: readonly Term[];
  readonly values: BoundProgram;
  readonly outputs: Float64Array;
  readonly slopes: BoundProgram;
  readonly slopeOutputs: Float64Array;
  readonly entries: readonly { readonly term: number; readonly field: number; readonly derivative: number }[];
}

/** Nodes at which the pressure has values: the corners of a triangle. */
const corners = 3;
const nodesOfTriangle = 6;
const seatsOfTriangle = nodesOfTriangle + corners;

/**
 * The elements of Taylor & Hood (Comput. & Fluids 1, 1973, 73–100): velocities and all other fields quadratic on
 * triangles, the pressure linear. As a system for Newton's method, with a share of what is not linear.
 */
export class FlowSystem implements NonlinearSystem {
  readonly n: number;
  /** Whether the pressure is determined up to a constant; it is then zero at the first node. */
  readonly floating: boolean;
  /** F(0) + (F(share·u) − F(0))/share is what vanishes: at 1 the problem, near 0 its linearisation at rest. */
  share = 1;
  private readonly fields: number;
  private readonly pressure: number;
  private readonly lu: MultifrontalLU;
  private readonly starts: Int32Array;
  private readonly columns: Int32Array;
  private readonly quadratic = [0, 1, 2].map(() => new Float64Array(nodesOfTriangle));
  private readonly linearFunctions = [0, 1, 2].map(() => new Float64Array(corners));
  private readonly map = { xs: 0, xt: 0, ys: 0, yt: 0 };
  /** For each corner of triangles the node among whose unknowns its pressure stands. */
  private readonly carriers: Int32Array;
  /** Nodes of a triangle and carriers of its corners, (T, 9). */
  private readonly seats: Int32Array;
  /** Place of the block of two of them among the entries, (T, 9, 9). */
  private readonly blocks: Int32Array;
  /** For each unknown its value where it is given, else NaN. */
  private readonly given: Float64Array;
  private readonly inside: BoundTerms;
  private readonly open: readonly { readonly bound: BoundTerms; readonly edges: readonly number[] }[];
  private readonly values: Float64Array;
  private readonly resting: Float64Array;

  /**
   * @param conditionsAt  numbers of the conditions that hold at a point of the boundary
   */
  constructor(
    form: FlowForm,
    private readonly mesh: QuadraticMesh,
    conditionsAt: (point: ArrayLike<number>) => readonly number[],
  ) {
    const { problem, constraint } = form;
    const s = problem.fields.length;
    this.fields = s;
    this.pressure = constraint.pressure;
    this.n = mesh.count * s;
    this.values = new Float64Array(2 + 3 * s + 2);
    const position = (leaf: Leaf): number => {
      if (leaf.kind === 'coordinate') return leaf.index;
      if (leaf.kind === 'field') {
        const field = problem.fields.findIndex(({ name }) => name === leaf.name);
        return 2 + 3 * field + (leaf.order[0] === 1 ? 1 : leaf.order[1] === 1 ? 2 : 0);
      }
      return 2 + 3 * s + (leaf.name === `normal:${problem.coordinates[0].name}` ? 0 : 1);
    };
    const bind = (terms: readonly Term[]): BoundTerms => {
      const slopes = terms.flatMap(({ expression }, term) =>
        fieldLeaves([expression]).map((leaf) => ({
          term,
          field: Math.floor((position(leaf) - 2) / 3),
          derivative: (position(leaf) - 2) % 3,
          slope: partial(expression, leaf),
        })),
      );
      const entries = slopes.filter(({ slope }) => !isZero(slope));
      return {
        terms,
        values: bindProgram(
          terms.map(({ expression }) => expression),
          position,
        ),
        outputs: new Float64Array(terms.length),
        slopes: bindProgram(
          entries.map(({ slope }) => slope),
          position,
        ),
        slopeOutputs: new Float64Array(entries.length),
        entries,
      };
    };
    this.inside = bind(
      form.equations
        .flatMap(({ value, slopes }, field) =>
          [value, ...slopes].map((expression, test): Term => ({ field, test, expression })),
        )
        .filter(({ expression }) => !isZero(expression)),
    );

    this.given = new Float64Array(this.n).fill(Number.NaN);
    const open = new Map<string, { rows: ReturnType<FlowForm['boundaryRows']>; edges: number[] }>();
    let pinned = false;
    mesh.boundary.forEach(({ triangle, corner }, e) => {
      const nodes = [corner, (corner + 1) % 3, corner + 3].map((c) => mesh.triangles[6 * triangle + c]);
      const point = (node: number): Float64Array => mesh.points.subarray(2 * node, 2 * node + 2);
      for (const node of nodes) {
        const held = conditionsAt(point(node));
        for (let field = 0; field < s; field++) {
          if (field === this.pressure) continue;
          const value = form.givenAt(held, field, point(node));
          if (value !== undefined) this.given[node * s + field] = value;
        }
      }
      const held = conditionsAt(point(nodes[2]));
      const along = [0, 1].map((a) => point(nodes[1])[a] - point(nodes[0])[a]);
      const axis = along.findIndex((length) => Math.abs(length) <= 1e-9 * Math.hypot(...along));
      const sign = axis === 0 ? Math.sign(along[1]) : -Math.sign(along[0]);
      const key = `${held.join()}:${axis}:${axis < 0 ? 0 : sign}`;
      const known = open.get(key) ?? { rows: form.boundaryRows(held, axis, sign), edges: [] };
      known.edges.push(e);
      open.set(key, known);
      pinned ||= known.rows.fluxes.some((flux) => flux !== undefined);
    });
    this.floating = !pinned;
    this.open = [...open.values()].flatMap(({ rows, edges }) => {
      const terms = rows.fluxes.flatMap((expression, field): Term[] =>
        expression === undefined || isZero(expression) ? [] : [{ field, test: 0, expression }],
      );
      return terms.length === 0 ? [] : [{ bound: bind(terms), edges }];
    });
    this.carriers = pressureCarriers(mesh);
    const carrying = new Set(this.carriers);
    for (let node = 0; node < mesh.count; node++)
      if (!carrying.has(node)) this.given[node * s + this.pressure] = 0;
    if (this.floating) this.given[this.carriers[0] * s + this.pressure] = 0;

    const total = mesh.triangles.length / nodesOfTriangle;
    this.seats = new Int32Array(seatsOfTriangle * total);
    for (let t = 0; t < total; t++) {
      const nodes = mesh.triangles.subarray(nodesOfTriangle * t, nodesOfTriangle * (t + 1));
      this.seats.set(
        [...nodes, ...nodes.subarray(0, corners).map((node) => this.carriers[node])],
        seatsOfTriangle * t,
      );
    }
    const neighbours = Array.from({ length: mesh.count }, (_, node) => new Set([node]));
    const { seats } = this;
    for (let t = 0; t < seats.length; t += seatsOfTriangle)
      for (let a = 0; a < seatsOfTriangle; a++)
        for (let b = 0; b < seatsOfTriangle; b++) neighbours[seats[t + a]].add(seats[t + b]);
    this.starts = new Int32Array(mesh.count + 1);
    neighbours.forEach((own, i) => {
      this.starts[i + 1] = this.starts[i] + own.size;
    });
    const rows = neighbours.map((own) => [...own]);
    this.columns = Int32Array.from(rows.flat());
    this.blocks = new Int32Array(seatsOfTriangle * seats.length);
    for (let t = 0, k = 0; t < seats.length; t += seatsOfTriangle)
      for (let a = 0; a < seatsOfTriangle; a++)
        for (let b = 0; b < seatsOfTriangle; b++, k++)
          this.blocks[k] = this.starts[seats[t + a]] + rows[seats[t + a]].indexOf(seats[t + b]);
    this.lu = new MultifrontalLU(
      { size: mesh.count, starts: this.starts, columns: this.columns },
      s,
      mesh.points,
      2,
    );
    this.resting = new Float64Array(this.n);
    this.assemble(new Float64Array(this.n), this.resting, false);
  }

  /** Unknowns from the fields at nodes, (N, fields). */
  unknownsOf(nodal: Float64Array): Float64Array {
    const { fields: s, pressure, carriers } = this;
    const u = nodal.slice();
    for (let node = 0; node < this.mesh.count; node++) u[node * s + pressure] = 0;
    carriers.forEach((carrier, node) => {
      u[carrier * s + pressure] = nodal[node * s + pressure];
    });
    return u;
  }

  /** Fields at nodes, (N, fields), the pressure at corners of triangles alone. */
  nodalOf(u: Float64Array): Float64Array {
    const { fields: s, pressure, carriers } = this;
    const nodal = u.slice();
    carriers.forEach((carrier, node) => {
      nodal[node * s + pressure] = u[carrier * s + pressure];
    });
    return nodal;
  }

  evaluate(_: number, u: Float64Array, out: Float64Array): void {
    const { share, resting } = this;
    this.assemble(share === 1 ? u : u.map((value) => share * value), out, false);
    if (share !== 1) for (let i = 0; i < this.n; i++) out[i] = resting[i] + (out[i] - resting[i]) / share;
  }

  linearize(_: number, u: Float64Array): void {
    const { share } = this;
    this.assemble(share === 1 ? u : u.map((value) => share * value), new Float64Array(this.n), true);
  }

  factor(): boolean {
    return this.lu.factor();
  }

  solve(b: Float64Array): void {
    this.lu.solve(b);
  }

  /** Residuals, and where wanted minus their derivatives by the unknowns. */
  private assemble(u: Float64Array, out: Float64Array, matrix: boolean): void {
    const { mesh, fields: s, given, lu } = this;
    out.fill(0);
    if (matrix) lu.values.fill(0);
    for (let t = 0; t * nodesOfTriangle < mesh.triangles.length; t++)
      for (const { basis, linear, weight } of places) {
        const determinant = this.place(t, basis, linear);
        this.addTerms(this.inside, t, 0.5 * weight * determinant, u, out, matrix);
      }
    for (const { bound, edges } of this.open) for (const e of edges) this.addEdge(bound, e, u, out, matrix);
    for (let i = 0; i < this.n; i++) {
      if (Number.isNaN(given[i])) continue;
      out[i] = u[i] - given[i];
      if (!matrix) continue;
      const node = Math.floor(i / s);
      const row = i % s;
      for (let k = this.starts[node]; k < this.starts[node + 1]; k++) {
        const at = (k * s + row) * s;
        lu.values.fill(0, at, at + s);
        if (this.columns[k] === node) lu.values[at + row] = -1;
      }
    }
  }

  private addEdge(bound: BoundTerms, e: number, u: Float64Array, out: Float64Array, matrix: boolean): void {
    const { mesh, values, fields: s } = this;
    const { triangle, corner } = mesh.boundary[e];
    const ends = [corner, (corner + 1) % 3].map((c) => [Number(c === 1), Number(c === 2)]);
    for (const { at, weight } of edgePlaces) {
      const [S, T] = [0, 1].map((a) => (1 - at) * ends[0][a] + at * ends[1][a]);
      this.place(triangle, quadraticBasis(S, T), [1 - S - T, S, T]);
      const [ds, dt] = [0, 1].map((a) => ends[1][a] - ends[0][a]);
      const { xs, xt, ys, yt } = this.map;
      // Counterclockwise along the edge the outside is on the right.
      const tangent = [xs * ds + xt * dt, ys * ds + yt * dt];
      const length = Math.hypot(...tangent);
      values[2 + 3 * s] = tangent[1] / length;
      values[3 + 3 * s] = -tangent[0] / length;
      this.addTerms(bound, triangle, weight * length, u, out, matrix);
    }
  }

  /** Functions and their derivatives at a place of a triangle, and the place itself; the map's determinant. */
  private place(t: number, basis: QuadraticBasis, linear: readonly number[]): number {
    const { mesh, quadratic, linearFunctions, values, map } = this;
    let [x, y, xs, xt, ys, yt] = [0, 0, 0, 0, 0, 0];
    for (let k = 0; k < nodesOfTriangle; k++) {
      const node = mesh.triangles[nodesOfTriangle * t + k];
      const px = mesh.points[2 * node];
      const py = mesh.points[2 * node + 1];
      x += px * basis.values[k];
      y += py * basis.values[k];
      xs += px * basis.alongS[k];
      ys += py * basis.alongS[k];
      xt += px * basis.alongT[k];
      yt += py * basis.alongT[k];
    }
    const determinant = xs * yt - xt * ys;
    for (let k = 0; k < nodesOfTriangle; k++) {
      quadratic[0][k] = basis.values[k];
      quadratic[1][k] = (basis.alongS[k] * yt - basis.alongT[k] * ys) / determinant;
      quadratic[2][k] = (basis.alongT[k] * xs - basis.alongS[k] * xt) / determinant;
    }
    for (let k = 0; k < corners; k++) {
      const alongS = [-1, 1, 0][k];
      const alongT = [-1, 0, 1][k];
      linearFunctions[0][k] = linear[k];
      linearFunctions[1][k] = (alongS * yt - alongT * ys) / determinant;
      linearFunctions[2][k] = (alongT * xs - alongS * xt) / determinant;
    }
    values[0] = x;
    values[1] = y;
    Object.assign(map, { xs, xt, ys, yt });
    return determinant;
  }

  private functionsOf(field: number): readonly Float64Array[] {
    return field === this.pressure ? this.linearFunctions : this.quadratic;
  }

  private addTerms(
    { terms, values: program, outputs, slopes, slopeOutputs, entries }: BoundTerms,
    t: number,
    weight: number,
    u: Float64Array,
    out: Float64Array,
    matrix: boolean,
  ): void {
    const { seats, fields: s, values, lu, blocks, pressure } = this;
    const first = seatsOfTriangle * t;
    for (let field = 0; field < s; field++)
      this.functionsOf(field).forEach((functions, derivative) => {
        const from = first + (field === pressure ? nodesOfTriangle : 0);
        let sum = 0;
        for (let k = 0; k < functions.length; k++) sum += functions[k] * u[seats[from + k] * s + field];
        values[2 + 3 * field + derivative] = sum;
      });
    program(values, outputs);
    terms.forEach(({ field, test }, i) => {
      const functions = this.functionsOf(field)[test];
      const from = first + (field === pressure ? nodesOfTriangle : 0);
      for (let k = 0; k < functions.length; k++)
        out[seats[from + k] * s + field] += weight * outputs[i] * functions[k];
    });
    if (!matrix) return;
    slopes(values, slopeOutputs);
    entries.forEach(({ term, field: column, derivative }, i) => {
      const slope = -weight * slopeOutputs[i];
      if (slope === 0) return;
      const { field: row, test } = terms[term];
      const tests = this.functionsOf(row)[test];
      const trials = this.functionsOf(column)[derivative];
      const from = first + (row === pressure ? nodesOfTriangle : 0);
      const to = column === pressure ? nodesOfTriangle : 0;
      for (let a = 0; a < tests.length; a++)
        for (let b = 0; b < trials.length; b++)
          lu.values[(blocks[seatsOfTriangle * (from + a) + to + b] * s + row) * s + column] +=
            slope * tests[a] * trials[b];
    });
  }
}

const places = trianglePlaces.map(({ s, t, weight }) => ({
  basis: quadraticBasis(s, t),
  linear: [1 - s - t, s, t],
  weight,
}));

/**
 * Beside a boundary on which velocities are given a pressure meets none at its own node: it is eliminated with the
 * middle of an edge inside.
 */
function pressureCarriers({ triangles, vertices, boundary }: QuadraticMesh): Int32Array {
  const carriers = Int32Array.from({ length: vertices }, (_, node) => node);
  const outer = new Set<number>();
  for (const { triangle, corner } of boundary)
    for (const c of [corner, (corner + 1) % corners, corner + corners])
      outer.add(triangles[nodesOfTriangle * triangle + c]);
  const taken = new Set<number>();
  for (let t = 0; t < triangles.length; t += nodesOfTriangle)
    for (let c = 0; c < corners; c++) {
      const middle = triangles[t + corners + c];
      for (const node of [triangles[t + c], triangles[t + ((c + 1) % corners)]]) {
        if (!outer.has(node) || carriers[node] !== node || outer.has(middle) || taken.has(middle)) continue;
        carriers[node] = middle;
        taken.add(middle);
      }
    }
  return carriers;
}
