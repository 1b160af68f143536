/** Where two boundary curves of the plane meet. */
import type { EllipticCurve } from './elliptic-curve.ts';
import type { Segment } from './segment.ts';
import { trigonometricRoots } from './trigonometric-roots.ts';

export type PlanarCurve = Segment | EllipticCurve;

/** Relative to the unit circle of an ellipse's frame: a line this close to touching it touches it. */
const touching = 1e-12;
/** Sine of the angle under which two lines count as parallel. */
const parallel = 1e-12;

function segments(line: Segment, other: Segment, nearby: number): number[] {
  const [dx, dy] = line.direction;
  const [ex, ey] = other.direction;
  const cross = dx * ey - dy * ex;
  const [wx, wy] = [other.start[0] - line.start[0], other.start[1] - line.start[1]];
  if (Math.abs(cross) <= parallel * line.length * other.length) {
    const gap = Math.abs(dx * wy - dy * wx) / line.length;
    return gap > nearby ? [] : [line.project(other.point(0)), line.project(other.point(1))];
  }
  return [(wx * ey - wy * ex) / cross];
}

/**
 * Parameters of `curve` at which it meets `other` or its continuation: crossings, points of touching, and the
 * ends of a stretch that two lines have in common. Ellipses that coincide meet nowhere.
 *
 * @param nearby distance under which parallel lines are the same line
 */
export function meetings(curve: PlanarCurve, other: PlanarCurve, nearby: number): number[] {
  if (curve.kind === 'segment') {
    const found = other.kind === 'segment' ? segments(curve, other, nearby) : lineAndEllipse(curve, other);
    return found.filter((t) => t > 0 && t < 1);
  }
  if (other.kind === 'segment') {
    const [nx, ny] = other.normal();
    const along = (v: readonly [number, number]): number => nx * v[0] + ny * v[1];
    const a0 = along(curve.center) - along(other.start);
    return trigonometricRoots({ a0, a1: along(curve.first), b1: along(curve.second), a2: 0, b2: 0 });
  }
  const w = other.frame(curve.center);
  const p = other.frameDirection(curve.first);
  const q = other.frameDirection(curve.second);
  const dot = (u: [number, number], v: [number, number]): number => u[0] * v[0] + u[1] * v[1];
  const coefficients = {
    a0: dot(w, w) - 1 + 0.5 * (dot(p, p) + dot(q, q)),
    a1: 2 * dot(w, p),
    b1: 2 * dot(w, q),
    a2: 0.5 * (dot(p, p) - dot(q, q)),
    b2: dot(p, q),
  };
  const same = Object.values(coefficients).every((c) => Math.abs(c) <= touching);
  return same ? [] : trigonometricRoots(coefficients);
}

function lineAndEllipse(line: Segment, ellipse: EllipticCurve): number[] {
  const w = ellipse.frame(line.start);
  const d = ellipse.frameDirection([line.direction[0], line.direction[1]]);
  const square = d[0] * d[0] + d[1] * d[1];
  const closest = -(w[0] * d[0] + w[1] * d[1]) / square;
  const level = (w[0] + closest * d[0]) ** 2 + (w[1] + closest * d[1]) ** 2 - 1;
  if (Math.abs(level) <= touching) return [closest];
  if (level > 0) return [];
  const half = Math.sqrt(-level / square);
  return [closest - half, closest + half];
}
