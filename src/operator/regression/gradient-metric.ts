/** Directions of the inputs by how much a fit changes along them. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { covarianceFunctions } from './covariance-function.ts';
import type { StoredKernelRegression } from './kernel-values.ts';

/** Functions at which gradients are taken. */
const MOST = 128;

/**
 * The mean over training functions of J·Jᵀ, J the gradients of all outputs by the coordinates, each function's divided by
 * the norm of its outputs (average gradient outer product: Radhakrishnan, Beaglehole, Pandit & Belkin, Science 383
 * (2024), 1461; in one output, the active subspace of Constantine, Dow & Wang, SIAM J. Sci. Comput. 36 (2014), A1500).
 *
 * @param fit its centers being the training functions, one kernel factor or several
 * @returns (rank, rank), in the coordinates of the fit
 */
export function gradientMetric(fit: StoredKernelRegression, norms: Float64Array): Float64Array {
  const { centers, weights, slopes, ranks, outputs, covariance: name } = fit;
  const covariance = covarianceFunctions[name];
  const count = norms.length;
  const rank = centers.length / count;
  const metric = new Float64Array(rank * rank);
  const stride = Math.ceil(count / MOST);
  const jacobian = new Float64Array(rank * outputs);
  const factor = new Float64Array(rank);
  const square = new Float64Array(ranks.length);
  for (let i = 0; i < count; i += stride) {
    jacobian.set(slopes);
    for (let c = 0; c < count; c++) {
      if (c === i) continue;
      for (let f = 0, k = 0; f < ranks.length; f++) {
        square[f] = 0;
        for (const end = k + ranks[f]; k < end; k++) {
          factor[k] = centers[i * rank + k] - centers[c * rank + k];
          square[f] += factor[k] * factor[k];
        }
      }
      for (let f = 0, k = 0; f < ranks.length; f++) {
        let slope = 2 * covariance.derivative(square[f]);
        for (let g = 0; g < ranks.length; g++) if (g !== f) slope *= covariance.value(square[g]);
        for (const end = k + ranks[f]; k < end; k++) factor[k] *= slope;
      }
      for (let k = 0; k < rank; k++) {
        const value = factor[k];
        for (let j = 0, to = k * outputs, at = c * outputs; j < outputs; j++)
          jacobian[to + j] += value * weights[at + j];
      }
    }
    const share = 1 / (norms[i] * norms[i]);
    for (let k = 0; k < rank; k++) {
      for (let l = 0; l <= k; l++) {
        let sum = 0;
        for (let j = 0; j < outputs; j++) sum += jacobian[k * outputs + j] * jacobian[l * outputs + j];
        metric[k * rank + l] += share * sum;
      }
    }
  }
  for (let k = 0; k < rank; k++) for (let l = 0; l < k; l++) metric[l * rank + k] = metric[k * rank + l];
  return metric;
}

/**
 * M^(power/2) for each block of a metric, its largest eigenvalue 1 in each.
 *
 * @param metric (rank, rank), @param ranks sizes of the blocks
 * @returns (rank, rank): coordinates times this are those in which the metric is taken to that power
 */
export function metricRoot(metric: Float64Array, ranks: readonly number[], power: number): Float64Array {
  const rank = ranks.reduce((sum, own) => sum + own, 0);
  const result = new Float64Array(rank * rank);
  let first = 0;
  for (const own of ranks) {
    const block = Matrix.zeros(own, own);
    for (let k = 0; k < own; k++) {
      for (let l = 0; l < own; l++) block.set(k, l, metric[(first + k) * rank + first + l]);
    }
    const { realEigenvalues: values, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(block, {
      assumeSymmetric: true,
    });
    const largest = Math.max(...values);
    values.forEach((value, k) => {
      const scale = largest > 0 ? Math.max(value / largest, 1e-12) ** (power / 2) : 1;
      for (let l = 0; l < own; l++) result[(first + l) * rank + first + k] = vectors.get(l, k) * scale;
    });
    first += own;
  }
  return result;
}
