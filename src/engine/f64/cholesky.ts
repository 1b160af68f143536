import { ProblemError } from '../../errors.ts';
import type { LinearMemory } from './linear-memory.ts';
import { lowerTriangle } from './triangle.ts';

/** A factorised matrix A = L·Lᵀ. */
export interface Factorization {
  /** x with A·x = b; b of length n is left as it is. */
  solve(b: Float64Array): Float64Array;
}

/**
 * Cholesky factorisation in the kernels.
 *
 * @param matrix (n, n) row-major, of which the lower triangle is read; it is left as it is
 * @returns null if the matrix is not positive definite in float64
 * @throws ProblemError if the matrix does not have n² entries
 */
export function factorize(memory: LinearMemory, matrix: Float64Array, n: number): Factorization | null {
  if (matrix.length !== n * n) {
    throw new ProblemError(`a matrix of order ${n} has ${n * n} entries, not ${matrix.length}`);
  }
  const size = Math.ceil(n / 4) * 4;
  const mark = memory.mark();
  try {
    const a = memory.allocate(8 * size * size);
    const work = memory.allocate(8 * memory.kernels.choleskyWorkspace(size));
    const floats = memory.floats;
    for (let i = 0; i < size; i++) {
      const row = a / 8 + i * size;
      if (i < n) floats.set(matrix.subarray(i * n, i * n + i + 1), row);
      else {
        floats.fill(0, row, row + i);
        floats[row + i] = 1;
      }
    }
    if (memory.kernels.cholesky(a, size, work) >= 0) return null;
    const factor = lowerTriangle(memory, a, n, size);
    return { solve: (b) => solve(factor, n, b) };
  } finally {
    memory.release(mark);
  }
}

/** Forward substitution by rows, back substitution by columns: both run along the packed rows of L. */
function solve(factor: Float64Array, n: number, b: Float64Array): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0, at = 0; i < n; at += ++i) {
    let sum = x[i];
    for (let j = 0; j < i; j++) sum -= factor[at + j] * x[j];
    x[i] = sum / factor[at + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    const at = (i * (i + 1)) / 2;
    x[i] /= factor[at + i];
    const value = x[i];
    for (let j = 0; j < i; j++) x[j] -= factor[at + j] * value;
  }
  return x;
}
