/** A fitted sum of kernels around the training functions. */
import { product } from '../linear/matrix-product.ts';
import { type CovarianceName, covarianceFunctions } from './covariance-function.ts';
import { addKernelSums } from './kernel-batch.ts';
import { reciprocals } from './reciprocal-values.ts';

export interface StoredKernelRegression {
  readonly kind: 'kernel';
  readonly inputs: number;
  readonly outputs: number;
  readonly covariance: CovarianceName;
  /** Where reciprocals of sensor values are taken: see `reciprocal-values.ts`, (inputs). */
  readonly floors?: Float64Array;
  /** (inputs) */
  readonly mean: Float64Array;
  /** From centred sensor values to coordinates in units of the length scale, (inputs, rank). */
  readonly projection: Float64Array;
  /** Coordinates that belong to each factor of the kernel, in order. */
  readonly ranks: readonly number[];
  /** Coordinates of the training functions, (centers, rank). */
  readonly centers: Float64Array;
  /** (centers, outputs) */
  readonly weights: Float64Array;
  /** (outputs) */
  readonly offset: Float64Array;
  /** Of the part that is linear in the coordinates, (rank, outputs). */
  readonly slopes: Float64Array;
}

/** Matrix product a·b with a (rows, inner) and b (inner, columns). */
export function matrixProduct(a: Float64Array, b: Float64Array, rows: number, inner: number): Float64Array {
  const columns = b.length / inner;
  const result = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const to = result.subarray(i * columns, (i + 1) * columns);
    for (let k = 0; k < inner; k++) {
      const value = a[i * inner + k];
      for (let j = 0, at = k * columns; j < columns; j++) to[j] += value * b[at + j];
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
  const { inputs, mean, projection, ranks, centers, weights, offset, outputs } = stored;
  const covariance = covarianceFunctions[stored.covariance].value;
  const rank = projection.length / inputs;
  const number = centers.length / rank;
  const seen = stored.floors === undefined ? rows : reciprocals(rows, stored.floors);
  const centered = seen.map((value, k) => value - mean[k % inputs]);
  const z = product(centered, projection, count, inputs, rank);
  const result = product(z, stored.slopes, count, rank, outputs);
  for (let k = 0; k < result.length; k++) result[k] += offset[k % outputs];
  if (addKernelSums(stored, z, count, result)) return result;
  for (let i = 0; i < count; i++) {
    const own = z.subarray(i * rank, (i + 1) * rank);
    const to = result.subarray(i * outputs, (i + 1) * outputs);
    for (let c = 0; c < number; c++) {
      let value = 1;
      let k = 0;
      for (const size of ranks) {
        let square = 0;
        for (const end = k + size; k < end; k++) {
          const difference = own[k] - centers[c * rank + k];
          square += difference * difference;
        }
        value *= covariance(square);
      }
      for (let j = 0, at = c * outputs; j < outputs; j++) to[j] += value * weights[at + j];
    }
  }
  return result;
}
