import { factorFront } from './dense-front.ts';
import { gmres } from './gmres.ts';
import { nestedDissection, type SparsePattern, symmetricPattern } from './nested-dissection.ts';

/** With more pivots replaced than this, iteration takes longer than it is worth. */
const mostReplaced = 150;

/** Eliminated together: the unknowns of `nodes`, with what they leave on those of `border`. */
interface Front {
  readonly parent: number;
  readonly nodes: Int32Array;
  readonly border: Int32Array;
  /** Unknowns eliminated here, and on the border. */
  readonly pivots: number;
  readonly outer: number;
  readonly exchanges: Int32Array;
  /** (pivots, pivots + outer): L₁₁ and U₁₁ in one, then U₁₂. */
  readonly upper: Float64Array;
  /** (outer, pivots): L₂₁. */
  readonly lower: Float64Array;
}

/**
 * Multifrontal LU factorisation of a sparse matrix of dense blocks, for matrices nearly symmetric in structure
 * whose nodes have positions. Nodes are ordered by nested dissection; pivots are chosen within a front, tiny ones
 * are replaced, for which GMRES makes up, and iterative refinement for lost digits where a probe shows that it must. Duff & Reid (1983),
 * ACM Trans. Math. Softw. 9, 302–325; Li & Demmel (2003), ACM Trans. Math. Softw. 29, 110–140, for the pivots.
 */
export class MultifrontalLU {
  /** (entries, block, block): the caller fills this before `factor`; entries follow the pattern. */
  readonly values: Float64Array;
  /** Number of unknowns. */
  readonly n: number;
  private readonly fronts: Front[] = [];
  private readonly frontOf: Int32Array;
  private readonly transposed: SparsePattern & { readonly entries: Int32Array };
  private readonly rowScale: Float64Array;
  private readonly place: Int32Array;
  private readonly work: Float64Array;
  private readonly scratch: Float64Array;
  private refinements = 0;
  /** Pivots that were replaced: the factors are those of a matrix that differs by this rank. */
  private replaced = 0;

  constructor(
    private readonly pattern: SparsePattern,
    private readonly block: number,
    positions: Float64Array,
    dimension: number,
    last: ReadonlySet<number> = new Set(),
  ) {
    const { size } = pattern;
    this.n = size * block;
    this.values = new Float64Array(pattern.columns.length * block * block);
    this.rowScale = new Float64Array(this.n);
    this.place = new Int32Array(size);
    this.frontOf = new Int32Array(size);
    this.transposed = transpose(pattern);
    const symmetric = symmetricPattern(pattern);
    const separators = nestedDissection(symmetric, positions, dimension, last);
    const children: number[][] = separators.map(() => []);
    separators.forEach(({ nodes, parent }, f) => {
      for (const node of nodes) this.frontOf[node] = f;
      if (parent >= 0) children[parent].push(f);
    });
    let largest = 0;
    separators.forEach(({ nodes, parent }, f) => {
      const border = new Set<number>();
      for (const node of nodes) {
        for (let k = symmetric.starts[node]; k < symmetric.starts[node + 1]; k++) {
          if (this.frontOf[symmetric.columns[k]] > f) border.add(symmetric.columns[k]);
        }
      }
      for (const child of children[f]) {
        for (const node of this.fronts[child].border) if (this.frontOf[node] > f) border.add(node);
      }
      const pivots = nodes.length * block;
      const outer = border.size * block;
      largest = Math.max(largest, pivots + outer);
      this.fronts.push({
        parent,
        nodes,
        border: Int32Array.from(border),
        pivots,
        outer,
        exchanges: new Int32Array(pivots),
        upper: new Float64Array(pivots * (pivots + outer)),
        lower: new Float64Array(outer * pivots),
      });
    });
    this.work = new Float64Array(largest * largest);
    this.scratch = new Float64Array(largest);
  }

  /** Returns false where the matrix is singular to working precision or not finite. */
  factor(): boolean {
    const { block, fronts, place, work } = this;
    if (!this.scaleRows()) return false;
    const complements: (Float64Array | undefined)[] = [];
    const waiting: number[][] = fronts.map(() => []);
    let replaced = 0;
    for (let f = 0; f < fronts.length; f++) {
      const front = fronts[f];
      const { nodes, border, pivots, outer, parent } = front;
      const m = pivots + outer;
      const a = work.subarray(0, m * m);
      a.fill(0);
      nodes.forEach((node, i) => {
        place[node] = i * block;
      });
      border.forEach((node, i) => {
        place[node] = pivots + i * block;
      });
      this.assemble(a, m, f);
      for (const child of waiting[f]) {
        extendAdd(a, m, complements[child]!, fronts[child].border, place, block);
        complements[child] = undefined;
      }
      const count = factorFront(a, m, pivots, front.exchanges, 1e-9, 1e-1);
      if (count < 0) return false;
      replaced += count;
      front.upper.set(a.subarray(0, pivots * m));
      for (let i = 0; i < outer; i++) {
        front.lower.set(a.subarray((pivots + i) * m, (pivots + i) * m + pivots), i * pivots);
      }
      if (parent < 0 || outer === 0) continue;
      const complement = new Float64Array(outer * outer);
      for (let i = 0; i < outer; i++) {
        const start = (pivots + i) * m + pivots;
        complement.set(a.subarray(start, start + outer), i * outer);
      }
      complements[f] = complement;
      waiting[parent].push(f);
    }
    return this.probe(replaced);
  }

  /** Solves A x = b in place. */
  solve(b: Float64Array): void {
    if (this.replaced > 0) {
      b.set(this.solveIteratively(b) ?? b.fill(Number.NaN));
      return;
    }
    if (this.refinements === 0) {
      this.substitute(b);
      return;
    }
    const right = b.slice();
    this.substitute(b);
    const residual = new Float64Array(this.n);
    for (let i = 0; i < this.refinements; i++) {
      this.multiply(b, residual);
      for (let k = 0; k < this.n; k++) residual[k] = right[k] - residual[k];
      this.substitute(residual);
      for (let k = 0; k < this.n; k++) b[k] += residual[k];
    }
  }

  /** out = A·x. */
  multiply(x: Float64Array, out: Float64Array): void {
    const { block, pattern, values } = this;
    out.fill(0);
    for (let i = 0; i < pattern.size; i++) {
      for (let k = pattern.starts[i]; k < pattern.starts[i + 1]; k++) {
        const column = pattern.columns[k] * block;
        let at = k * block * block;
        for (let r = 0; r < block; r++) {
          let sum = 0;
          for (let s = 0; s < block; s++) sum += values[at++] * x[column + s];
          out[i * block + r] += sum;
        }
      }
    }
  }

  /** With rows scaled alike, so that the residual is measured as pivots are. */
  private solveIteratively(b: Float64Array): Float64Array | undefined {
    const { rowScale } = this;
    return gmres(
      (x) => {
        const out = new Float64Array(this.n);
        this.multiply(x, out);
        return out.map((value, i) => value * rowScale[i]);
      },
      (x) => {
        const out = x.map((value, i) => value / rowScale[i]);
        this.substitute(out);
        return out;
      },
      b.map((value, i) => value * rowScale[i]),
      1e-13,
      this.replaced + 20,
    );
  }

  private scaleRows(): boolean {
    const { block, pattern, values, rowScale } = this;
    for (let i = 0; i < pattern.size; i++) {
      for (let r = 0; r < block; r++) {
        let largest = 0;
        for (let k = pattern.starts[i]; k < pattern.starts[i + 1]; k++) {
          const at = (k * block + r) * block;
          for (let s = 0; s < block; s++) {
            const magnitude = Math.abs(values[at + s]);
            if (!(magnitude <= largest)) largest = magnitude;
          }
        }
        if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return false;
        rowScale[i * block + r] = 1 / largest;
      }
    }
    return true;
  }

  /** Adds the entries of A of which row or column is eliminated in this front, and neither before. */
  private assemble(a: Float64Array, m: number, f: number): void {
    const { block, pattern, transposed, values, rowScale, place, frontOf } = this;
    const add = (row: number, column: number, entry: number): void => {
      for (let r = 0; r < block; r++) {
        const scale = rowScale[row * block + r];
        const to = (place[row] + r) * m + place[column];
        const from = (entry * block + r) * block;
        for (let s = 0; s < block; s++) a[to + s] += scale * values[from + s];
      }
    };
    for (const node of this.fronts[f].nodes) {
      for (let k = pattern.starts[node]; k < pattern.starts[node + 1]; k++) {
        if (frontOf[pattern.columns[k]] >= f) add(node, pattern.columns[k], k);
      }
      for (let k = transposed.starts[node]; k < transposed.starts[node + 1]; k++) {
        if (frontOf[transposed.columns[k]] > f) add(transposed.columns[k], node, transposed.entries[k]);
      }
    }
  }

  private substitute(b: Float64Array): void {
    const { block, fronts, rowScale, scratch: x } = this;
    for (let i = 0; i < this.n; i++) b[i] *= rowScale[i];
    for (const { nodes, border, pivots, outer, exchanges, upper, lower } of fronts) {
      gather(b, nodes, block, x);
      for (let k = 0; k < pivots; k++) {
        const other = exchanges[k];
        if (other === k) continue;
        const swap = x[k];
        x[k] = x[other];
        x[other] = swap;
      }
      const m = pivots + outer;
      for (let i = 1; i < pivots; i++) {
        let sum = x[i];
        for (let j = 0, at = i * m; j < i; j++, at++) sum -= upper[at] * x[j];
        x[i] = sum;
      }
      scatter(x, nodes, block, b);
      for (let i = 0; i < border.length; i++) {
        for (let r = 0; r < block; r++) {
          let sum = 0;
          for (let j = 0, at = (i * block + r) * pivots; j < pivots; j++, at++) sum += lower[at] * x[j];
          b[border[i] * block + r] -= sum;
        }
      }
    }
    for (let f = fronts.length - 1; f >= 0; f--) {
      const { nodes, border, pivots, outer, upper } = fronts[f];
      gather(b, nodes, block, x);
      gather(b, border, block, x.subarray(pivots));
      const m = pivots + outer;
      for (let i = pivots - 1; i >= 0; i--) {
        let sum = x[i];
        for (let j = i + 1, at = i * m + i + 1; j < m; j++, at++) sum -= upper[at] * x[j];
        x[i] = sum / upper[i * m + i];
      }
      scatter(x, nodes, block, b);
    }
  }

  /** Solves for a known vector; what is off decides on refinement. */
  private probe(replaced: number): boolean {
    const { n } = this;
    const known = Float64Array.from({ length: n }, (_, i) => 1 + 0.5 * Math.sin(1.7 * i));
    const right = new Float64Array(n);
    const back = new Float64Array(n);
    this.multiply(known, right);
    const residual = (): number => {
      const x = right.slice();
      this.solve(x);
      this.multiply(x, back);
      let worst = 0;
      for (let i = 0; i < n; i++) {
        const off = Math.abs(back[i] - right[i]) * this.rowScale[i];
        if (!(off <= worst)) worst = off;
      }
      return worst;
    };
    this.refinements = 0;
    this.replaced = replaced;
    if (replaced > mostReplaced) return false;
    if (replaced > 0) return residual() < 1e-9;
    if (residual() < 1e-11) return true;
    for (const refinements of [1, 3, 8]) {
      this.refinements = refinements;
      if (residual() < 1e-10) return true;
    }
    return false;
  }
}

function gather(b: Float64Array, nodes: Int32Array, block: number, x: Float64Array): void {
  for (let i = 0, k = 0; i < nodes.length; i++) {
    for (let r = 0; r < block; r++, k++) x[k] = b[nodes[i] * block + r];
  }
}

function scatter(x: Float64Array, nodes: Int32Array, block: number, b: Float64Array): void {
  for (let i = 0, k = 0; i < nodes.length; i++) {
    for (let r = 0; r < block; r++, k++) b[nodes[i] * block + r] = x[k];
  }
}

function extendAdd(
  a: Float64Array,
  m: number,
  complement: Float64Array,
  border: Int32Array,
  place: Int32Array,
  block: number,
): void {
  const outer = border.length * block;
  const places = new Int32Array(outer);
  border.forEach((node, i) => {
    for (let r = 0; r < block; r++) places[i * block + r] = place[node] + r;
  });
  for (let i = 0; i < outer; i++) {
    const row = places[i] * m;
    for (let j = 0, at = i * outer; j < outer; j++, at++) a[row + places[j]] += complement[at];
  }
}

function transpose({ size, starts, columns }: SparsePattern): SparsePattern & { entries: Int32Array } {
  const sums = new Int32Array(size + 1);
  for (const column of columns) sums[column + 1]++;
  for (let i = 0; i < size; i++) sums[i + 1] += sums[i];
  const next = sums.slice();
  const rows = new Int32Array(columns.length);
  const entries = new Int32Array(columns.length);
  for (let i = 0; i < size; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const to = next[columns[k]]++;
      rows[to] = i;
      entries[to] = k;
    }
  }
  return { size, starts: sums, columns: rows, entries };
}
