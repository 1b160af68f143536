import { randomGenerator } from '../random/generator.ts';
import type { Interval } from './primitive.ts';

/** Vectors that generate the densest lattice, nearest points at distance 1: rows are vectors; Cartesian from four dimensions on. */
function generators(dimension: number): number[][] {
  if (dimension === 2)
    return [
      [1, 0],
      [0.5, 0.5 * Math.sqrt(3)],
    ];
  if (dimension === 3)
    return [
      [1, 0, 0],
      [0.5, 0.5 * Math.sqrt(3), 0],
      [0.5, Math.sqrt(3) / 6, Math.sqrt(2 / 3)],
    ];
  return Array.from({ length: dimension }, (_, i) =>
    Array.from({ length: dimension }, (_, j) => (i === j ? 1 : 0)),
  );
}

/**
 * The points of a lattice in a box: hexagonal in the plane, face-centred cubic in space, Cartesian in others.
 *
 * @param spacing distance of neighbours
 * @param seed moves the lattice; 0 puts a point in the middle of the box
 * @param accepts which points are kept
 * @returns (N, k), row-major
 */
export function latticeInBox(
  bounds: readonly Interval[],
  spacing: number,
  seed: number,
  accepts: (point: Float64Array) => boolean,
): Float64Array {
  const dimension = bounds.length;
  const rows = generators(dimension);
  const random = randomGenerator(seed);
  const origin = bounds.map(
    ({ low, high }) => 0.5 * (low + high) + (seed === 0 ? 0 : spacing * (random.uniform() - 0.5)),
  );
  const points: number[] = [];
  const point = new Float64Array(dimension);
  // The generators are triangular: the last coordinate is fixed first, and leaves a shift to the others.
  const walk = (axis: number, shift: readonly number[]): void => {
    if (axis < 0) {
      if (accepts(point)) points.push(...point);
      return;
    }
    const pace = rows[axis][axis] * spacing;
    const start = origin[axis] + shift[axis];
    const first = Math.ceil((bounds[axis].low - start) / pace);
    const last = Math.floor((bounds[axis].high - start) / pace);
    for (let n = first; n <= last; n++) {
      point[axis] = start + n * pace;
      walk(
        axis - 1,
        shift.map((s, i) => s + n * spacing * rows[axis][i]),
      );
    }
  };
  walk(
    dimension - 1,
    bounds.map(() => 0),
  );
  return Float64Array.from(points);
}
