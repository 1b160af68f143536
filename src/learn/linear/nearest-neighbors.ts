/** Regression by the nearest neighbors: what is like is taken to score alike. */
import { ProblemError } from '../../errors.ts';
import { requireRows } from './rows.ts';

export interface NearestNeighbors {
  /** Mean target of the nearest rows, for each row of points (count, dimension): (count). */
  predict(points: ArrayLike<number>): Float64Array;
}

/**
 * The mean of the targets of the k rows nearest by Euclidean distance, which sees all columns alike: standardize them
 * first. With more columns that say nothing, neighbors are less and less alike. Ties go to the earlier row. Fix &
 * Hodges, Discriminatory analysis: nonparametric discrimination, 1951; Cover & Hart, IEEE Trans. Inf. Theory 13 (1967).
 *
 * @param points  (count, dimension), row-major
 * @param neighbors  k
 * @throws ProblemError where there are fewer rows than neighbors
 */
export function nearestNeighbors(
  points: ArrayLike<number>,
  targets: ArrayLike<number>,
  { neighbors }: { readonly neighbors: number },
): NearestNeighbors {
  const dimension = requireRows(points, targets);
  const count = targets.length;
  if (!Number.isInteger(neighbors) || neighbors < 1 || neighbors > count)
    throw new ProblemError(`${neighbors} neighbors among ${count} rows`, {
      path: 'neighbors',
      hint: `give 1 to ${count}`,
    });
  const distance = (row: ArrayLike<number>, start: number, n: number): number => {
    let sum = 0;
    for (let k = 0; k < dimension; k++) sum += (row[start + k] - points[n * dimension + k]) ** 2;
    return sum;
  };
  return {
    predict: (others) => {
      if (others.length % dimension !== 0)
        throw new ProblemError(`${others.length} numbers are no rows of ${dimension}`, { path: 'points' });
      return Float64Array.from({ length: others.length / dimension }, (_, m) => {
        const squares = Float64Array.from({ length: count }, (_, n) => distance(others, m * dimension, n));
        const order = Array.from(squares.keys()).sort((a, b) => squares[a] - squares[b] || a - b);
        return order.slice(0, neighbors).reduce((sum, n) => sum + targets[n] / neighbors, 0);
      });
    },
  };
}
