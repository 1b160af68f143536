/** A trunk of sums over fixed features, a hidden layer of sines that is drawn once: smooth, with exact derivatives. */
import { ProblemError } from '../../errors.ts';
import { type RandomFeaturesOptions, randomFeatures } from '../../network/random-features.ts';
import type { Coordinate } from '../../problem/problem.ts';
import { product } from '../linear/matrix-product.ts';
import type { StoredBlock } from '../stored-block.ts';
import type { SolutionBasis } from './coefficient-set.ts';

/** ψ_k(y) = Σ_j sin(ω_j·z + φ_j) c_jk + c_0k, with z = y mapped to [−1, 1]. */
export interface FeatureLayer {
  /** Number of the problem's coordinates. */
  readonly dimension: number;
  /** Positions, among them, of those that the functions depend on. */
  readonly of: readonly number[];
  /** Bounds of each of these. */
  readonly lows: readonly number[];
  readonly highs: readonly number[];
  /** Features, the constant not counted. */
  readonly count: number;
  /** ω, (number of `of`, count). */
  readonly matrix: Float64Array;
  /** φ, (count). */
  readonly bias: Float64Array;
}

/** Features along some of a problem's coordinates; scales are per coordinate mapped to [−1, 1]. */
export function featureLayer(
  coordinates: readonly Coordinate[],
  of: readonly number[],
  options: RandomFeaturesOptions,
): FeatureLayer {
  const { matrix, bias, outputs } = randomFeatures(options);
  return {
    dimension: coordinates.length,
    of,
    lows: of.map((i) => coordinates[i].low),
    highs: of.map((i) => coordinates[i].high),
    count: outputs,
    matrix,
    bias,
  };
}

/**
 * The features and the constant at points, or a derivative of them.
 *
 * @param points  (rows, dimension), row-major
 * @returns (rows, count + 1)
 */
export function featureValues(
  { dimension, of, lows, highs, count, matrix, bias }: FeatureLayer,
  points: Float64Array,
  rows: number,
  index: readonly number[] = [],
): Float64Array {
  const values = new Float64Array(rows * (count + 1));
  if (index.some((k, i) => k > 0 && !of.includes(i))) return values;
  const own = of.map((i) => index[i] ?? 0);
  const order = own.reduce((a, b) => a + b, 0);
  const slopes = of.map((_, i) => 2 / (highs[i] - lows[i]));
  const factors = Float64Array.from({ length: count }, (_, j) =>
    own.reduce((factor, k, i) => factor * (matrix[i * count + j] * slopes[i]) ** k, 1),
  );
  // The derivatives of the sine are the sine a quarter of a wave further on each.
  const shift = (order % 4) * (Math.PI / 2);
  const z = new Float64Array(of.length);
  for (let n = 0; n < rows; n++) {
    of.forEach((i, k) => {
      z[k] = (points[n * dimension + i] - lows[k]) * slopes[k] - 1;
    });
    const row = n * (count + 1);
    for (let j = 0; j < count; j++) {
      let phase = bias[j] + shift;
      for (let k = 0; k < z.length; k++) phase += z[k] * matrix[k * count + j];
      values[row + j] = factors[j] * Math.sin(phase);
    }
    values[row + count] = order === 0 ? 1 : 0;
  }
  return values;
}

export class FeatureBasis implements SolutionBasis {
  static readonly kind = 'features';

  /** @param coefficients  (count + 1, size), row-major */
  constructor(
    readonly layer: FeatureLayer,
    readonly coefficients: Float64Array,
    readonly size: number,
  ) {}

  values(points: Float64Array, count: number, index?: readonly number[]): Float64Array {
    const { layer, coefficients, size } = this;
    return product(featureValues(layer, points, count, index), coefficients, count, layer.count + 1, size);
  }

  combined(matrix: Float64Array, columns: number): FeatureBasis {
    const { layer, coefficients, size } = this;
    return new FeatureBasis(layer, product(coefficients, matrix, layer.count + 1, size, columns), columns);
  }

  store(): StoredBlock {
    const { layer, coefficients, size } = this;
    return { kind: FeatureBasis.kind, ...layer, coefficients, size };
  }

  /** @throws ProblemError where the block is damaged */
  static restored(block: StoredBlock): FeatureBasis {
    const layer = block as unknown as FeatureLayer;
    const { coefficients, size } = block as unknown as { coefficients: Float64Array; size: number };
    const inputs = Array.isArray(layer.of) ? layer.of.length : Number.NaN;
    const fits =
      [layer.dimension, layer.count, size].every((n) => Number.isSafeInteger(n) && n >= 0) &&
      layer.of.every((i) => Number.isInteger(i) && i >= 0 && i < layer.dimension) &&
      [layer.lows, layer.highs].every((ends) => Array.isArray(ends) && ends.length === inputs) &&
      hasLength(layer.matrix, inputs * layer.count) &&
      hasLength(layer.bias, layer.count) &&
      hasLength(coefficients, (layer.count + 1) * size);
    if (!fits)
      throw new ProblemError('the trunk is not whole', { path: 'model', hint: 'the file is damaged' });
    const { dimension, of, lows, highs, count, matrix, bias } = layer;
    return new FeatureBasis({ dimension, of, lows, highs, count, matrix, bias }, coefficients, size);
  }
}

function hasLength(value: unknown, length: number): boolean {
  return value instanceof Float64Array && value.length === length && value.every(Number.isFinite);
}
