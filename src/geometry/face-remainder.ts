/** What is left of a face of a primitive in the boundary of a combination. */
import { NotSupportedError } from '../errors.ts';
import { acceptedPoints } from './accepted-points.ts';
import type { BoundaryNodes } from './boundary-nodes.ts';
import type { InsideTest } from './inside-test.ts';
import { type Sampling, samplePoints } from './point-set.ts';
import type { Face, Interval } from './primitive.ts';
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

/** The boundary of a region, or what some of its primitives contribute to it. */
export interface RegionBoundary {
  readonly remainders: readonly FaceRemainder[];
  /** Of the region, where it is known exactly. */
  measure?(): number;
  readonly bounds?: readonly Interval[];
  /** A single point in which parts of the region touch, if there is one. */
  readonly pinch?: ArrayLike<number>;
  /** Evenly spaced points. */
  nodes(spacing: number): BoundaryNodes;
}

/** Points of a face by which its measure is estimated where no exact way is at hand. */
const quadraturePoints = 2 ** 14;

/**
 * Whether a point of a face is a point of the boundary of the whole, with the side inside that the face's place
 * in the tree makes it, and not already one of an earlier primitive that has the same boundary there.
 *
 * @param normal the primitive's own outward normal
 */
export function survives(
  test: InsideTest,
  point: ArrayLike<number>,
  normal: ArrayLike<number>,
  { orientation }: PlacedLeaf,
  earlier: readonly PlacedLeaf[],
): boolean {
  const { behind, before } = test.sides(point, normal);
  if (behind === before || behind !== orientation > 0) return false;
  const beyond = Float64Array.from(point, (x, i) => x + test.step * normal[i]);
  return !earlier.some(
    ({ leaf, orientation: other }) =>
      Math.abs(leaf.primitive.level(point)) <= 0.1 * test.step &&
      leaf.primitive.level(beyond) > 0 === (other === orientation),
  );
}

/** The remainder of a face by drawing points of the face and asking of each whether it is left. */
export function drawnRemainder(
  test: InsideTest,
  face: Face,
  placed: PlacedLeaf,
  earlier: readonly PlacedLeaf[],
): FaceRemainder | undefined {
  const left = (point: ArrayLike<number>): boolean =>
    survives(test, point, face.normal(point), placed, earlier);
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

/** Boundaries in one dimension, and in more than three. */
export function drawnBoundary(
  test: InsideTest,
  own: readonly PlacedLeaf[],
  _all: readonly PlacedLeaf[],
): RegionBoundary {
  const remainders = own.flatMap((placed, n) =>
    placed.leaf.primitive.faces.flatMap((face) => drawnRemainder(test, face, placed, own.slice(0, n)) ?? []),
  );
  return {
    remainders,
    measure: test.dimension === 1 ? () => lengthInside(remainders) : undefined,
    bounds: test.dimension === 1 ? endBounds(remainders) : undefined,
    nodes: () => {
      if (test.dimension > 1)
        throw new NotSupportedError('boundaries in more than three dimensions have no even points', {
          hint: 'draw them with `sample`',
        });
      const points = remainders.map(({ face }) => face.place([], 0)[0]);
      const normals = remainders.map(({ face, placed }) => placed.orientation * face.normal([])[0]);
      return {
        points: Float64Array.from(points),
        normals: Float64Array.from(normals),
        corners: new Uint8Array(points.length),
        parts: Int32Array.from(points, (_, i) => i),
        otherParts: new Int32Array(points.length).fill(-1),
        count: points.length,
      };
    },
  };
}

/** Upper ends less lower ends. */
function lengthInside(ends: readonly FaceRemainder[]): number {
  return ends.reduce(
    (sum, { face, placed }) => sum + placed.orientation * face.normal([])[0] * face.place([], 0)[0],
    0,
  );
}

function endBounds(ends: readonly FaceRemainder[]): Interval[] {
  const values = ends.map(({ face }) => face.place([], 0)[0]);
  return [{ low: Math.min(...values), high: Math.max(...values) }];
}
