import type { Problem } from '../../../src/index.ts';
import type { CoefficientSet } from '../../../src/operator/training/coefficient-set.ts';

/** Values, or those of a derivative, of one function's field at points (N, d). */
export function fieldOf(
  { bases, coefficients }: CoefficientSet,
  { coordinates }: Problem,
  which: number,
  name: string,
  points: Float64Array,
  index?: readonly number[],
): Float64Array {
  const count = points.length / coordinates.length;
  const { size } = bases[name];
  const values = bases[name].values(points, count, index);
  return Float64Array.from({ length: count }, (_, n) => {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += values[n * size + j] * coefficients[name][which * size + j];
    return sum;
  });
}

/** ‖a − b‖ / ‖b‖. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return Math.sqrt(difference / size);
}
