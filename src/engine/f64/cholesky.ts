import { ProblemError } from '../../errors.ts';
import type { LinearMemory } from './linear-memory.ts';

/** A factorised matrix A = L·Lᵀ. */
export interface Factorization {
  /**
   * x with A·x = b; b of length n is left as it is.
   *
   * @throws Error once another matrix has been factorised: the factor stays in the kernels' memory, where there is
   * room for one
   */
  solve(b: Float64Array): Float64Array;
}

/** Cholesky factorisation in the kernels. */
export class CholeskyFactorizer {
  readonly #memory: LinearMemory;
  /** Room for one factor and one right side. */
  #place: { factor: number; right: number; size: number } | undefined;
  /** How many matrices have been factorised. */
  #count = 0;

  constructor(memory: LinearMemory) {
    this.#memory = memory;
  }

  /**
   * @param matrix (n, n) row-major, of which the lower triangle is read; it is left as it is
   * @returns null if the matrix is not positive definite in float64
   * @throws ProblemError if the matrix does not have n² entries
   */
  factorize(matrix: Float64Array, n: number): Factorization | null {
    if (matrix.length !== n * n) {
      throw new ProblemError(`a matrix of order ${n} has ${n * n} entries, not ${matrix.length}`);
    }
    const memory = this.#memory;
    const size = Math.ceil(n / 4) * 4;
    const { factor, right } = this.#room(size);
    const mark = memory.mark();
    const own = ++this.#count;
    try {
      const work = memory.allocate(8 * memory.kernels.choleskyWorkspace(size));
      const floats = memory.floats;
      for (let i = 0; i < size; i++) {
        const row = factor / 8 + i * size;
        if (i < n) floats.set(matrix.subarray(i * n, i * n + i + 1), row);
        else {
          floats.fill(0, row, row + i);
          floats[row + i] = 1;
        }
      }
      if (memory.kernels.cholesky(factor, size, work) >= 0) return null;
    } finally {
      memory.release(mark);
    }
    return {
      solve: (b) => {
        if (own !== this.#count) throw new Error('another matrix has been factorised since');
        memory.floats.set(b, right / 8);
        memory.floats.fill(0, right / 8 + n, right / 8 + size);
        memory.kernels.solveFactored(factor, size, right);
        return memory.read(right, n);
      },
    };
  }

  #room(size: number): { factor: number; right: number } {
    if (this.#place === undefined || this.#place.size < size) {
      const factor = this.#memory.allocate(8 * size * size);
      this.#place = { factor, right: this.#memory.allocate(8 * size), size };
    }
    return this.#place;
  }
}
