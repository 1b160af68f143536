import { subtract } from '../../expression/build.ts';
import { evaluateScalar } from '../../expression/evaluate.ts';
import type { Shape } from '../../geometry/shape.ts';
import type { Problem } from '../../problem/problem.ts';

const samples = 500;
/** Of the extent along an axis. */
const step = 1e-3;

/**
 * The distance over which the equations' sources vary by their size, along the axis where that is shortest: ℓ of
 * sin(x/ℓ); infinite where they are constant. By mean magnitudes, which jumps do not spoil.
 *
 * @param space positions of the shape's coordinates among the problem's
 */
export function sourceVariation(problem: Problem, shape: Shape, space: readonly number[]): number {
  const { coordinates, equations } = problem;
  const { dimension, bounds } = shape;
  const places = shape.sample('sobol', samples, 11);
  const middle = coordinates.map(({ low, high }) => (low + high) / 2);
  let fastest = 0;
  for (const { left, right } of equations) {
    const residual = subtract(left, right);
    const source = (x: ArrayLike<number>): number =>
      evaluateScalar(residual, (leaf) => {
        if (leaf.kind !== 'coordinate') return 0;
        const axis = space.indexOf(leaf.index);
        return axis < 0 ? middle[leaf.index] : x[axis];
      });
    const values: number[] = [];
    const slopes = bounds.map(() => 0);
    for (let i = 0; i < samples; i++) {
      const x = places.slice(i * dimension, (i + 1) * dimension);
      const value = source(x);
      const beside = bounds.map(({ low, high }, a) => {
        const d = step * (high - low);
        return Math.abs(source(x.map((y, b) => (a === b ? y + d : y))) - value) / d;
      });
      if (![value, ...beside].every(Number.isFinite)) continue;
      values.push(value);
      beside.forEach((slope, a) => {
        slopes[a] += slope;
      });
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const size = values.reduce((sum, value) => sum + Math.abs(value - mean), 0);
    if (size > 0) fastest = Math.max(fastest, Math.max(...slopes) / size);
  }
  return fastest > 0 ? 1 / fastest : Number.POSITIVE_INFINITY;
}
