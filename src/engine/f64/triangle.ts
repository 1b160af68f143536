import type { LinearMemory } from './linear-memory.ts';

/** The lower triangle of a matrix in the kernels' memory, row after row, `stride` doubles apart there. */
export function lowerTriangle(memory: LinearMemory, matrix: number, n: number, stride: number): Float64Array {
  const triangle = new Float64Array((n * (n + 1)) / 2);
  for (let i = 0, at = 0; i < n; at += ++i) {
    const row = matrix / 8 + i * stride;
    triangle.set(memory.floats.subarray(row, row + i + 1), at);
  }
  return triangle;
}

/** A full matrix from its lower triangle, mirrored in squares that stay in cache. */
export function symmetric(triangle: Float64Array, n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0, at = 0; i < n; at += ++i) matrix.set(triangle.subarray(at, at + i + 1), i * n);
  const square = 32;
  for (let top = 0; top < n; top += square) {
    const bottom = Math.min(top + square, n);
    for (let left = 0; left <= top; left += square) {
      for (let j = left; j < Math.min(left + square, n); j++) {
        for (let i = Math.max(top, j + 1); i < bottom; i++) matrix[j * n + i] = matrix[i * n + j];
      }
    }
  }
  return matrix;
}
