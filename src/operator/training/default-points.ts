/** Output points of the data that a training run makes for itself: dense where polynomials need them. */
import { domainPoints, rowsOf } from '../../problem/domain-points.ts';
import type { OperatorSettings } from '../../problem/operator-options.ts';
import type { Problem } from '../../problem/problem.ts';
import { equidistant, gridPoints } from '../../problem/sensors.ts';
import type { OutputPoints } from '../data/output-points.ts';

export interface TrainingPoints {
  readonly points: OutputPoints;
  /** In L2 of the domain; undefined: as the points say. */
  readonly weights: Float64Array | undefined;
}

const defaultSides = [129, 51, 15, 9];
const scatteredCount = 2500;

/** Chebyshev points of a box, equidistant ones along periodic coordinates, evenly spread ones in a geometry. */
export function trainingPoints(problem: Problem, wanted: OperatorSettings['points']): TrainingPoints {
  if (wanted !== undefined)
    return {
      points: typeof wanted === 'number' || Array.isArray(wanted) ? { grid: wanted } : wanted,
      weights: undefined,
    } as TrainingPoints;
  const { coordinates, space } = problem;
  const d = coordinates.length;
  const side = defaultSides[d - 1];
  if (space !== undefined || side === undefined)
    return { points: { list: rowsOf(domainPoints(problem, scatteredCount), d) }, weights: undefined };
  const periodic = new Set(problem.conditions.flatMap((c) => (c.kind === 'periodic' ? [c.coordinate] : [])));
  const axes = coordinates.map((coordinate, i) => {
    if (periodic.has(i)) return equidistant(coordinate, side - 1, true);
    const { low, high } = coordinate;
    return Array.from({ length: side }, (_, k) => {
      if (k === 0 || k === side - 1) return k === 0 ? low : high;
      return (low + high) / 2 - (Math.cos((Math.PI * k) / (side - 1)) * (high - low)) / 2;
    });
  });
  const weights = gridPoints(
    axes.map((axis, i) =>
      periodic.has(i)
        ? axis.map(() => 1 / axis.length)
        : axis.map(
            (value, k) =>
              ((axis[k + 1] ?? value) - (axis[k - 1] ?? value)) / 2 / (axis[axis.length - 1] - axis[0]),
          ),
    ),
  );
  const list = rowsOf(gridPoints(axes), d);
  return {
    points: { list },
    weights: Float64Array.from(list, (_, n) =>
      weights.subarray(n * d, (n + 1) * d).reduce((a, b) => a * b, 1),
    ),
  };
}
