import type { Face, Interval, Primitive } from './primitive.ts';
import { Segment } from './segment.ts';

function product(values: readonly number[]): number {
  return values.reduce((p, v) => p * v, 1);
}

function boxFace(bounds: readonly Interval[], axis: number, side: -1 | 1): Face {
  const value = side < 0 ? bounds[axis].low : bounds[axis].high;
  const others = bounds.map((_, i) => i).filter((i) => i !== axis);
  const extents = others.map((i) => bounds[i].high - bounds[i].low);
  return {
    measure: product(extents),
    axes: others.length,
    extents,
    plane: { axis, value },
    sphere: undefined,
    curve: bounds.length === 2 ? edge(bounds, axis, side) : undefined,
    place: (unit, offset) => {
      const point = new Float64Array(bounds.length).fill(value);
      others.forEach((i, n) => {
        point[i] = bounds[i].low + unit[offset + n] * extents[n];
      });
      return point;
    },
    nearest: (point) =>
      Float64Array.from(bounds, ({ low, high }, i) =>
        i === axis ? value : Math.min(high, Math.max(low, point[i])),
      ),
    normal: () => Float64Array.from(bounds, (_, i) => (i === axis ? side : 0)),
  };
}

function edge([x, y]: readonly Interval[], axis: number, side: -1 | 1): Segment {
  if (axis === 0)
    return side > 0
      ? new Segment([x.high, y.low], [x.high, y.high])
      : new Segment([x.low, y.high], [x.low, y.low]);
  return side > 0
    ? new Segment([x.high, y.high], [x.low, y.high])
    : new Segment([x.low, y.low], [x.high, y.low]);
}

/** A box in any number of dimensions; in one, an interval. Its faces are parts of their own. */
export function box(bounds: readonly Interval[]): Primitive {
  const extents = bounds.map(({ low, high }) => high - low);
  const signedDistance = (point: ArrayLike<number>): number => {
    let outside = 0;
    let inside = Number.NEGATIVE_INFINITY;
    bounds.forEach(({ low, high }, i) => {
      const beyond = Math.max(low - point[i], point[i] - high);
      if (beyond > 0) outside = Math.hypot(outside, beyond);
      inside = Math.max(inside, beyond);
    });
    return outside > 0 ? outside : inside;
  };
  return {
    dimension: bounds.length,
    bounds,
    measure: product(extents),
    faces: bounds.flatMap((_, axis) => [boxFace(bounds, axis, -1), boxFace(bounds, axis, 1)]),
    level: signedDistance,
    signedDistance,
    interior: {
      axes: bounds.length,
      extents,
      place: (unit, offset) => Float64Array.from(bounds, ({ low }, i) => low + unit[offset + i] * extents[i]),
    },
  };
}
