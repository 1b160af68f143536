/** Functions of several bases side by side, or combinations of them. */
import type { StoredBlock } from '../stored-block.ts';
import type { SolutionBasis } from './coefficient-set.ts';

export class JoinedBasis implements SolutionBasis {
  static readonly kind = 'joined';

  /** @param parts  all of the same size where `summed`: ψ_k is the sum of their functions k */
  private constructor(
    private readonly parts: readonly SolutionBasis[],
    private readonly summed: boolean,
  ) {}

  /** The functions of one basis after those of the other. */
  static of(...parts: readonly SolutionBasis[]): JoinedBasis {
    return new JoinedBasis(parts, false);
  }

  get size(): number {
    return this.summed ? this.parts[0].size : this.parts.reduce((sum, { size }) => sum + size, 0);
  }

  values(points: Float64Array, count: number, index?: readonly number[]): Float64Array {
    const { size } = this;
    const result = new Float64Array(count * size);
    let first = 0;
    for (const part of this.parts) {
      const own = part.values(points, count, index);
      for (let n = 0; n < count; n++)
        for (let k = 0; k < part.size; k++) result[n * size + first + k] += own[n * part.size + k];
      if (!this.summed) first += part.size;
    }
    return result;
  }

  combined(matrix: Float64Array, columns: number): JoinedBasis {
    let first = 0;
    const parts = this.parts.map((part) => {
      const rows = matrix.subarray(first * columns, (first + part.size) * columns);
      if (!this.summed) first += part.size;
      return part.combined(rows, columns);
    });
    return new JoinedBasis(parts, true);
  }

  store(): StoredBlock {
    return { kind: JoinedBasis.kind, summed: this.summed, parts: this.parts.map((part) => part.store()) };
  }

  /** @param read  reads each of its parts */
  static restored(block: StoredBlock, read: (part: StoredBlock) => SolutionBasis): JoinedBasis {
    const parts = (block.parts as readonly StoredBlock[]).map(read);
    return new JoinedBasis(parts, block.summed === true);
  }
}
