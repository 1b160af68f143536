import { gmres } from './gmres.ts';
import type { SparsePattern } from './nested-dissection.ts';

/** Relative to the right-hand side; Newton's method solves again for what is left. */
const tolerance = 1e-10;
const mostIterations = 150;

/** Of rows scaled to a sum of 1: smaller entries of the factors are dropped. */
const smallestEntry = 1e-3;

/** A row of either factor keeps so many times as many entries as the matrix has in one. */
const mostFill = 1.5;

/** Columns are exchanged where the pivot is less than this share of the largest entry of its row. */
const pivotShare = 0.1;

/** What a known solution may be off by. */
const largestOffset = 1e-5;

/**
 * GMRES preconditioned by an incomplete LU factorisation with thresholds and exchanges of columns (ILUTP) of a sparse
 * matrix of dense blocks, its nodes in the order of Cuthill & McKee: for matrices in space, whose complete factors are
 * too large. Saad (2003), Iterative Methods for Sparse Linear Systems, section 10.4.
 */
export class IncompleteLU {
  /** (entries, block, block): the caller fills this before `factor`; entries follow the pattern. */
  readonly values: Float64Array;
  /** Number of unknowns. */
  readonly n: number;
  /** Rows, and columns before exchanges, in the order of elimination. */
  private readonly order: Int32Array;
  private readonly rowScale: Float64Array;
  /** The column eliminated at each place. */
  private readonly pivots: Int32Array;
  private readonly diagonal: Float64Array;
  private lower = new Rows(0);
  private upper = new Rows(0);

  constructor(
    private readonly pattern: SparsePattern,
    private readonly block: number,
  ) {
    this.n = pattern.size * block;
    this.values = new Float64Array(pattern.columns.length * block * block);
    const nodes = cuthillMcKee(pattern);
    this.order = Int32Array.from(
      { length: this.n },
      (_, i) => nodes[Math.floor(i / block)] * block + (i % block),
    );
    this.rowScale = new Float64Array(this.n);
    this.pivots = new Int32Array(this.n);
    this.diagonal = new Float64Array(this.n);
  }

  /** Returns false where a row is zero or not finite, or iteration does not find a known solution. */
  factor(): boolean {
    const { n, order, pivots, diagonal, pattern, block, values, rowScale } = this;
    const most = Math.ceil((mostFill * pattern.columns.length * block) / pattern.size);
    const lower = new Rows(n);
    const upper = new Rows(n);
    pivots.set(order);
    const placeOf = new Int32Array(n);
    pivots.forEach((column, i) => {
      placeOf[column] = i;
    });
    const row = new Float64Array(n);
    const present = new Uint8Array(n);
    const waiting = new Heap();
    for (let i = 0; i < n; i++) {
      const node = Math.floor(order[i] / block);
      const r = order[i] % block;
      const held: number[] = [];
      let sum = 0;
      const add = (column: number, value: number): void => {
        row[column] += value;
        if (present[column] !== 0) return;
        present[column] = 1;
        held.push(column);
        if (placeOf[column] < i) waiting.push(placeOf[column]);
      };
      for (let k = pattern.starts[node]; k < pattern.starts[node + 1]; k++)
        for (let s = 0; s < block; s++) {
          const value = values[(k * block + r) * block + s];
          sum += Math.abs(value);
          add(pattern.columns[k] * block + s, value);
        }
      if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) return false;
      rowScale[order[i]] = 1 / sum;
      for (const column of held) row[column] /= sum;
      for (let k = waiting.pop(); k !== undefined; k = waiting.pop()) {
        const factor = row[pivots[k]] / diagonal[k];
        if (Math.abs(factor) < smallestEntry) {
          row[pivots[k]] = 0;
          continue;
        }
        row[pivots[k]] = factor;
        for (let j = upper.starts[k]; j < upper.starts[k + 1]; j++)
          add(upper.indices[j], -factor * upper.values[j]);
      }
      const size = (column: number): number => Math.abs(row[column]);
      const largest = (columns: readonly number[]): readonly number[] =>
        columns.length <= most ? columns : [...columns].sort((a, b) => size(b) - size(a)).slice(0, most);
      const kept = held.filter((column) => size(column) >= smallestEntry);
      for (const column of largest(kept.filter((column) => placeOf[column] < i)))
        lower.add(placeOf[column], row[column]);
      lower.end(i);
      const after = kept.filter((column) => placeOf[column] >= i);
      const first = pivots[i];
      const best = after.reduce((a, b) => (size(b) > size(a) ? b : a), first);
      const pivot = size(first) >= pivotShare * size(best) ? first : best;
      if (!(size(pivot) > 0 && size(pivot) < Number.POSITIVE_INFINITY)) return false;
      pivots[placeOf[pivot]] = first;
      placeOf[first] = placeOf[pivot];
      pivots[i] = pivot;
      placeOf[pivot] = i;
      diagonal[i] = row[pivot];
      for (const column of largest(after.filter((column) => column !== pivot)))
        upper.add(column, row[column]);
      upper.end(i);
      for (const column of held) {
        row[column] = 0;
        present[column] = 0;
      }
    }
    for (let i = 0; i < lower.filled; i++) lower.indices[i] = order[lower.indices[i]];
    this.lower = lower;
    this.upper = upper;
    return this.probe();
  }

  /** Solves A x = b in place; not a number where iteration does not. */
  solve(b: Float64Array): void {
    const right = b.map((value, i) => value * this.rowScale[i]);
    const x = gmres(
      (v) => this.multiply(v),
      (v) => this.precondition(v),
      right,
      tolerance,
      mostIterations,
    );
    if (x === undefined) b.fill(Number.NaN);
    else b.set(x);
  }

  /** With rows scaled. */
  private multiply(x: Float64Array): Float64Array {
    const { pattern, block, values, rowScale, n } = this;
    const out = new Float64Array(n);
    for (let i = 0; i < pattern.size; i++)
      for (let k = pattern.starts[i]; k < pattern.starts[i + 1]; k++)
        for (let r = 0; r < block; r++) {
          let sum = 0;
          for (let s = 0; s < block; s++)
            sum += values[(k * block + r) * block + s] * x[pattern.columns[k] * block + s];
          out[i * block + r] += sum;
        }
    for (let i = 0; i < n; i++) out[i] *= rowScale[i];
    return out;
  }

  private precondition(b: Float64Array): Float64Array {
    const { lower, upper, order, pivots, diagonal, n } = this;
    const y = b.slice();
    for (let i = 0; i < n; i++) {
      let sum = y[order[i]];
      for (let k = lower.starts[i]; k < lower.starts[i + 1]; k++)
        sum -= lower.values[k] * y[lower.indices[k]];
      y[order[i]] = sum;
    }
    const x = new Float64Array(n);
    for (let i = n - 1; i >= 0; i--) {
      let sum = y[order[i]];
      for (let k = upper.starts[i]; k < upper.starts[i + 1]; k++)
        sum -= upper.values[k] * x[upper.indices[k]];
      x[pivots[i]] = sum / diagonal[i];
    }
    return x;
  }

  /** Whether a known vector is found again. */
  private probe(): boolean {
    const known = Float64Array.from({ length: this.n }, (_, i) => 1 + 0.5 * Math.sin(1.7 * i));
    const b = this.multiply(known).map((value, i) => value / this.rowScale[i]);
    this.solve(b);
    return known.every((value, i) => Math.abs(b[i] - value) < largestOffset);
  }
}

/** Rows of a sparse matrix, filled one after the other. */
class Rows {
  readonly starts: Int32Array;
  indices = new Int32Array(1024);
  values = new Float64Array(1024);
  filled = 0;

  constructor(count: number) {
    this.starts = new Int32Array(count + 1);
  }

  add(index: number, value: number): void {
    if (this.filled === this.indices.length) {
      const indices = new Int32Array(2 * this.filled);
      indices.set(this.indices);
      const values = new Float64Array(2 * this.filled);
      values.set(this.values);
      this.indices = indices;
      this.values = values;
    }
    this.indices[this.filled] = index;
    this.values[this.filled++] = value;
  }

  end(row: number): void {
    this.starts[row + 1] = this.filled;
  }
}

/** The smallest of numbers first. */
class Heap {
  private readonly items: number[] = [];

  push(item: number): void {
    const { items } = this;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (items[parent] <= item) break;
      items[at] = items[parent];
      at = parent;
    }
    items[at] = item;
  }

  pop(): number | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return last;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && items[child + 1] < items[child]) child++;
      if (items[child] >= last) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = last;
    return first;
  }
}

/** Nodes by their distance in the graph from one at its edge, reversed. */
function cuthillMcKee({ size, starts, columns }: SparsePattern): Int32Array {
  const order = new Int32Array(size);
  const levelsFrom = (start: number, seen: Uint8Array, from: number): number => {
    let filled = from;
    order[filled++] = start;
    seen[start] = 1;
    for (let i = from; i < filled; i++) {
      for (let k = starts[order[i]]; k < starts[order[i] + 1]; k++) {
        const next = columns[k];
        if (seen[next] !== 0) continue;
        seen[next] = 1;
        order[filled++] = next;
      }
    }
    return filled;
  };
  const seen = new Uint8Array(size);
  let filled = 0;
  for (let node = 0; node < size; node++) {
    if (seen[node] !== 0) continue;
    // The node reached last lies at the edge.
    const end = levelsFrom(node, seen.slice(), filled);
    filled = levelsFrom(order[end - 1], seen, filled);
  }
  return order.reverse();
}
