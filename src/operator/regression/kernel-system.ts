/** (K + λI)·A = Y for many right sides, and what it foretells of a row that is left out. */
import type { LinearMemory } from '../../engine/f64/linear-memory.ts';

export interface KernelSolution {
  /** A, (count, width). */
  readonly weights: Float64Array;
  /** y_i minus what all other rows foretell of it, (count, width). */
  readonly residuals: Float64Array;
}

/** Columns that the factorisation takes at a time. */
const BLOCK = 64;

/**
 * Solved by the Cholesky factorisation of [K + λI, I; I, −I], which stops half-way at the first negative pivot and has
 * by then L⁻ᵀ in the lower left block: with it A = L⁻ᵀ·(L⁻¹·Y), and the residual of a row left out is
 * A_i/((K + λI)⁻¹)_ii (Sundararajan & Keerthi, Neural Computation 13 (2001), 1103).
 *
 * @param matrix K, (count, count), of which the lower triangle is read
 * @param ridge λ > 0
 * @param y (count, width)
 * @returns null where K + λI is not positive definite in float64
 */
export function solveKernelSystem(
  memory: LinearMemory,
  matrix: Float64Array,
  ridge: number,
  y: Float64Array,
  count: number,
): KernelSolution | null {
  const mark = memory.mark();
  try {
    const { kernels } = memory;
    const width = y.length / count;
    const half = Math.ceil(count / BLOCK) * BLOCK;
    const order = 2 * half;
    const a = memory.allocate(8 * order * order);
    const work = memory.allocate(8 * kernels.choleskyWorkspace(order));
    const floats = memory.floats;
    for (let i = 0; i < half; i++) {
      const upper = a / 8 + i * order;
      floats.fill(0, upper, upper + i + 1);
      if (i < count) floats.set(matrix.subarray(i * count, i * count + i + 1), upper);
      floats[upper + i] = i < count ? floats[upper + i] + ridge : 1;
      const lower = a / 8 + (half + i) * order;
      floats.fill(0, lower, lower + half + i + 1);
      if (i < count) floats[lower + i] = 1;
      floats[lower + half + i] = -1;
    }
    if (kernels.cholesky(a, order, work) !== half) return null;
    const inverse = a + 8 * half * order;
    const packed = memory.allocate(8 * half * half);
    const panels = Math.ceil(width / 4);
    const right = panelsOf(memory, y, count, width, half);
    const middle = memory.allocate(8 * half * 4 * panels);
    kernels.packMatrix(inverse, packed, half, half, 1, order);
    kernels.product(packed, right, middle, half, half, panels, 0, 0);
    kernels.packMatrix(inverse, packed, half, half, order, 1);
    kernels.product(packed, middle, right, half, half, panels, 0, 0);
    const weights = new Float64Array(count * width);
    const residuals = new Float64Array(count * width);
    for (let i = 0; i < count; i++) {
      const row = inverse / 8 + i * order;
      let diagonal = 0;
      for (let k = i; k < half; k++) diagonal += memory.floats[row + k] ** 2;
      for (let j = 0; j < width; j++) {
        const value = memory.floats[right / 8 + ((j >> 2) * half + i) * 4 + (j & 3)];
        weights[i * width + j] = value;
        residuals[i * width + j] = value / diagonal;
      }
    }
    return weights.every(Number.isFinite) ? { weights, residuals } : null;
  } finally {
    memory.release(mark);
  }
}

/** Columns in panels of four, zeros below the last row and beyond the last column. */
function panelsOf(
  memory: LinearMemory,
  y: Float64Array,
  count: number,
  width: number,
  depth: number,
): number {
  const panels = Math.ceil(width / 4);
  const address = memory.allocate(8 * depth * 4 * panels);
  const to = address / 8;
  memory.floats.fill(0, to, to + depth * 4 * panels);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < width; j++)
      memory.floats[to + ((j >> 2) * depth + i) * 4 + (j & 3)] = y[i * width + j];
  }
  return address;
}
