/** A plane in space with coordinates of its own. */
import type { Interval } from './primitive.ts';

export type Vector = readonly [number, number, number];

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export interface PlaneFrame {
  readonly origin: Vector;
  /** Of length 1, perpendicular to each other. */
  readonly first: Vector;
  readonly second: Vector;
}

/** The plane on which coordinate `axis` is `value`; its own coordinates are the other two, in order. */
export function coordinatePlane(axis: number, value: number): PlaneFrame {
  const unit = (i: number): Vector => [Number(i === 0), Number(i === 1), Number(i === 2)];
  const origin = unit(axis).map((u) => u * value) as unknown as Vector;
  const [first, second] = [0, 1, 2].filter((i) => i !== axis).map(unit);
  return { origin, first, second };
}

/** The plane through a point perpendicular to a direction of length 1. */
export function planeAcross(origin: Vector, direction: Vector): PlaneFrame {
  const least = [0, 1, 2].reduce((best, i) =>
    Math.abs(direction[i]) < Math.abs(direction[best]) ? i : best,
  );
  const axis: Vector = [Number(least === 0), Number(least === 1), Number(least === 2)];
  const across = cross(direction, axis);
  const length = Math.hypot(...across);
  const first: Vector = [across[0] / length, across[1] / length, across[2] / length];
  return { origin, first, second: cross(direction, first) };
}

/** From the plane's coordinates to space. */
export function toSpace({ origin, first, second }: PlaneFrame, [u, v]: readonly [number, number]): Vector {
  return [
    origin[0] + u * first[0] + v * second[0],
    origin[1] + u * first[1] + v * second[1],
    origin[2] + u * first[2] + v * second[2],
  ];
}

/** Coordinates in the plane of the closest point. */
export function toPlane({ origin, first, second }: PlaneFrame, point: ArrayLike<number>): [number, number] {
  const away = [point[0] - origin[0], point[1] - origin[1], point[2] - origin[2]];
  return [dot(away, first), dot(away, second)];
}

/** The intervals of the two coordinates other than `axis`. */
export function acrossAxis(bounds: readonly Interval[], axis: number): Interval[] {
  return bounds.filter((_, i) => i !== axis);
}
