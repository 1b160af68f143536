/** The second step of training: from sensor values to coefficients. */
import type { Problem } from '../../problem/problem.ts';
import { CoefficientModel, sensorRows } from '../coefficient-model.ts';
import { fitRegression } from '../regression/regression.ts';
import type { CoefficientSet } from './coefficient-set.ts';

export interface BranchOptions {
  readonly kind: 'auto' | 'linear' | 'kernel' | 'network';
  readonly seed: number;
  /** Whether branches of several input functions are multiplied. */
  readonly product?: boolean;
  /** Seconds. */
  readonly timeLimit?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface FittedModel {
  readonly model: CoefficientModel;
  /** Relative error of functions left out. */
  readonly validation: number;
}

/** @param set  compressed: norms of its coefficients are those of the solutions */
export async function fitBranch(
  problem: Problem,
  set: CoefficientSet,
  options: BranchOptions,
): Promise<FittedModel> {
  const { count } = set;
  const names = problem.inputs.map(({ name }) => name);
  const parts = problem.fields.map(({ name: field }) => {
    const values = set.coefficients[field];
    const scale = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / count) || 1;
    return { field, basis: set.bases[field], scale };
  });
  const outputs = parts.reduce((sum, { basis }) => sum + basis.size, 0);
  const y = new Float64Array(count * outputs);
  let first = 0;
  for (const { field, basis, scale } of parts) {
    const { size } = basis;
    for (let i = 0; i < count; i++)
      for (let k = 0; k < size; k++)
        y[i * outputs + first + k] = set.coefficients[field][i * size + k] / scale;
    first += size;
  }
  const branch = await fitRegression(sensorRows(names, set.inputs, count), y, count, {
    ...options,
    groups: problem.inputs.map(({ sensorCount }) => sensorCount),
  });
  const { kind, validation } = branch;
  return { model: new CoefficientModel(names, parts, branch, { kind, validation }), validation };
}
