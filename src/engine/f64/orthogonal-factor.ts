/** J = Q·R by rows folded into a triangle, with Qᵀρ as one more column; J is never whole. */
import { ProblemError } from '../../errors.ts';
import type { LinearMemory } from './linear-memory.ts';

/** An upper triangle with the right-hand side that goes with it. */
export interface TriangularPair {
  /** (n, n) row-major, upper triangular. */
  readonly factor: Float64Array;
  /** (n). */
  readonly vector: Float64Array;
}

/** Order of the triangle for n parameters: one more for the right-hand side, in whole panels of four. */
export function foldOrder(n: number): number {
  return Math.ceil((n + 1) / 4) * 4;
}

/** Rows of a triangle that are folded into another at once: few, so that little of it is known to be zero. */
const CHUNK = 128;

/** A triangle in the kernels' memory: (order, order), in panels of four columns [panel][row][4]. */
export class FoldedTriangle {
  readonly order: number;
  readonly #memory: LinearMemory;
  readonly #n: number;
  readonly #triangle: number;
  readonly #work: number;

  constructor(memory: LinearMemory, n: number) {
    this.#memory = memory;
    this.#n = n;
    this.order = foldOrder(n);
    this.#triangle = memory.allocate(8 * this.order * this.order);
    this.#work = memory.allocate(8 * memory.kernels.foldWorkspace());
    this.clear();
  }

  clear(): void {
    const start = this.#triangle / 8;
    this.#memory.floats.fill(0, start, start + this.order * this.order);
  }

  /**
   * Folds rows in, which are overwritten.
   *
   * @param rows address of [panel][row][4], panels `capacity` rows apart
   * @param count a multiple of four
   * @param first columns before this one, a multiple of four, are zero
   */
  fold(rows: number, capacity: number, count: number, first = 0): void {
    const { kernels } = this.#memory;
    kernels.foldRows(this.#triangle, this.order, rows, capacity, count, first, this.#work);
  }

  /** Folds in a triangle of the same form. */
  foldTriangle(panels: Float64Array): void {
    const memory = this.#memory;
    const mark = memory.mark();
    const source = memory.allocateFloats(panels);
    for (let first = 0; first < this.order; first += CHUNK) {
      this.fold(source + 32 * first, this.order, Math.min(CHUNK, this.order - first), first);
    }
    memory.release(mark);
  }

  /** Folds in the rows of a diagonal matrix, whose right-hand side is zero. */
  foldDiagonal(diagonal: Float64Array): void {
    const memory = this.#memory;
    const mark = memory.mark();
    const rows = memory.allocate(8 * this.order * CHUNK);
    for (let first = 0; first < this.#n; first += CHUNK) {
      const start = rows / 8;
      memory.floats.fill(0, start + 4 * CHUNK * (first / 4), start + this.order * CHUNK);
      const count = Math.min(CHUNK, this.order - first);
      for (let i = 0; i < Math.min(count, this.#n - first); i++) {
        const column = first + i;
        memory.floats[start + 4 * ((column >> 2) * CHUNK + i) + (column & 3)] = diagonal[column];
      }
      this.fold(rows, CHUNK, count, first);
    }
    memory.release(mark);
  }

  /** Takes the place of what there is. */
  setPanels(panels: Float64Array): void {
    this.#memory.floats.set(panels, this.#triangle / 8);
  }

  /** A copy in its own form. */
  panels(): Float64Array {
    return this.#memory.read(this.#triangle, this.order * this.order);
  }

  set({ factor, vector }: TriangularPair): void {
    const n = this.#n;
    const { order } = this;
    const floats = this.#memory.floats.subarray(this.#triangle / 8, this.#triangle / 8 + order * order);
    floats.fill(0);
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) floats[4 * ((j >> 2) * order + i) + (j & 3)] = factor[i * n + j];
      floats[4 * ((n >> 2) * order + i) + (n & 3)] = vector[i];
    }
  }
}

/** R and Qᵀρ from the form of the kernels. */
export function triangularPair(panels: Float64Array, n: number): TriangularPair {
  const order = foldOrder(n);
  const factor = new Float64Array(n * n);
  const vector = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) factor[i * n + j] = panels[4 * ((j >> 2) * order + i) + (j & 3)];
    vector[i] = panels[4 * ((n >> 2) * order + i) + (n & 3)];
  }
  return { factor, vector };
}

/** The triangles of several threads as one, folded together in their order. */
export function foldedTogether(
  memory: LinearMemory,
  parts: readonly Float64Array[],
  n: number,
): TriangularPair {
  if (parts.length === 1) return triangularPair(parts[0], n);
  const mark = memory.mark();
  try {
    const triangle = new FoldedTriangle(memory, n);
    triangle.setPanels(parts[0]);
    for (const part of parts.slice(1)) triangle.foldTriangle(part);
    return triangularPair(triangle.panels(), n);
  } finally {
    memory.release(mark);
  }
}

/**
 * R' and c' with [R c; diag(d) 0] = Q·[R' c'; 0 ·]: what damping makes of a least-squares problem in triangular form.
 *
 * @param factor R, (n, n) row-major, of which the upper triangle is read
 * @param vector c, (n)
 * @param diagonal d, (n)
 * @throws ProblemError if the lengths do not fit
 */
export function foldDiagonal(
  memory: LinearMemory,
  factor: Float64Array,
  vector: Float64Array,
  diagonal: Float64Array,
): TriangularPair {
  const n = vector.length;
  if (factor.length !== n * n || diagonal.length !== n) {
    throw new ProblemError(
      `a triangle of order ${n} has ${n * n} entries and a diagonal of ${n}, not ${factor.length} and ${diagonal.length}`,
    );
  }
  const mark = memory.mark();
  try {
    const triangle = new FoldedTriangle(memory, n);
    triangle.set({ factor, vector });
    triangle.foldDiagonal(diagonal);
    return triangularPair(triangle.panels(), n);
  } finally {
    memory.release(mark);
  }
}
