import { ProblemError } from '../errors.ts';
import type { Problem } from '../problem/problem.ts';

/**
 * @param points (N, d), row-major
 * @throws ProblemError for a point that lies outside the domain's intervals by more than rounding
 */
export function insideDomain(problem: Problem, points: Float64Array): void {
  const d = problem.coordinates.length;
  problem.coordinates.forEach(({ name, low, high }, axis) => {
    const slack = 1e-9 * (high - low);
    for (let i = axis; i < points.length; i += d) {
      const value = points[i];
      if (value >= low - slack && value <= high + slack) continue;
      throw new ProblemError(`${name} = ${value} lies outside [${low}, ${high}]`, { path: 'points' });
    }
  });
}
