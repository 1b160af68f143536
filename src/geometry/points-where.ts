/** Points of a box that have a property. */
import { acceptedPoints } from './accepted-points.ts';
import type { Sampling } from './point-set.ts';
import { samplePoints } from './point-set.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Whether the point that begins at the offset of the array has the property. */
export type Holds = (points: Float64Array, offset: number) => boolean;

/** From so many points the share is estimated that has the property. */
const trialDraws = 4096;

/**
 * `count` points of the box at which `holds` is true, (count, box.length) row-major. The same arguments give the same
 * points.
 *
 * @throws SolveError where hardly any point has the property
 */
export function pointsWhere(
  sampling: Sampling,
  count: number,
  box: readonly Interval[],
  seed: number,
  holds: Holds,
): Float64Array {
  const axes = box.length;
  const inBox = (unit: number, axis: number): number => {
    const { low, high } = box[axis];
    return low + (high - low) * unit;
  };
  const point = new Float64Array(axes);
  const accepts = (unit: Float64Array, offset: number): boolean => {
    for (let axis = 0; axis < axes; axis++) point[axis] = inBox(unit[offset + axis], axis);
    return holds(point, 0);
  };
  const trial = samplePoints('sobol', trialDraws, axes, seed);
  let kept = 0;
  for (let offset = 0; offset < trial.length; offset += axes) if (accepts(trial, offset)) kept++;
  // A side of no length is as good as any other for the cells of a grid.
  const extents = box.map(({ low, high }) => high - low || 1);
  const unit = acceptedPoints(sampling, count, seed, { axes, extents, share: kept / trialDraws, accepts });
  return unit.map((value, i) => inBox(value, i % axes));
}
