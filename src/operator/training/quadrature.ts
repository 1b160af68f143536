/** Points and weights by which functions are measured in L2 of the domain, its measure being one. */
import { gaussLegendre } from '../../expression/gauss-legendre.ts';
import { domainPoints } from '../../problem/domain-points.ts';
import type { Problem } from '../../problem/problem.ts';
import { gridPoints } from '../../problem/sensors.ts';

export interface WeightedPoints {
  /** (count, d), row-major. */
  readonly points: Float64Array;
  readonly count: number;
  /** Of sum one, (count). */
  readonly weights: Float64Array;
}

const gaussSides = [200, 48, 16, 9];
const scatteredCount = 3000;

/** Gauss–Legendre points of a box, evenly spread ones in a geometry or in many coordinates. */
export function domainQuadrature(problem: Problem): WeightedPoints {
  const { coordinates, space } = problem;
  const side = gaussSides[coordinates.length - 1];
  if (space !== undefined || side === undefined) {
    const points = domainPoints(problem, scatteredCount);
    const count = points.length / coordinates.length;
    return { points, count, weights: new Float64Array(count).fill(1 / count) };
  }
  const { nodes, weights } = gaussLegendre(side);
  const points = gridPoints(
    coordinates.map(({ low, high }) => [...nodes].map((z) => low + ((z + 1) / 2) * (high - low))),
  );
  const products = gridPoints(coordinates.map(() => [...weights].map((w) => w / 2)));
  const d = coordinates.length;
  const count = points.length / d;
  return {
    points,
    count,
    weights: Float64Array.from({ length: count }, (_, n) =>
      products.subarray(n * d, (n + 1) * d).reduce((a, b) => a * b, 1),
    ),
  };
}

/** Weights of output points: the trapezoidal rule on an equidistant grid, else all the same. */
export function pointWeights(count: number, sides: readonly number[] | undefined): Float64Array {
  if (sides === undefined || sides.reduce((a, b) => a * b, 1) !== count)
    return new Float64Array(count).fill(1 / count);
  const axes = sides.map((side) =>
    side === 1
      ? [1]
      : Array.from({ length: side }, (_, i) => (i === 0 || i === side - 1 ? 0.5 : 1) / (side - 1)),
  );
  const products = gridPoints(axes);
  const d = sides.length;
  return Float64Array.from({ length: count }, (_, n) =>
    products.subarray(n * d, (n + 1) * d).reduce((a, b) => a * b, 1),
  );
}
