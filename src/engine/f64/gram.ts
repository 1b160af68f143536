import { ProblemError } from '../../errors.ts';
import type { LinearMemory } from './linear-memory.ts';
import { lowerTriangle, symmetric } from './triangle.ts';

/** Columns of J that are folded up at once. */
const DEPTH = 256;

/**
 * J·Jᵀ, which is smaller than JᵀJ where residuals are fewer than parameters.
 *
 * @param rows J, (count, size) row-major
 * @returns (count, count) row-major, symmetric, both triangles filled
 * @throws ProblemError if `rows` does not have count·size entries
 */
export function gram(memory: LinearMemory, rows: Float64Array, count: number, size: number): Float64Array {
  if (rows.length !== count * size) {
    throw new ProblemError(`${count} rows of ${size} have ${count * size} entries, not ${rows.length}`);
  }
  const mark = memory.mark();
  try {
    const padded = Math.ceil(count / 4) * 4;
    const source = memory.allocateFloats(rows);
    const packed = memory.allocate(8 * padded * DEPTH);
    const matrix = memory.allocate(8 * padded * padded);
    memory.floats.fill(0, matrix / 8, matrix / 8 + padded * padded);
    for (let first = 0; first < size; first += DEPTH) {
      const depth = Math.min(DEPTH, size - first);
      memory.kernels.packMatrix(source + 8 * first, packed, count, depth, size, 1);
      memory.kernels.rankUpdate(packed, depth, depth, matrix, padded);
    }
    return symmetric(lowerTriangle(memory, matrix, count, padded), count);
  } finally {
    memory.release(mark);
  }
}
