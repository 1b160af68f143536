/** Edges of a solid: stretches of lines and circles in space. */
import type { PlanarCurve } from './curve-meetings.ts';
import { type PlaneFrame, toPlane, toSpace, type Vector } from './plane-frame.ts';

/** A stretch of a curve of a plane in space. */
export interface SpaceArc {
  readonly frame: PlaneFrame;
  readonly curve: PlanarCurve;
  readonly from: number;
  readonly to: number;
}

export function arcPoint({ frame, curve }: SpaceArc, parameter: number): Vector {
  return toSpace(frame, curve.point(parameter));
}

/** Direction of the curve, of length 1. */
export function arcTangent({ frame, curve }: SpaceArc, parameter: number): Vector {
  const [x, y] = curve.normal(parameter);
  const tip = toSpace({ ...frame, origin: [0, 0, 0] }, [-y, x]);
  return tip;
}

/** The closest of the points of some arcs, and how far it is. */
export function nearestOnArcs(
  arcs: readonly SpaceArc[],
  point: ArrayLike<number>,
): { point: Vector; distance: number } | undefined {
  let best: { point: Vector; distance: number } | undefined;
  for (const arc of arcs) {
    const { frame, curve, from, to } = arc;
    const candidate = arcPoint(arc, curve.nearest(toPlane(frame, point), from, to));
    const distance = Math.hypot(candidate[0] - point[0], candidate[1] - point[1], candidate[2] - point[2]);
    if (best === undefined || distance < best.distance) best = { point: candidate, distance };
  }
  return best;
}

/** Points of an arc about `spacing` apart, both ends among them. */
export function pointsAlong(arc: SpaceArc, spacing: number): Vector[] {
  const { curve, from, to } = arc;
  const length = curve.lengthBetween(from, to);
  const pieces = Math.max(1, Math.round(length / spacing));
  return Array.from({ length: pieces + 1 }, (_, i) =>
    arcPoint(arc, i === 0 ? from : i === pieces ? to : curve.parameterAfter(from, (i / pieces) * length)),
  );
}

/** Lowest and highest value of each coordinate on an arc. */
export function arcRanges(arc: SpaceArc): [number, number][] {
  const { frame, curve, from, to } = arc;
  return [0, 1, 2].map((axis) => {
    const values = [arcPoint(arc, from)[axis], arcPoint(arc, to)[axis]];
    if (curve.kind === 'ellipse') {
      const along = (v: readonly [number, number]): number =>
        v[0] * frame.first[axis] + v[1] * frame.second[axis];
      const top = Math.atan2(along(curve.second), along(curve.first));
      for (const angle of [top, top + Math.PI]) {
        const turned = from + ((((angle - from) % curve.end) + curve.end) % curve.end);
        if (turned <= to) values.push(arcPoint(arc, turned)[axis]);
      }
    }
    return [Math.min(...values), Math.max(...values)];
  });
}
