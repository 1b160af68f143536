import type { PlanarCurve } from './curve-meetings.ts';
import type { Face } from './primitive.ts';

/** A curve of the plane as a face. */
export function curveFace(curve: PlanarCurve): Face {
  const parameterOf = (point: ArrayLike<number>): number => curve.nearest(point, 0, curve.end);
  let plane: Face['plane'];
  if (curve.kind === 'segment')
    for (const axis of [0, 1] as const)
      if (curve.direction[axis] === 0) plane = { axis, value: curve.start[axis] };
  return {
    measure: curve.length,
    axes: 1,
    extents: [curve.length],
    plane,
    sphere: undefined,
    curve,
    place: (unit, offset) =>
      Float64Array.from(curve.point(curve.parameterAfter(0, unit[offset] * curve.length))),
    nearest: (point) => Float64Array.from(curve.point(parameterOf(point))),
    normal: (point) => Float64Array.from(curve.normal(parameterOf(point))),
  };
}
