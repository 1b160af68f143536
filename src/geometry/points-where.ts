/** Points of a box that have a property, by rejection. */
import { SolveError } from '../errors.ts';
import { type Sampling, samplePoints } from './point-set.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Whether the point that begins at the offset of the array has the property. */
export type Holds = (points: Float64Array, offset: number) => boolean;

/** More are not drawn: what holds hardly any of them is empty for our purposes. */
const mostDraws = 2 ** 22;

/** From so many points the share is estimated that has the property. */
const trialDraws = 4096;

/** Those of a set of `total` points in the box that have the property, in order, `count` at most. */
function accepted(
  sampling: Sampling,
  total: number,
  box: readonly Interval[],
  seed: number,
  holds: Holds,
  count = Number.POSITIVE_INFINITY,
): Float64Array {
  const d = box.length;
  const points = samplePoints(sampling, total, d, seed);
  let kept = 0;
  for (let n = 0; n * d < points.length && kept < count; n++) {
    for (let i = 0; i < d; i++) {
      const { low, high } = box[i];
      points[kept * d + i] = low + (high - low) * points[n * d + i];
    }
    if (holds(points, kept * d)) kept++;
  }
  return points.slice(0, kept * d);
}

/**
 * `count` points of the box at which `holds` is true, the first ones of the set there; of a grid all points of one
 * that has about so many. (N, box.length) row-major. The same arguments give the same points.
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
  const d = box.length;
  const trial = accepted('sobol', trialDraws, box, seed, holds).length / d;
  let total = Math.ceil((count * trialDraws) / Math.max(1, trial)) + (sampling === 'grid' ? 0 : 16);
  for (; total <= mostDraws; total = Math.ceil(1.3 * total)) {
    const points = accepted(sampling, total, box, seed, holds, sampling === 'grid' ? undefined : count);
    if (points.length >= (sampling === 'grid' ? 1 : count * d)) return points;
  }
  throw new SolveError(
    `of ${trialDraws} points drawn between its bounds ${trial} lie in the domain: it is too thin to be sampled`,
  );
}
