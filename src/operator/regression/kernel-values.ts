/** A fitted sum of kernels around the training functions. */
import { type CovarianceName, covarianceFunctions } from './covariance-function.ts';

export interface StoredKernelRegression {
  readonly kind: 'kernel';
  readonly inputs: number;
  readonly outputs: number;
  readonly covariance: CovarianceName;
  /** (inputs) */
  readonly mean: Float64Array;
  /** From centred sensor values to coordinates in units of the length scale, (inputs, rank). */
  readonly projection: Float64Array;
  /** Coordinates for each factor of the kernel, in order. */
  readonly ranks: readonly number[];
  /** Coordinates of the training functions, (centers, rank). */
  readonly centers: Float64Array;
  /** (centers, outputs) */
  readonly weights: Float64Array;
  /** (outputs) */
  readonly offset: Float64Array;
}

/** Coordinates of rows, (count, rank). */
export function coordinates(
  rows: Float64Array,
  count: number,
  mean: Float64Array,
  projection: Float64Array,
): Float64Array {
  const inputs = mean.length;
  const rank = projection.length / inputs;
  const result = new Float64Array(count * rank);
  for (let i = 0; i < count; i++) {
    const to = i * rank;
    for (let k = 0; k < inputs; k++) {
      const value = rows[i * inputs + k] - mean[k];
      for (let j = 0, at = k * rank; j < rank; j++) result[to + j] += value * projection[at + j];
    }
  }
  return result;
}

/** Values of a stored fit for rows, (count, outputs). */
export function kernelValues(
  stored: StoredKernelRegression,
  rows: Float64Array,
  count: number,
): Float64Array {
  const { mean, projection, ranks, centers, weights, offset, outputs } = stored;
  const covariance = covarianceFunctions[stored.covariance];
  const z = coordinates(rows, count, mean, projection);
  const rank = projection.length / mean.length;
  const number = centers.length / rank;
  const result = new Float64Array(count * outputs);
  for (let i = 0; i < count; i++) {
    const own = z.subarray(i * rank, (i + 1) * rank);
    const to = result.subarray(i * outputs, (i + 1) * outputs);
    to.set(offset);
    for (let c = 0; c < number; c++) {
      let value = 1;
      let k = 0;
      for (const size of ranks) {
        let square = 0;
        for (const end = k + size; k < end; k++) square += (own[k] - centers[c * rank + k]) ** 2;
        value *= covariance(square);
      }
      for (let j = 0, at = c * outputs; j < outputs; j++) to[j] += value * weights[at + j];
    }
  }
  return result;
}
