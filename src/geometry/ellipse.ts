import { curveFace } from './curve-face.ts';
import { EllipticCurve } from './elliptic-curve.ts';
import type { Primitive } from './primitive.ts';

/** The ellipse with half axes `radii`, turned counterclockwise by `angle` (radians). */
export function ellipse(
  center: readonly [number, number],
  radii: readonly [number, number],
  angle: number,
): Primitive {
  const curve = new EllipticCurve(center, radii, angle);
  // |q| − 1 in the frame of the unit circle, over the length of its gradient.
  const level = (point: ArrayLike<number>): number => {
    const [x, y] = curve.frame(point);
    const radius = Math.hypot(x, y);
    if (radius === 0) return -Math.min(...radii);
    return ((radius - 1) * radius) / Math.hypot(x / radii[0], y / radii[1]);
  };
  const [x, y] = curve.bounds(0, curve.end);
  return {
    dimension: 2,
    bounds: [x, y].map(([low, high]) => ({ low, high })),
    measure: Math.PI * radii[0] * radii[1],
    faces: [curveFace(curve)],
    level,
    signedDistance: (point) => {
      const [px, py] = curve.point(curve.nearest(point, 0, curve.end));
      return Math.sign(level(point)) * Math.hypot(px - point[0], py - point[1]);
    },
  };
}
