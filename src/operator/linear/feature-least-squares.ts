/** Least squares with many columns and several right-hand sides, by orthogonal reflections in the compiled kernels. */
import { kernelModule } from '../../engine/f64/kernel-module.ts';
import { LinearMemory } from '../../engine/f64/linear-memory.ts';
import { FoldedTriangle } from '../../engine/f64/orthogonal-factor.ts';

/** Tikhonov term over the largest norm of a column: random features depend on one another nearly. */
const damping = 1e-14;
const chunk = 256;

/** Solves least-squares problems one after another in one memory. */
export class LeastSquares {
  readonly #memory: LinearMemory;

  private constructor(memory: LinearMemory) {
    this.#memory = memory;
  }

  static async create(): Promise<LeastSquares> {
    return new LeastSquares(new LinearMemory((await kernelModule()).module));
  }

  /**
   * X (columns, sides) that minimises ‖A X − B‖ and hardly more of ‖X‖.
   *
   * @param a  (rows, columns), row-major
   * @param b  (rows, sides), row-major
   */
  solve(a: Float64Array, b: Float64Array, rows: number, columns: number, sides: number): Float64Array {
    const memory = this.#memory;
    const mark = memory.mark();
    try {
      const total = columns + sides;
      const triangle = new FoldedTriangle(memory, total - 1);
      const { order } = triangle;
      const address = memory.allocate(8 * order * chunk);
      let largest = 0;
      for (let j = 0; j < columns; j++) {
        let square = 0;
        for (let i = 0; i < rows; i++) square += a[i * columns + j] ** 2;
        largest = Math.max(largest, square);
      }
      const ridge = damping * Math.sqrt(largest);
      const diagonal = new Float64Array(total - 1).fill(ridge, 0, columns);
      triangle.foldDiagonal(diagonal);
      for (let first = 0; first < rows; first += chunk) {
        const own = Math.min(chunk, rows - first);
        const count = Math.ceil(own / 4) * 4;
        const start = address / 8;
        const { floats } = memory;
        floats.fill(0, start, start + order * chunk);
        for (let i = 0; i < own; i++) {
          const row = first + i;
          for (let j = 0; j < columns; j++)
            floats[start + 4 * ((j >> 2) * chunk + i) + (j & 3)] = a[row * columns + j];
          for (let s = 0; s < sides; s++) {
            const j = columns + s;
            floats[start + 4 * ((j >> 2) * chunk + i) + (j & 3)] = b[row * sides + s];
          }
        }
        triangle.fold(address, chunk, count);
      }
      return backSubstituted(triangle.panels(), order, columns, sides);
    } finally {
      memory.release(mark);
    }
  }
}

function backSubstituted(panels: Float64Array, order: number, n: number, sides: number): Float64Array {
  const at = (i: number, j: number): number => panels[4 * ((j >> 2) * order + i) + (j & 3)];
  const x = new Float64Array(n * sides);
  for (let i = n - 1; i >= 0; i--) {
    const row = x.subarray(i * sides, (i + 1) * sides);
    for (let s = 0; s < sides; s++) row[s] = at(i, n + s);
    for (let j = i + 1; j < n; j++) {
      const r = at(i, j);
      for (let s = 0; s < sides; s++) row[s] -= r * x[j * sides + s];
    }
    const pivot = at(i, i);
    for (let s = 0; s < sides; s++) row[s] = pivot === 0 ? 0 : row[s] / pivot;
  }
  return x;
}
