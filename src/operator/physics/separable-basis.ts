/** Functions in which solutions are expanded: products of sine features, window by window of time. */
import { ProblemError } from '../../errors.ts';
import type { StoredBlock } from '../stored-block.ts';
import type { SolutionBasis } from '../training/coefficient-set.ts';
import { type AxisBasis, axisValues } from './axis-basis.ts';
import { type ProductBasis, productBasis } from './product-basis.ts';

export interface SeparablePieces {
  /** In normalised coordinates of each window. */
  readonly basis: ProductBasis;
  /** Of every coordinate of the problem: where it runs from, and to. */
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  /** Position of the coordinate that is cut into windows of equal length; undefined: there is one. */
  readonly time: number | undefined;
  readonly windows: number;
}

export const separableKind = 'separable-features';

export class SeparableBasis implements SolutionBasis {
  constructor(
    private readonly pieces: SeparablePieces,
    /** (windows · functions, size), row-major. */
    private readonly matrix: Float64Array,
    readonly size: number,
  ) {}

  values(points: Float64Array, count: number, index?: readonly number[]): Float64Array {
    const { basis, lows, highs, time, windows } = this.pieces;
    const d = lows.length;
    const { size } = this;
    const result = new Float64Array(count * size);
    const order = index ?? new Array<number>(d).fill(0);
    if (order.some((k, i) => k > 0 && !basis.of.includes(i))) return result;
    const [first, ...others] = basis.axes;
    const rest = basis.size / first.count;
    const halfWidths = basis.of.map((i) => (highs[i] - lows[i]) / (i === time ? windows : 1) / 2);
    const unit = basis.of.reduce((factor, i, axis) => factor / halfWidths[axis] ** order[i], 1);
    const normalized = basis.of.map(() => new Float64Array(count));
    const window = new Int32Array(count);
    for (let n = 0; n < count; n++) {
      basis.of.forEach((i, axis) => {
        const share = (points[n * d + i] - lows[i]) / (highs[i] - lows[i]);
        if (i !== time) normalized[axis][n] = 2 * share - 1;
        else {
          window[n] = Math.max(0, Math.min(windows - 1, Math.floor(share * windows)));
          normalized[axis][n] = 2 * (share * windows - window[n]) - 1;
        }
      });
    }
    const factors = basis.axes.map((axis, k) => axisValues(axis, normalized[k], order[basis.of[k]]));
    // Points of a grid share what the first coordinate makes of the functions.
    const known = new Map<string, Float64Array>();
    const product = new Float64Array(rest);
    for (let n = 0; n < count; n++) {
      const key = `${window[n]} ${normalized[0][n]}`;
      let own = known.get(key);
      if (own === undefined) {
        own = new Float64Array(rest * size);
        for (let i = 0; i < first.count; i++) {
          const factor = unit * factors[0][n * first.count + i];
          const row = (window[n] * basis.size + i * rest) * size;
          for (let k = 0; k < own.length; k++) own[k] += factor * this.matrix[row + k];
        }
        if (known.size > 512) known.clear();
        known.set(key, own);
      }
      let length = 1;
      product[0] = 1;
      others.forEach((axis, k) => {
        for (let p = length - 1; p >= 0; p--)
          for (let j = axis.count - 1; j >= 0; j--)
            product[p * axis.count + j] = product[p] * factors[k + 1][n * axis.count + j];
        length *= axis.count;
      });
      for (let p = 0; p < rest; p++) {
        const factor = product[p];
        for (let k = 0, at = p * size; k < size; k++, at++) result[n * size + k] += factor * own[at];
      }
    }
    return result;
  }

  combined(matrix: Float64Array, columns: number): SeparableBasis {
    const { size } = this;
    if (matrix.length !== size * columns)
      throw new ProblemError(
        `${size} functions are combined by ${size} × ${columns} numbers, not ${matrix.length}`,
      );
    const rows = this.matrix.length / size;
    const product = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < size; j++) {
        const factor = this.matrix[i * size + j];
        if (factor === 0) continue;
        for (let k = 0; k < columns; k++) product[i * columns + k] += factor * matrix[j * columns + k];
      }
    return new SeparableBasis(this.pieces, product, columns);
  }

  store(): StoredBlock {
    const { basis, lows, highs, time, windows } = this.pieces;
    return {
      kind: separableKind,
      of: [...basis.of],
      axes: basis.axes.map((axis) => ({ ...axis })),
      lows,
      highs,
      time: time ?? null,
      windows,
      matrix: this.matrix,
      size: this.size,
    };
  }
}

/** @throws ProblemError for a block of another kind */
export function separableBasisOf(stored: StoredBlock): SeparableBasis {
  if (stored.kind !== separableKind)
    throw new ProblemError(`a basis of kind ${stored.kind} is none of separable features`);
  const { of, axes, lows, highs, time, windows, matrix, size } = stored as unknown as {
    of: number[];
    axes: AxisBasis[];
    lows: Float64Array;
    highs: Float64Array;
    time: number | null;
    windows: number;
    matrix: Float64Array;
    size: number;
  };
  const pieces = { basis: productBasis(of, axes), lows, highs, time: time ?? undefined, windows };
  return new SeparableBasis(pieces, matrix, size);
}
