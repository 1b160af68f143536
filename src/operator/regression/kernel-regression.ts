/** Kernel ridge regression, its kernel chosen by leave-one-out errors. */
import type { LinearMemory } from '../../engine/f64/linear-memory.ts';
import { InterruptedError, SolveError } from '../../errors.ts';
import { type CovarianceName, covarianceFunctions } from './covariance-function.ts';
import { type KernelSolution, solveKernelSystem } from './kernel-system.ts';
import type { StoredKernelRegression } from './kernel-values.ts';
import { type PrincipalComponents, principalComponents, scores } from './principal-components.ts';
import type { RegressionOptions } from './regression-options.ts';
import { meanRelativeError } from './relative-error.ts';
import type { TrainingRows } from './training-rows.ts';

export interface KernelFit {
  readonly stored: StoredKernelRegression;
  readonly validation: number;
}

/**
 * @throws SolveError where no kernel gives a positive definite matrix
 * @throws InterruptedError
 */
export async function fitKernel(
  memory: LinearMemory,
  rows: TrainingRows,
  norms: Float64Array,
  options: RegressionOptions,
): Promise<KernelFit> {
  const { x, y, count, inputs, outputs } = rows;
  const offset = new Float64Array(outputs);
  for (let i = 0; i < count; i++) for (let j = 0; j < outputs; j++) offset[j] += y[i * outputs + j] / count;
  const centered = y.map((value, k) => value - offset[k % outputs]);
  const components = principalComponents(x, count, inputs, 1e-6);
  let best:
    | {
        validation: number;
        solution: KernelSolution;
        z: Float64Array;
        rank: number;
        scale: number;
        covariance: CovarianceName;
      }
    | undefined;
  for (const rank of new Set([8, 12, 20, 40].map((r) => Math.min(r, components.rank)))) {
    const z = scores(components, x, count, rank);
    const squares = squaredDistances(z, count, rank);
    let mean = 0;
    for (const square of squares) mean += square / squares.length;
    for (const covariance of ['matern-5/2', 'matern-7/2'] as const) {
      for (const length of [1, 4, 16, 64]) {
        for (const ridge of [1e-11, 1e-9, 1e-7, 1e-5]) {
          if (options.signal?.aborted) throw new InterruptedError('the regression was interrupted');
          const f = covarianceFunctions[covariance];
          const scale = 1 / (length * mean);
          const matrix = squares.map((square) => f(square * scale));
          const solution = solveKernelSystem(memory, matrix, ridge * count, centered, count);
          if (solution === null) continue;
          const validation = meanRelativeError(solution.residuals, norms, outputs);
          if (best === undefined || validation < best.validation)
            best = { validation, solution, z, rank, scale, covariance };
        }
      }
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  if (best === undefined)
    throw new SolveError('no kernel separates the training functions; draw functions that differ more');
  const { rank, scale, z, solution, covariance, validation } = best;
  const root = Math.sqrt(scale);
  return {
    stored: {
      kind: 'kernel',
      inputs,
      outputs,
      covariance,
      mean: components.mean,
      projection: projectionOf(components, rank, root),
      ranks: [rank],
      centers: z.map((value) => value * root),
      weights: solution.weights,
      offset,
    },
    validation,
  };
}

function projectionOf(components: PrincipalComponents, rank: number, scale: number): Float64Array {
  const width = components.mean.length;
  return Float64Array.from({ length: width * rank }, (_, k) => {
    return components.directions[(k % rank) * width + Math.floor(k / rank)] * scale;
  });
}

function squaredDistances(z: Float64Array, count: number, rank: number): Float64Array {
  const squares = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      let square = 0;
      for (let k = 0; k < rank; k++) square += (z[i * rank + k] - z[j * rank + k]) ** 2;
      squares[i * count + j] = square;
      squares[j * count + i] = square;
    }
  }
  return squares;
}
