/** What is left of a face of a primitive in the boundary of a combination. */
import { acceptedPoints } from './accepted-points.ts';
import type { InsideTest } from './inside-test.ts';
import { type Sampling, samplePoints } from './point-set.ts';
import type { Face } from './primitive.ts';
import type { PlacedLeaf } from './shape-tree.ts';

export interface FaceRemainder {
  readonly face: Face;
  readonly placed: PlacedLeaf;
  readonly measure: number;
  /** Exactly `count` points (one in 1D), (N, k) row-major. */
  sample(sampling: Sampling, count: number, seed: number): Float64Array;
  /** Its point that is closest, where it can be had. */
  nearest(point: ArrayLike<number>): Float64Array | undefined;
}

/** Points of a face by which its measure is estimated where no exact way is at hand. */
const quadraturePoints = 2 ** 14;

/**
 * Whether a point of a face is a point of the boundary of the whole, and not already one of an earlier
 * primitive that has the same boundary there.
 */
export function survives(
  test: InsideTest,
  point: ArrayLike<number>,
  normal: ArrayLike<number>,
  earlier: readonly PlacedLeaf[],
): boolean {
  const { behind, before } = test.sides(point, normal);
  return (
    behind !== before && !earlier.some(({ leaf }) => Math.abs(leaf.primitive.level(point)) <= 0.1 * test.step)
  );
}

/** The remainder of a face by drawing points of the face and asking of each whether it is left. */
export function drawnRemainder(
  test: InsideTest,
  face: Face,
  placed: PlacedLeaf,
  earlier: readonly PlacedLeaf[],
): FaceRemainder | undefined {
  const left = (point: ArrayLike<number>): boolean => survives(test, point, face.normal(point), earlier);
  const place = (unit: Float64Array): Float64Array => {
    const count = unit.length / face.axes;
    const points = new Float64Array(count * test.dimension);
    for (let n = 0; n < count; n++) points.set(face.place(unit, n * face.axes), n * test.dimension);
    return points;
  };
  if (face.axes === 0) {
    const point = face.place([], 0);
    if (!left(point)) return undefined;
    return { face, placed, measure: 1, sample: () => point.slice(), nearest: () => point.slice() };
  }
  const share = test.tree.kind === 'primitive' ? 1 : sharePassing(face, left);
  if (share === 0) return undefined;
  return {
    face,
    placed,
    measure: share * face.measure,
    sample: (sampling, count, seed) =>
      place(
        acceptedPoints(sampling, count, seed, {
          axes: face.axes,
          extents: face.extents,
          share,
          accepts: (unit, offset) => test.tree.kind === 'primitive' || left(face.place(unit, offset)),
        }),
      ),
    nearest: (point) => {
      const nearest = face.nearest(point);
      return test.tree.kind === 'primitive' || left(nearest) ? nearest : undefined;
    },
  };
}

function sharePassing(face: Face, left: (point: Float64Array) => boolean): number {
  const unit = samplePoints('sobol', quadraturePoints, face.axes, 1);
  let kept = 0;
  for (let n = 0; n < quadraturePoints; n++) if (left(face.place(unit, n * face.axes))) kept++;
  return kept / quadraturePoints;
}
