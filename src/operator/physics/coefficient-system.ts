/** Residuals as functions of the coefficients of the solution: values, gradient and the matrix of Gauss–Newton steps. */
import type { Factorization } from '../../engine/f64/cholesky.ts';
import { CholeskyFactorizer } from '../../engine/f64/cholesky.ts';
import { gram } from '../../engine/f64/gram.ts';
import type { LinearMemory } from '../../engine/f64/linear-memory.ts';
import type { MultiIndex } from '../../jet/multi-index.ts';
import { type BlockValues, blockValues, type GivenColumns } from './block-values.ts';
import type { OperatorBlock } from './operator-residuals.ts';

/** Where the coefficients of a field stand. */
export interface FieldPlace {
  readonly name: string;
  readonly offset: number;
  /** Number of them. */
  readonly size: number;
}

/**
 * A derivative of every function in which a field is expanded, at normalised points (N, d), in normalised variables:
 * (size, N), row-major.
 */
export type Jets<Place extends FieldPlace> = (
  place: Place,
  points: Float64Array,
  order: MultiIndex,
) => Float64Array;

export interface Linearization {
  readonly loss: number;
  readonly blocks: readonly BlockValues[];
}

/** Relative to each diagonal entry: what keeps the factorisation from failing. */
const smallestRidge = 1e-14;
const largestRidge = 1e-6;

/** (JᵀJ)⁻¹, with the slopes by which J was made. */
export class NormalFactor {
  constructor(
    private readonly factorization: Factorization,
    private readonly scales: Float64Array,
    readonly blocks: readonly BlockValues[],
  ) {}

  solve(gradient: Float64Array): Float64Array {
    const scaled = gradient.map((value, p) => value * this.scales[p]);
    return this.factorization.solve(scaled).map((value, p) => value * this.scales[p]);
  }

  /** Whether J at another place is the same. */
  fits({ blocks }: Linearization): boolean {
    return this.blocks.every(({ slopes }, b) =>
      slopes.every((column, s) => {
        const other = blocks[b].slopes[s];
        return column === other || column.every((value, n) => value === other[n]);
      }),
    );
  }
}

export class CoefficientSystem<Place extends FieldPlace = FieldPlace> {
  /** Number of coefficients of all fields. */
  readonly size: number;
  /** By block and leaf. */
  readonly #jets: readonly (readonly { readonly place: FieldPlace; readonly jets: Float64Array }[])[];
  readonly #rows: number;

  constructor(
    readonly blocks: readonly OperatorBlock[],
    places: readonly Place[],
    jetsAt: Jets<Place>,
  ) {
    this.size = places.reduce((sum, { size }) => sum + size, 0);
    this.#rows = blocks.reduce((sum, { count, outputs }) => sum + count * outputs, 0);
    this.#jets = blocks.map(({ leaves, points }) =>
      leaves.map(({ name, order, side }) => {
        const place = places.find((other) => other.name === name)!;
        return { place, jets: jetsAt(place, points[side], order) };
      }),
    );
  }

  get affine(): boolean {
    return this.blocks.every(({ affine }) => affine);
  }

  at(coefficients: Float64Array, given: readonly GivenColumns[]): Linearization {
    let loss = 0;
    const blocks = this.blocks.map((block, b) => {
      const fields = this.#jets[b].map(({ place, jets }) =>
        combination(jets, coefficients, place, block.count),
      );
      const values = blockValues(block, given[b], fields);
      for (const column of values.residuals) for (const r of column) loss += r * r;
      return values;
    });
    return { loss, blocks };
  }

  /** Jᵀr: half the gradient of the loss. */
  gradient({ blocks }: Linearization): Float64Array {
    const result = new Float64Array(this.size);
    this.blocks.forEach(({ slopes, count }, b) => {
      const { residuals, slopes: values } = blocks[b];
      this.#jets[b].forEach(({ place, jets }, leaf) => {
        const weights = new Float64Array(count);
        slopes.forEach((term, s) => {
          if (term.leaf !== leaf) return;
          const [slope, residual] = [values[s], residuals[term.output]];
          for (let n = 0; n < count; n++) weights[n] += slope[n] * residual[n];
        });
        const { offset, size } = place;
        for (let p = 0, at = 0; p < size; p++) {
          let sum = 0;
          for (let n = 0; n < count; n++, at++) sum += jets[at] * weights[n];
          result[offset + p] += sum;
        }
      });
    });
    return result;
  }

  /** Jᵀ, (size, rows), row-major. */
  #transposedJacobian({ blocks }: Linearization): Float64Array {
    const rows = this.#rows;
    const matrix = new Float64Array(this.size * rows);
    let first = 0;
    this.blocks.forEach(({ slopes, count, outputs }, b) => {
      slopes.forEach(({ output, leaf }, s) => {
        const { place, jets } = this.#jets[b][leaf];
        const slope = blocks[b].slopes[s];
        for (let p = 0, from = 0; p < place.size; p++) {
          const to = (place.offset + p) * rows + first + output * count;
          for (let n = 0; n < count; n++, from++) matrix[to + n] += slope[n] * jets[from];
        }
      });
      first += count * outputs;
    });
    return matrix;
  }

  /** JᵀJ, (size, size), row-major. */
  normalMatrix(memory: LinearMemory, linearization: Linearization): Float64Array {
    return gram(memory, this.#transposedJacobian(linearization), this.size, this.#rows);
  }

  /** @returns undefined where the matrix is not finite */
  factor(
    memory: LinearMemory,
    linearization: Linearization,
    factorizer: CholeskyFactorizer = new CholeskyFactorizer(memory),
  ): NormalFactor | undefined {
    const n = this.size;
    const matrix = this.normalMatrix(memory, linearization);
    const scales = Float64Array.from({ length: n }, (_, p) => {
      const diagonal = matrix[p * n + p];
      return diagonal > 0 ? 1 / Math.sqrt(diagonal) : 1;
    });
    if (!scales.every(Number.isFinite)) return undefined;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j] *= scales[i] * scales[j];
    for (let ridge = smallestRidge; ridge <= largestRidge; ridge *= 10) {
      for (let p = 0; p < n; p++) matrix[p * n + p] = 1 + ridge;
      const factorization = factorizer.factorize(matrix, n);
      if (factorization !== null) return new NormalFactor(factorization, scales, linearization.blocks);
    }
    return undefined;
  }
}

/** Σ_p c_p ∂ψ_p at the points. */
function combination(
  jets: Float64Array,
  coefficients: Float64Array,
  { offset, size }: FieldPlace,
  count: number,
): Float64Array {
  const values = new Float64Array(count);
  for (let p = 0, at = 0; p < size; p++) {
    const c = coefficients[offset + p];
    for (let n = 0; n < count; n++, at++) values[n] += c * jets[at];
  }
  return values;
}
