/** Least squares on principal components, as many of them as leave-one-out errors are least with. */
import { type PrincipalComponents, scores } from './principal-components.ts';
import { meanRelativeError } from './relative-error.ts';

export interface StoredLinearRegression {
  readonly kind: 'linear';
  readonly inputs: number;
  readonly outputs: number;
  /** (inputs) */
  readonly mean: Float64Array;
  /** (outputs) */
  readonly offset: Float64Array;
  /** (inputs, outputs) */
  readonly weights: Float64Array;
}

export interface LinearFit {
  readonly stored: StoredLinearRegression;
  /** Leave-one-out, relative. */
  readonly validation: number;
  /** Of leaving each row out, (count, outputs). */
  readonly residuals: Float64Array;
}

/**
 * Principal component regression (Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 3.5.1). Residuals
 * of rows left out in closed form: e_i/(1 − h_ii), h the hat matrix (Allen's PRESS, Technometrics 16 (1974), 125).
 *
 * @param x (count, inputs), @param y (count, outputs)
 * @param norms of the rows of y
 */
export function fitLinear(
  components: PrincipalComponents,
  x: Float64Array,
  y: Float64Array,
  count: number,
  norms: Float64Array,
): LinearFit {
  const { mean, directions, rank } = components;
  const inputs = mean.length;
  const outputs = y.length / count;
  const z = columnsOf(scores(components, x, count), count, rank);
  const offset = new Float64Array(outputs);
  for (let i = 0; i < count; i++) for (let j = 0; j < outputs; j++) offset[j] += y[i * outputs + j] / count;
  const left = y.map((value, k) => value - offset[k % outputs]);
  const leverage = new Float64Array(count).fill(1 / count);
  const residuals = new Float64Array(y.length);
  const slopes: Float64Array[] = [];
  let best = { validation: Number.POSITIVE_INFINITY, size: 0, residuals };
  // A hat matrix of trace n explains everything and foretells nothing.
  const most = Math.min(rank, count - 2);
  for (let size = 0; size <= most; size++) {
    if (size > 0) slopes.push(explain(z, size - 1, left, outputs, leverage));
    for (let i = 0; i < count; i++) {
      const share = 1 / Math.max(1 - leverage[i], Number.EPSILON);
      for (let j = i * outputs; j < (i + 1) * outputs; j++) residuals[j] = left[j] * share;
    }
    const validation = meanRelativeError(residuals, norms, outputs);
    if (validation < best.validation) best = { validation, size, residuals: residuals.slice() };
  }
  const weights = new Float64Array(inputs * outputs);
  for (let k = best.size - 1; k >= 0; k--) {
    for (let i = 0; i < inputs; i++) {
      const direction = directions[k * inputs + i];
      for (let j = 0; j < outputs; j++) weights[i * outputs + j] += direction * slopes[k][j];
    }
  }
  return {
    stored: { kind: 'linear', inputs, outputs, mean, offset, weights },
    validation: best.validation,
    residuals: best.residuals,
  };
}

function columnsOf(rows: Float64Array, count: number, width: number): Float64Array[] {
  return Array.from({ length: width }, (_, k) =>
    Float64Array.from({ length: count }, (_, i) => rows[i * width + k]),
  );
}

/** Takes from `left` what column k explains, adds to the leverages, and returns the slopes. */
function explain(
  z: readonly Float64Array[],
  k: number,
  left: Float64Array,
  outputs: number,
  leverage: Float64Array,
): Float64Array {
  const column = z[k];
  let square = 0;
  for (const value of column) square += value * value;
  const slopes = new Float64Array(outputs);
  for (let i = 0; i < column.length; i++) {
    const share = column[i] / square;
    for (let j = 0; j < outputs; j++) slopes[j] += share * left[i * outputs + j];
  }
  for (let i = 0; i < column.length; i++) {
    for (let j = 0; j < outputs; j++) left[i * outputs + j] -= column[i] * slopes[j];
    leverage[i] += (column[i] * column[i]) / square;
  }
  return slopes;
}

/** Values of a stored fit for rows, (count, outputs). */
export function linearValues(
  stored: StoredLinearRegression,
  rows: Float64Array,
  count: number,
): Float64Array {
  const { inputs, outputs, mean, offset, weights } = stored;
  const result = new Float64Array(count * outputs);
  for (let i = 0; i < count; i++) {
    const to = result.subarray(i * outputs, (i + 1) * outputs);
    to.set(offset);
    for (let k = 0; k < inputs; k++) {
      const value = rows[i * inputs + k] - mean[k];
      if (value === 0) continue;
      for (let j = 0, at = k * outputs; j < outputs; j++) to[j] += value * weights[at + j];
    }
  }
  return result;
}
