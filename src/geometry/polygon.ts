import { curveFace } from './curve-face.ts';
import type { Primitive } from './primitive.ts';
import { Segment } from './segment.ts';

type Corner = readonly [number, number];

/** Twice the signed area: positive where the corners run counterclockwise. */
export function turning(corners: readonly Corner[]): number {
  const [x0, y0] = corners[0];
  return corners.reduce((sum, [x, y], i) => {
    const [u, v] = corners[(i + 1) % corners.length];
    return sum + (x - x0) * (v - y0) - (u - x0) * (y - y0);
  }, 0);
}

/** A simple polygon, its corners either way round. Each edge is a part of its own. */
export function polygon(corners: readonly Corner[]): Primitive {
  const area = 0.5 * turning(corners);
  const ordered = area > 0 ? corners : corners.toReversed();
  const edges = ordered.map((corner, i) => new Segment(corner, ordered[(i + 1) % ordered.length]));
  const signedDistance = (point: ArrayLike<number>): number => {
    const [x, y] = [point[0], point[1]];
    let least = Number.POSITIVE_INFINITY;
    let inside = false;
    for (const [i, edge] of edges.entries()) {
      const [px, py] = edge.point(edge.nearest(point, 0, 1));
      least = Math.min(least, Math.hypot(px - x, py - y));
      const [a, b] = [ordered[i], ordered[(i + 1) % ordered.length]];
      // A ray to the right crosses the edge: an odd number of times from inside.
      if (a[1] > y !== b[1] > y && x < a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0])) inside = !inside;
    }
    return inside ? -least : least;
  };
  const bounds = ([0, 1] as const).map((axis) => {
    const values = corners.map((corner) => corner[axis]);
    return { low: Math.min(...values), high: Math.max(...values) };
  });
  return {
    dimension: 2,
    bounds,
    measure: Math.abs(area),
    faces: edges.map(curveFace),
    level: signedDistance,
    signedDistance,
  };
}
