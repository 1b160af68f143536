import type { BoundaryPart, Shape } from '../../geometry/shape.ts';
import { PointTree } from './point-tree.ts';

/** A share between 0 and 1 of the coarsest spacing, by place. */
export interface RelativeSpacing {
  at(point: ArrayLike<number>): number;
  /** Mean over the shape of the number of nodes, against those of the coarsest spacing everywhere. */
  readonly excess: number;
}

/** Features larger than this share of the shape's size need no finer nodes. */
const wideFeature = 0.3;
/** Nor do those larger than so many times the distance over which what is given varies. */
const wideVariation = 4;
const smallestShare = 0.03;
/** How fast the share may grow with the distance relative to features that are wide. */
const growth = 0.9;
const surfaceSamples = 400;

/**
 * Nodes are closer where a boundary is curved and where two boundaries are near each other: in proportion to the
 * radius of curvature and to half the gap, as the local feature size of meshers has it.
 *
 * @param variation the distance over which what is given varies: where that is short, nodes are close everywhere
 */
export function featureSpacing(
  shape: Shape,
  parts: readonly BoundaryPart[],
  distanceTo: (point: ArrayLike<number>) => number,
  size: number,
  variation: number = Number.POSITIVE_INFINITY,
): RelativeSpacing {
  const { dimension, bounds } = shape;
  const wide = Math.min(wideFeature * size, wideVariation * variation);
  const seeds: { point: Float64Array; share: number }[] = [];
  const total = parts.reduce((sum, part) => sum + part.measure, 0);
  for (const part of parts) {
    const count = Math.max(16, Math.ceil((surfaceSamples * part.measure) / total));
    const { points, normals } = part.sample('sobol', count, 3);
    const tree = new PointTree(points, dimension);
    for (let i = 0; i < count; i++) {
      const point = points.slice(i * dimension, (i + 1) * dimension);
      const normal = normals.subarray(i * dimension, (i + 1) * dimension);
      let feature = 2 * gapBeside(point, normal);
      for (const j of tree.nearest(point, 4)) {
        let apart = 0;
        let turned = 0;
        for (let a = 0; a < dimension; a++) {
          apart += (points[j * dimension + a] - point[a]) ** 2;
          turned += (normals[j * dimension + a] - normal[a]) ** 2;
        }
        // A sharp turn is a corner and no curvature.
        if (turned > 0 && turned < 0.25) feature = Math.min(feature, Math.sqrt(apart / turned));
      }
      const share = Math.max(smallestShare, feature / wide);
      if (share < 1) seeds.push({ point, share });
    }
  }
  if (seeds.length === 0) return { at: () => 1, excess: 1 };
  const slope = growth / wide;
  const exact = (point: ArrayLike<number>): number => {
    let share = 1;
    for (const seed of seeds) {
      let square = 0;
      for (let a = 0; a < dimension; a++) square += (seed.point[a] - point[a]) ** 2;
      const here = seed.share + slope * Math.sqrt(square);
      if (here < share) share = here;
    }
    return share;
  };
  const cells = dimension === 2 ? 160 : 40;
  const table = new Map<number, number>();
  const steps = bounds.map(({ low, high }) => (high - low) / cells);
  const at = (point: ArrayLike<number>): number => {
    // The share is as smooth as the distance: constant over small cells, whose number is bounded.
    let key = 0;
    const middle = bounds.map(({ low }, a) => {
      const cell = Math.min(cells, Math.max(-1, Math.floor((point[a] - low) / steps[a])));
      key = key * (cells + 2) + cell + 1;
      return low + (cell + 0.5) * steps[a];
    });
    const known = table.get(key);
    if (known !== undefined) return known;
    const share = exact(middle);
    table.set(key, share);
    return share;
  };
  const inside = shape.sample('sobol', 512, 5);
  let excess = 0;
  for (let i = 0; i < 512; i++) {
    excess += exact(inside.subarray(i * dimension, (i + 1) * dimension)) ** -dimension / 512;
  }
  return { at, excess };

  /** Half the width of the gap to an opposite boundary; infinite where there is none. */
  function gapBeside(point: Float64Array, normal: Float64Array): number {
    const reach = 0.5 * wide;
    const inner = (s: number): Float64Array => point.map((x, a) => x - s * normal[a]);
    const isNearest = (s: number): boolean => -distanceTo(inner(s)) >= 0.98 * s;
    if (isNearest(reach)) return Number.POSITIVE_INFINITY;
    let low = 0;
    let high = reach;
    for (let step = 0; step < 12; step++) {
      const middle = 0.5 * (low + high);
      if (isNearest(middle)) low = middle;
      else high = middle;
    }
    const across = shape.project(inner(1.1 * high)).normal;
    const cosine = across.reduce((sum, x, a) => sum + x * normal[a], 0);
    return cosine < -0.3 ? high : Number.POSITIVE_INFINITY;
  }
}
