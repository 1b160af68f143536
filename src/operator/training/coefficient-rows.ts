/** Some functions of a coefficient set. */
import type { CoefficientModel } from '../coefficient-model.ts';
import { rowsAt } from '../regression/row-choice.ts';
import type { CoefficientSet } from './coefficient-set.ts';

type Columns = Readonly<Record<string, Float64Array>>;

function mapped(columns: Columns, own: (values: Float64Array) => Float64Array): Record<string, Float64Array> {
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, own(values)]));
}

/** Those at some places, in their order. */
export function rowsAmong(set: CoefficientSet, places: readonly number[]): CoefficientSet {
  const part = (values: Float64Array): Float64Array => rowsAt(values, places, values.length / set.count);
  return {
    ...set,
    count: places.length,
    inputs: mapped(set.inputs, part),
    coefficients: mapped(set.coefficients, part),
  };
}

/** Those from one function on up to another. */
export function rowsBetween(set: CoefficientSet, from: number, to: number): CoefficientSet {
  return rowsAmong(
    set,
    Array.from({ length: to - from }, (_, k) => from + k),
  );
}

/**
 * Mean relative error of a model's coefficients, fields together in its own units.
 *
 * @param set  with the bases of the model, orthonormal
 */
export function coefficientError(model: CoefficientModel, set: CoefficientSet): number {
  const found = model.coefficientsOf(set.inputs, set.count);
  let sum = 0;
  for (let i = 0; i < set.count; i++) {
    let [difference, size] = [0, 0];
    for (const { field, basis, scale } of model.parts) {
      const right = set.coefficients[field];
      for (let k = i * basis.size; k < (i + 1) * basis.size; k++) {
        difference += ((found[field][k] - right[k]) / scale) ** 2;
        size += (right[k] / scale) ** 2;
      }
    }
    sum += Math.sqrt(difference / size) / set.count;
  }
  return sum;
}
