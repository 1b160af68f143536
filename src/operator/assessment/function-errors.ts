/** Errors on single functions, and how far these lie from those of training. */
import { fieldError } from '../../solve/error-norms.ts';
import type { OperatorData } from '../data/operator-data.ts';
import { distances } from '../evaluate/training-space.ts';
import type { TrainedOperator } from '../trained-operator.ts';

export interface FunctionError {
  /** Mahalanobis distance from the training functions; of several inputs the root of the sum of squares. */
  readonly distance: number;
  /** ‖u − u*‖ / ‖u*‖ by field. */
  readonly relativeL2: Readonly<Record<string, number>>;
}

/** Distances of functions, all inputs together; (count). */
export function jointDistances(
  { ranges }: Pick<TrainedOperator, 'ranges'>,
  inputs: Readonly<Record<string, Float64Array>>,
  count: number,
): Float64Array {
  const own = ranges.map((range) => distances(range, inputs[range.input], count));
  return Float64Array.from({ length: count }, (_, n) => Math.hypot(...own.map((column) => column[n])));
}

/** Of the functions of a data set. */
export function functionErrors(
  operator: TrainedOperator,
  { inputs, points, pointCount, aligned, count, fields }: OperatorData,
): FunctionError[] {
  const found = operator.evaluate(inputs, points, { aligned });
  const away = jointDistances(operator, inputs, count);
  const row = (all: Float64Array, n: number): Float64Array =>
    all.subarray(n * pointCount, (n + 1) * pointCount);
  return Array.from({ length: count }, (_, n) => ({
    distance: away[n],
    relativeL2: Object.fromEntries(
      operator.problem.fields.map(({ name }) => [
        name,
        fieldError(row(found[name], n), row(fields[name], n)).relativeL2,
      ]),
    ),
  }));
}
