/** Points drawn evenly in the charts of a trial solution: close to small holes and re-entrant corners they lie dense. */
import { type Sampling, samplePoints } from '../geometry/point-set.ts';
import { type NetworkChart, uncharted } from '../network/chart.ts';
import type { TrialSolution } from '../network/trial-solution.ts';
import type { Subset } from './collocation.ts';

/** For each feature of a chart. */
const pointsPerFeature = 2;

/**
 * So many for every chart as its network has features for, in normalised coordinates, (N, d) row-major; none where there are no charts.
 *
 * @param within  the space, outside of which points are left out
 */
export function chartedPoints(
  { dimension, networks }: TrialSolution,
  sampling: Sampling,
  seed: number,
  within: Subset | undefined,
): Float64Array {
  const done = new Set<string>();
  const kept: number[] = [];
  for (const { chart, layers } of networks) {
    const [features] = layers;
    if (chart === undefined || features.kind !== 'embedding') continue;
    const key = placeOf(chart);
    if (done.has(key)) continue;
    done.add(key);
    const count = pointsPerFeature * features.outputs;
    const unit = samplePoints(sampling === 'grid' ? 'sobol' : sampling, count, dimension, seed);
    const points = uncharted(
      chart,
      unit.map((x) => 2 * x - 1),
      dimension,
    );
    for (let n = 0; n < points.length; n += dimension)
      if (within === undefined || within.holds(points, n))
        for (let i = 0; i < dimension; i++) kept.push(points[n + i]);
  }
  return Float64Array.from(kept);
}

function placeOf({ kind, center }: NetworkChart): string {
  return `${kind} ${center.join(' ')}`;
}
