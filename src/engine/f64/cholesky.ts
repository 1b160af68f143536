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

/**
 * Forward substitution by rows, back substitution by columns: both run along the packed rows of L. Sums are
 * split in four, and columns taken in pairs, so that one operation need not wait for the one before.
 */
function solve(factor: Float64Array, n: number, b: Float64Array): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0, at = 0; i < n; at += ++i) {
    let [s0, s1] = [0, 0];
    let [s2, s3] = [0, 0];
    let j = 0;
    for (; j + 3 < i; j += 4) {
      s0 += factor[at + j] * x[j];
      s1 += factor[at + j + 1] * x[j + 1];
      s2 += factor[at + j + 2] * x[j + 2];
      s3 += factor[at + j + 3] * x[j + 3];
    }
    for (; j < i; j++) s0 += factor[at + j] * x[j];
    x[i] = (x[i] - (s0 + s1 + (s2 + s3))) / factor[at + i];
  }
  let i = n - 1;
  for (; i > 0; i -= 2) {
    const upper = ((i - 1) * i) / 2;
    const lower = upper + i;
    x[i] /= factor[lower + i];
    x[i - 1] = (x[i - 1] - factor[lower + i - 1] * x[i]) / factor[upper + i - 1];
    const p = x[i];
    const q = x[i - 1];
    for (let j = 0; j < i - 1; j++) x[j] -= factor[lower + j] * p + factor[upper + j] * q;
  }
  if (i === 0) x[0] /= factor[0];
  return x;
}
