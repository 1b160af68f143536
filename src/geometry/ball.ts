import { box } from './box.ts';
import { curveFace } from './curve-face.ts';
import { EllipticCurve } from './elliptic-curve.ts';
import type { Face, Primitive } from './primitive.ts';

/** Volume of the unit ball: V_d = V_{d−2} 2π/d. */
export function unitBallVolume(dimension: number): number {
  if (dimension === 0) return 1;
  return dimension === 1 ? 2 : (unitBallVolume(dimension - 2) * 2 * Math.PI) / dimension;
}

/** Normal deviates from pairs of numbers in (0, 1) (Box & Muller, Ann. Math. Statist. 29, 1958), as a direction. */
function direction(unit: ArrayLike<number>, offset: number, dimension: number): Float64Array {
  const point = Float64Array.from({ length: dimension }, (_, i) => {
    const [u, v] = [unit[offset + i - (i % 2)], unit[offset + i - (i % 2) + 1]];
    const radius = Math.sqrt(-2 * Math.log(Math.max(u, 1e-300)));
    return radius * (i % 2 === 0 ? Math.cos(2 * Math.PI * v) : Math.sin(2 * Math.PI * v));
  });
  const length = Math.hypot(...point);
  return point.map((x) => x / length);
}

function sphere(center: readonly number[], radius: number): Face {
  const dimension = center.length;
  const measure = dimension * unitBallVolume(dimension) * radius ** (dimension - 1);
  const normal = (point: ArrayLike<number>): Float64Array => {
    const away = Float64Array.from(center, (c, i) => point[i] - c);
    const length = Math.hypot(...away);
    if (length === 0) return Float64Array.from(center, (_, i) => (i === 0 ? 1 : 0));
    return away.map((x) => x / length);
  };
  const onSphere = (away: Float64Array): Float64Array => away.map((x, i) => center[i] + radius * x);
  const solid = dimension === 3;
  const axes = solid ? 2 : 2 * Math.ceil(dimension / 2);
  return {
    measure,
    axes,
    extents: solid ? [2 * radius, 2 * Math.PI * radius] : Array(axes).fill(radius),
    plane: undefined,
    sphere: { center, radius },
    curve: undefined,
    place: (unit, offset) => {
      if (!solid) return onSphere(direction(unit, offset, dimension));
      // Archimedes: equal slices of the axis cut equal areas.
      const z = 1 - 2 * unit[offset];
      const rho = Math.sqrt(Math.max(0, 1 - z * z));
      const angle = 2 * Math.PI * unit[offset + 1];
      return onSphere(Float64Array.of(rho * Math.cos(angle), rho * Math.sin(angle), z));
    },
    nearest: (point) => onSphere(normal(point)),
    normal,
  };
}

/** A ball in any number of dimensions: an interval, a disk, a ball. */
export function ball(center: readonly number[], radius: number): Primitive {
  const dimension = center.length;
  const bounds = center.map((c) => ({ low: c - radius, high: c + radius }));
  if (dimension === 1) return box(bounds);
  const signedDistance = (point: ArrayLike<number>): number => {
    let square = 0;
    for (let i = 0; i < dimension; i++) square += (point[i] - center[i]) ** 2;
    return Math.sqrt(square) - radius;
  };
  const circle = (): Face => curveFace(new EllipticCurve([center[0], center[1]], [radius, radius], 0));
  const axes = 2 * Math.ceil(dimension / 2) + 1;
  return {
    dimension,
    bounds,
    measure: unitBallVolume(dimension) * radius ** dimension,
    faces: [dimension === 2 ? circle() : sphere(center, radius)],
    level: signedDistance,
    signedDistance,
    // A ball fills ever less of its cube.
    interior:
      dimension <= 3
        ? undefined
        : {
            axes,
            extents: Array(axes).fill(radius),
            place: (unit, offset) => {
              const reach = radius * unit[offset + axes - 1] ** (1 / dimension);
              return direction(unit, offset, dimension).map((x, i) => center[i] + reach * x);
            },
          },
  };
}
