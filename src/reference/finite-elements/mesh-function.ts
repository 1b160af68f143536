import type { QuadraticMesh } from './quadratic-mesh.ts';
import { type QuadraticBasis, quadraticBasis, trianglePlaces } from './triangle-basis.ts';

const mostSteps = 8;

/** Fields on a mesh, one linear on each triangle and the others quadratic. */
export class MeshFunction {
  /** Whether the linear one was moved to a level of its own. */
  shifted = false;
  /** For each triangle its first corner and the inverse of the map from its own coordinates, (T, 6). */
  private readonly affine: Float64Array;
  private readonly curved: Uint8Array;
  /** The area. */
  readonly measure: number;
  private readonly cells: readonly (readonly number[])[];
  private readonly low: readonly number[];
  private readonly step: readonly number[];
  private readonly sides: readonly number[];

  /** @param u (N, fields) */
  constructor(
    private readonly mesh: QuadraticMesh,
    private readonly u: Float64Array,
    readonly fields: number,
    private readonly linear: number,
  ) {
    const bounds = [0, 1].map((a) => {
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (let i = a; i < mesh.points.length; i += 2) {
        low = Math.min(low, mesh.points[i]);
        high = Math.max(high, mesh.points[i]);
      }
      return { low, high };
    });
    const total = mesh.triangles.length / 6;
    this.affine = new Float64Array(6 * total);
    this.curved = new Uint8Array(total);
    let measure = 0;
    for (let t = 0; t < total; t++) {
      const own = Array.from(mesh.triangles.subarray(6 * t, 6 * t + 6), (n) => this.node(n));
      const [[ax, ay], [bx, by], [cx, cy]] = own;
      const determinant = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
      measure += 0.5 * determinant;
      const inverse = [cy - ay, ax - cx, ay - by, bx - ax].map((entry) => entry / determinant);
      this.affine.set([ax, ay, ...inverse], 6 * t);
      for (let c = 0; c < 3; c++) {
        const off = [0, 1].map((a) => own[3 + c][a] - 0.5 * (own[c][a] + own[(c + 1) % 3][a]));
        if (Math.hypot(...off) > 1e-9 * Math.sqrt(determinant)) this.curved[t] = 1;
      }
    }
    this.measure = measure;
    const area = bounds.reduce((product, { low, high }) => product * (high - low), 1);
    const side = Math.sqrt(area / total);
    this.low = bounds.map(({ low }) => low);
    this.sides = bounds.map(({ low, high }) => Math.max(1, Math.ceil((high - low) / side)));
    this.step = bounds.map(({ low, high }, a) => (high - low) / this.sides[a]);
    const cells: number[][] = Array.from({ length: this.sides[0] * this.sides[1] }, () => []);
    for (let t = 0; t < total; t++) {
      const spans = [0, 1].map((a) => {
        const values = Array.from(
          mesh.triangles.subarray(6 * t, 6 * t + 6),
          (node) => mesh.points[2 * node + a],
        );
        return [this.cellOf(Math.min(...values), a), this.cellOf(Math.max(...values), a)];
      });
      for (let i = spans[0][0]; i <= spans[0][1]; i++)
        for (let j = spans[1][0]; j <= spans[1][1]; j++) cells[i * this.sides[1] + j].push(t);
    }
    this.cells = cells;
  }

  /** Of all fields at points (N, 2), (N, fields); of a point outside, what the nearest triangle makes of it. */
  at(points: Float64Array): Float64Array {
    const { mesh, u, fields, linear } = this;
    const count = points.length / 2;
    const values = new Float64Array(count * fields);
    for (let i = 0; i < count; i++) {
      const { t, place } = this.locate(points[2 * i], points[2 * i + 1]);
      const [a, b] = place;
      const basis = quadraticBasis(a, b).values;
      const corner = [1 - a - b, a, b];
      for (let k = 0; k < 6; k++) {
        const node = mesh.triangles[6 * t + k];
        for (let f = 0; f < fields; f++) {
          if (f !== linear) values[i * fields + f] += basis[k] * u[node * fields + f];
          else if (k < 3) values[i * fields + f] += corner[k] * u[node * fields + f];
        }
      }
    }
    return values;
  }

  /** Of a field over the whole mesh. */
  mean(field: number): number {
    const { mesh } = this;
    let sum = 0;
    let measure = 0;
    for (let t = 0; t < mesh.triangles.length; t += 6) {
      const [[ax, ay], [bx, by], [cx, cy]] = [0, 1, 2].map((k) => this.node(mesh.triangles[t + k]));
      const area = 0.5 * ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay));
      measure += area;
      for (const { s, t: v, weight } of trianglePlaces) {
        const basis = field === this.linear ? [1 - s - v, s, v] : quadraticBasis(s, v).values;
        for (let k = 0; k < basis.length; k++)
          sum += weight * area * basis[k] * this.u[mesh.triangles[t + k] * this.fields + field];
      }
    }
    return sum / measure;
  }

  private node(n: number): [number, number] {
    return [this.mesh.points[2 * n], this.mesh.points[2 * n + 1]];
  }

  private cellOf(x: number, axis: number): number {
    return Math.min(this.sides[axis] - 1, Math.max(0, Math.floor((x - this.low[axis]) / this.step[axis])));
  }

  /** ∫u² of each field over the mesh; one where that is zero. */
  squares(): number[] {
    const { mesh, u, fields, linear } = this;
    const sums = new Array<number>(fields).fill(0);
    for (let t = 0; t < mesh.triangles.length; t += 6) {
      const [[ax, ay], [bx, by], [cx, cy]] = [0, 1, 2].map((k) => this.node(mesh.triangles[t + k]));
      const area = 0.5 * ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay));
      for (const { s, t: v, weight } of trianglePlaces) {
        const quadratic = quadraticBasis(s, v).values;
        for (let f = 0; f < fields; f++) {
          const basis = f === linear ? [1 - s - v, s, v] : quadratic;
          let value = 0;
          for (let k = 0; k < basis.length; k++) value += basis[k] * u[mesh.triangles[t + k] * fields + f];
          sums[f] += weight * area * value * value;
        }
      }
    }
    return sums.map((sum) => sum || 1);
  }

  /** The gradient of each field at a place of a triangle. */
  slopes(t: number, basis: QuadraticBasis): [number, number][] {
    const { mesh, u, fields, linear } = this;
    const nodes = mesh.triangles.subarray(6 * t, 6 * t + 6);
    const along = (value: (k: number) => number, f: number): [number, number] => {
      const count = f === linear ? 3 : 6;
      let [s, v] = [0, 0];
      for (let k = 0; k < count; k++) {
        s += value(k) * (f === linear ? [-1, 1, 0][k] : basis.alongS[k]);
        v += value(k) * (f === linear ? [-1, 0, 1][k] : basis.alongT[k]);
      }
      return [s, v];
    };
    const [xs, xt] = along((k) => mesh.points[2 * nodes[k]], -1);
    const [ys, yt] = along((k) => mesh.points[2 * nodes[k] + 1], -1);
    const determinant = xs * yt - xt * ys;
    return Array.from({ length: fields }, (_, f) => {
      const [s, v] = along((k) => u[nodes[k] * fields + f], f);
      return [(s * yt - v * ys) / determinant, (v * xs - s * xt) / determinant];
    });
  }

  /** The triangle that holds a point, or the nearest, and where in it. */
  locate(x: number, y: number): { t: number; place: readonly [number, number] } {
    const [i, j] = [this.cellOf(x, 0), this.cellOf(y, 1)];
    let best: { t: number; place: readonly [number, number] } | undefined;
    let least = Number.NEGATIVE_INFINITY;
    for (let ring = 0; ring < Math.max(...this.sides); ring++) {
      for (let a = Math.max(0, i - ring); a <= Math.min(this.sides[0] - 1, i + ring); a++)
        for (let b = Math.max(0, j - ring); b <= Math.min(this.sides[1] - 1, j + ring); b++) {
          if (Math.max(Math.abs(a - i), Math.abs(b - j)) < ring) continue;
          for (const t of this.cells[a * this.sides[1] + b]) {
            const place = this.placeIn(t, x, y);
            const inside = Math.min(place[0], place[1], 1 - place[0] - place[1]);
            if (inside > least) [best, least] = [{ t, place }, inside];
            if (inside >= 0) return { t, place };
          }
        }
      if (best !== undefined && least > -0.5) break;
    }
    return best!;
  }

  /** Where in a triangle's own coordinates a point lies: at once where its edges are straight, else by Newton's method. */
  private placeIn(t: number, x: number, y: number): readonly [number, number] {
    const { mesh, affine } = this;
    const [px, py] = [x - affine[6 * t], y - affine[6 * t + 1]];
    let s = affine[6 * t + 2] * px + affine[6 * t + 3] * py;
    let v = affine[6 * t + 4] * px + affine[6 * t + 5] * py;
    // Far from the triangle its curved edge says nothing.
    if (this.curved[t] === 0 || Math.min(s, v, 1 - s - v) < -1) return [s, v];
    const nodes = mesh.triangles.subarray(6 * t, 6 * t + 6);
    for (let step = 0; step < mostSteps; step++) {
      const basis = quadraticBasis(s, v);
      let [dx, dy, xs, xt, ys, yt] = [x, y, 0, 0, 0, 0];
      for (let k = 0; k < 6; k++) {
        const px = mesh.points[2 * nodes[k]];
        const py = mesh.points[2 * nodes[k] + 1];
        dx -= px * basis.values[k];
        dy -= py * basis.values[k];
        xs += px * basis.alongS[k];
        ys += py * basis.alongS[k];
        xt += px * basis.alongT[k];
        yt += py * basis.alongT[k];
      }
      const determinant = xs * yt - xt * ys;
      const [ds, dv] = [(dx * yt - dy * xt) / determinant, (dy * xs - dx * ys) / determinant];
      s += ds;
      v += dv;
      if (Math.abs(ds) + Math.abs(dv) < 1e-12) break;
    }
    return [s, v];
  }
}
