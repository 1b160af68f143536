/** Points drawn evenly in the charts of a trial solution: close to small holes and re-entrant corners they lie dense. */
import { type Sampling, samplePoints } from '../geometry/point-set.ts';
import { type NetworkChart, uncharted } from '../network/chart.ts';
import type { TrialSolution } from '../network/trial-solution.ts';
import type { Subset } from './collocation.ts';
import type { ResidualBlock } from './residual-system.ts';

/** For each feature of a chart. */
const pointsPerFeature = 2;

/** On a plane across the charts. */
const pointsPerFeatureOnPlane = 1;

/** Where few others are: with a third of these the layer's equations hold at the points and nowhere else. */
const pointsPerLayerFeature = 6;

/**
 * So many for every chart as its network has features for, in normalised coordinates, (N, d) row-major; none where there are no charts.
 *
 * @param within  the space, outside of which points are left out
 * @param plane  on which they all are put: a value of a coordinate that no chart changes
 */
export function chartedPoints(
  { dimension, networks }: TrialSolution,
  sampling: Sampling,
  seed: number,
  within: Subset | undefined,
  plane?: { readonly coordinate: number; readonly value: number },
): Float64Array {
  const done = new Set<string>();
  const kept: number[] = [];
  for (const { chart, layers } of networks) {
    const [features] = layers;
    if (chart === undefined || features.kind !== 'embedding') continue;
    const key = placeOf(chart);
    if (done.has(key)) continue;
    done.add(key);
    const perFeature =
      plane !== undefined
        ? pointsPerFeatureOnPlane
        : chart.kind === 'layer'
          ? pointsPerLayerFeature
          : pointsPerFeature;
    const count = perFeature * features.outputs;
    const unit = samplePoints(sampling === 'grid' ? 'sobol' : sampling, count, dimension, seed);
    const points = uncharted(
      chart,
      unit.map((x) => 2 * x - 1),
      dimension,
    );
    if (plane !== undefined)
      for (let n = plane.coordinate; n < points.length; n += dimension) points[n] = plane.value;
    for (let n = 0; n < points.length; n += dimension)
      if (within === undefined || within.holds(points, n))
        for (let i = 0; i < dimension; i++) kept.push(points[n + i]);
  }
  return Float64Array.from(kept);
}

/**
 * The block with its points once more for every layer of the trial solution, moved to it along their face: what holds on
 * a face that ends in a layer has to hold in the layer too.
 *
 * @param holds  whether a point, in normalised coordinates, lies where the block's condition does
 */
export function withPointsInLayers(
  block: ResidualBlock,
  { dimension, networks }: TrialSolution,
  holds: (point: Float64Array) => boolean,
): ResidualBlock {
  const [points] = block.points;
  const layers = new Map(
    networks.flatMap(({ chart }) => (chart?.kind === 'layer' ? [[placeOf(chart), chart] as const] : [])),
  );
  const rows: number[] = [];
  const moved: number[] = [];
  for (const chart of layers.values()) {
    const there = uncharted(chart, points, dimension);
    for (let n = 0; n < block.count; n++) {
      const point = there.slice(n * dimension, (n + 1) * dimension);
      if (!holds(point)) continue;
      rows.push(n);
      moved.push(...point);
    }
  }
  if (rows.length === 0) return block;
  return {
    ...block,
    points: [Float64Array.from([...points, ...moved])],
    count: block.count + rows.length,
    columns: Object.fromEntries(
      Object.entries(block.columns).map(([name, values]) => [
        name,
        Float64Array.from([...values, ...rows.map((n) => values[n])]),
      ]),
    ),
  };
}

function placeOf({ kind, coordinates, center }: NetworkChart): string {
  return `${kind} ${coordinates.join(' ')} ${center.join(' ')}`;
}
