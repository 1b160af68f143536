import type { Curve } from './curve.ts';

/** A straight line from `start` to `finish`, parameters 0 to 1. */
export class Segment implements Curve {
  readonly kind = 'segment';
  readonly end = 1;
  readonly closed = false;
  readonly start: readonly [number, number];
  readonly direction: readonly [number, number];
  readonly length: number;
  readonly #finish: readonly [number, number];
  readonly #normal: [number, number];

  constructor(start: readonly [number, number], finish: readonly [number, number]) {
    this.start = start;
    this.#finish = finish;
    this.direction = [finish[0] - start[0], finish[1] - start[1]];
    this.length = Math.hypot(...this.direction);
    this.#normal = [this.direction[1] / this.length, -this.direction[0] / this.length];
  }

  point(parameter: number): [number, number] {
    // From the nearer end, so that both ends are exact, and so is a coordinate they share.
    const [from, t] = parameter <= 0.5 ? [this.start, parameter] : [this.#finish, parameter - 1];
    return [from[0] + t * this.direction[0], from[1] + t * this.direction[1]];
  }

  normal(): [number, number] {
    return [...this.#normal];
  }

  lengthBetween(from: number, to: number): number {
    return (to - from) * this.length;
  }

  parameterAfter(from: number, length: number): number {
    return from + length / this.length;
  }

  nearest(point: ArrayLike<number>, from: number, to: number): number {
    return Math.min(to, Math.max(from, this.project(point)));
  }

  /** Parameter of the closest point of the whole line. */
  project(point: ArrayLike<number>): number {
    const [dx, dy] = this.direction;
    return ((point[0] - this.start[0]) * dx + (point[1] - this.start[1]) * dy) / this.length ** 2;
  }

  enclosed(from: number, to: number): number {
    const [p, q] = [this.point(from), this.point(to)];
    return 0.5 * (p[0] * q[1] - p[1] * q[0]);
  }

  bounds(from: number, to: number): [[number, number], [number, number]] {
    const [p, q] = [this.point(from), this.point(to)];
    return [
      [Math.min(p[0], q[0]), Math.max(p[0], q[0])],
      [Math.min(p[1], q[1]), Math.max(p[1], q[1])],
    ];
  }
}
