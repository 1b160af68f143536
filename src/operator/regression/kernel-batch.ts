/** Sums of kernels for many functions at once, by the compiled matrix product. */
import { readyKernelModule } from '../../engine/f64/kernel-module.ts';
import { LinearMemory } from '../../engine/f64/linear-memory.ts';
import { covarianceFunctions } from './covariance-function.ts';
import type { StoredKernelRegression } from './kernel-values.ts';

/** Functions taken at a time; a multiple of four. */
const block = 256;
/** Pairs of a function and a centre from which on the way to the compiled product pays. */
const worthwhile = 20_000;

let shared: LinearMemory | undefined;

/**
 * Adds Σ_c k(z, c) w_c to every row. Squared distances are |z|² + |c|² − 2 z·c: k is smooth in them, so that what
 * cancels does no harm.
 *
 * @param z       coordinates of functions, (count, rank)
 * @param result  (count, outputs)
 * @returns false where the kernels are not compiled, or there is too little to do
 */
export function addKernelSums(
  { covariance, ranks, centers, weights, outputs }: StoredKernelRegression,
  z: Float64Array,
  count: number,
  result: Float64Array,
): boolean {
  const rank = z.length / count;
  const number = centers.length / rank;
  const compiled = readyKernelModule();
  if (compiled === undefined || count * number < worthwhile || ranks.includes(0)) return false;
  shared ??= new LinearMemory(compiled.module);
  const memory = shared;
  const { kernels } = memory;
  const value = covarianceFunctions[covariance].value;
  const mark = memory.mark();
  try {
    const source = memory.allocateFloats(centers);
    const packed = ranks.map((size) => memory.allocate(8 * padded(number) * size));
    const weightSource = memory.allocateFloats(weights);
    const packedWeights = memory.allocate(8 * padded(outputs) * number);
    const right = memory.allocate(8 * block * Math.max(...ranks));
    const sums = memory.allocate(8 * block * number);
    const factor = memory.allocate(8 * block * number);
    const target = memory.allocate(8 * block * outputs);
    let first = 0;
    const factors = ranks.map((size, f) => {
      kernels.packMatrix(source + 8 * first, packed[f], number, size, rank, 1);
      const own = { first, size, packed: packed[f], squares: squares(centers, number, rank, first, size) };
      first += size;
      return own;
    });
    kernels.packMatrix(weightSource, packedWeights, outputs, number, 1, outputs);
    const { floats } = memory;
    for (let start = 0; start < count; start += block) {
      const rows = Math.min(block, count - start);
      const panels = Math.ceil(rows / 4);
      factors.forEach(({ first: from, size, packed: own, squares: centerSquares }, f) => {
        floats.fill(0, right / 8, right / 8 + panels * 4 * size);
        const rowSquares = new Float64Array(4 * panels);
        for (let i = 0; i < rows; i++) {
          const to = right / 8 + (i >> 2) * 4 * size + (i & 3);
          for (let k = 0; k < size; k++) {
            const coordinate = z[(start + i) * rank + from + k];
            floats[to + 4 * k] = coordinate;
            rowSquares[i] += coordinate * coordinate;
          }
        }
        const at = (f === 0 ? sums : factor) / 8;
        kernels.product(own, right, 8 * at, number, size, panels, 0, 0);
        for (let panel = 0, n = 0; panel < panels; panel++)
          for (let c = 0; c < number; c++)
            for (let i = 0; i < 4; i++, n++) {
              const square = rowSquares[4 * panel + i] + centerSquares[c] - 2 * floats[at + n];
              const covariant = value(square > 0 ? square : 0);
              if (f === 0) floats[at + n] = covariant;
              else floats[sums / 8 + n] *= covariant;
            }
      });
      kernels.product(packedWeights, sums, target, outputs, number, panels, 0, 0);
      for (let i = 0; i < rows; i++) {
        const from = target / 8 + (i >> 2) * 4 * outputs + (i & 3);
        for (let j = 0; j < outputs; j++) result[(start + i) * outputs + j] += floats[from + 4 * j];
      }
    }
    return true;
  } finally {
    memory.release(mark);
  }
}

const padded = (rows: number): number => 4 * Math.ceil(rows / 4);

function squares(
  table: Float64Array,
  count: number,
  width: number,
  first: number,
  size: number,
): Float64Array {
  const result = new Float64Array(count);
  for (let i = 0; i < count; i++)
    for (let k = first; k < first + size; k++) result[i] += table[i * width + k] ** 2;
  return result;
}
