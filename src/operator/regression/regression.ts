/** Regression from values of input functions at their sensors to coefficients of solutions. */
import { kernelModule } from '../../engine/f64/kernel-module.ts';
import { LinearMemory } from '../../engine/f64/linear-memory.ts';
import { SolveError } from '../../errors.ts';
import { branchNetworkValues, type StoredBranchNetwork } from '../network/branch-network.ts';
import { fitKernel } from './kernel-regression.ts';
import { kernelValues, type StoredKernelRegression } from './kernel-values.ts';
import { fitLinear, linearValues, type StoredLinearRegression } from './linear-regression.ts';
import { fitNetwork } from './network-regression.ts';
import { networkValues, type StoredNetworkRegression } from './network-values.ts';
import { Pace } from './pace.ts';
import { principalComponents } from './principal-components.ts';
import { reciprocalFloors, reciprocals } from './reciprocal-values.ts';
import type { RegressionKind, RegressionOptions } from './regression-options.ts';
import { rowNorms } from './relative-error.ts';
import { trainingRows } from './training-rows.ts';

export type { RegressionKind, RegressionOptions } from './regression-options.ts';

/** Plain data: `regressionOf` makes a regression of it again. */
export type StoredRegression = StoredFit | StoredBranchNetwork;
type StoredFit = StoredLinearRegression | StoredKernelRegression | StoredNetworkRegression;

export interface Regression {
  /** Columns of a row of sensor values. */
  readonly inputs: number;
  readonly outputs: number;
  /**
   * @param rows (count, inputs)
   * @returns (count, outputs)
   */
  predict(rows: Float64Array, count: number): Float64Array;
  store(): StoredRegression;
}

export interface FittedRegression extends Regression {
  readonly kind: RegressionKind;
  /** Mean relative error ‖ŷ − y‖/‖y‖ of rows that were left out. */
  readonly validation: number;
}

/** Below this a linear fit needs no other beside it. */
const EXACT = 1e-9;

/**
 * Fits y to x. The columns of y are coefficients of orthonormal functions, so that Euclidean norms are those of the
 * solutions. The same seed gives the same fit, where `timeLimit` is not reached.
 *
 * @param x (count, inputs), @param y (count, outputs)
 * @throws SolveError where the numbers do not fit, are too few, or nothing could be fitted
 * @throws InterruptedError when the signal is aborted
 */
export async function fitRegression(
  x: Float64Array,
  y: Float64Array,
  count: number,
  options: RegressionOptions,
): Promise<FittedRegression> {
  const rows = trainingRows(x, y, count, options.groups);
  const norms = rowNorms(rows.y, rows.count, rows.outputs);
  const kind = options.kind ?? 'auto';
  const components = principalComponents(rows.x, rows.count, rows.inputs, 1e-13);
  const linear = fitLinear(components, rows.x, rows.y, rows.count, norms);
  if (kind === 'linear' || (kind === 'auto' && linear.validation < EXACT))
    return fitted(linear.stored, linear.validation);
  const { seed, product = false } = options;
  const pace = new Pace(options);
  if (kind === 'network') {
    const network = await fitNetwork(rows, norms, linear, seed, product, pace);
    return fitted(network.stored, network.validation);
  }
  const memory = new LinearMemory((await kernelModule()).module);
  let kernel = await fitKernel(memory, rows, norms, seed, product, pace);
  const floors = reciprocalFloors(rows.x, rows.count, rows.groups);
  if (floors.some((floor) => floor > 0) && (await pace.proceed())) {
    const inverse = { ...rows, x: reciprocals(rows.x, floors) };
    const other = await fitKernel(memory, inverse, norms, seed, product, pace);
    if (other.validation < kernel.validation) kernel = { ...other, stored: { ...other.stored, floors } };
  }
  if (kind === 'auto' && linear.validation <= kernel.validation)
    return fitted(linear.stored, linear.validation);
  return fitted(kernel.stored, kernel.validation);
}

function fitted(stored: StoredFit, validation: number): FittedRegression {
  return { ...regressionOf(stored), kind: stored.kind, validation };
}

/** A regression from what its `store` gave. */
export function regressionOf(stored: StoredRegression): Regression {
  const { inputs, outputs } = stored;
  return {
    inputs,
    outputs,
    predict: (rows, count) => {
      if (rows.length !== count * inputs)
        throw new SolveError(
          `${count} input functions have ${count * inputs} sensor values here, not ${rows.length}; give ${inputs} for each`,
        );
      return valuesOf(stored, rows, count);
    },
    store: () => stored,
  };
}

function valuesOf(stored: StoredRegression, rows: Float64Array, count: number): Float64Array {
  switch (stored.kind) {
    case 'linear':
      return linearValues(stored, rows, count);
    case 'kernel':
      return kernelValues(stored, rows, count);
    case 'network':
      return networkValues(stored, rows, count);
    case 'branch-network':
      return branchNetworkValues(stored, rows, count);
  }
}
