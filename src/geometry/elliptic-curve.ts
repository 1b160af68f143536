import type { Curve } from './curve.ts';
import { trigonometricRoots } from './trigonometric-roots.ts';

const turn = 2 * Math.PI;
const panels = 64;
/** Gauss–Legendre with five nodes, on [−1, 1]. */
const nodes = [
  [0, 128 / 225],
  ...[-1, 1].flatMap((side) => [
    [(side / 3) * Math.sqrt(5 - 2 * Math.sqrt(10 / 7)), (322 + 13 * Math.sqrt(70)) / 900],
    [(side / 3) * Math.sqrt(5 + 2 * Math.sqrt(10 / 7)), (322 - 13 * Math.sqrt(70)) / 900],
  ]),
];

/** An ellipse (a circle where both radii are equal); the parameter is the eccentric angle, 0 to 2π. */
export class EllipticCurve implements Curve {
  readonly kind = 'ellipse';
  readonly end = turn;
  readonly closed = true;
  readonly length: number;
  readonly center: readonly [number, number];
  /** The half axes as vectors: the point at θ is center + cos θ · first + sin θ · second. */
  readonly first: readonly [number, number];
  readonly second: readonly [number, number];
  readonly radii: readonly [number, number];
  /** Lengths from angle 0 to the ends of the panels; none for a circle. */
  readonly #lengths: Float64Array | undefined;

  constructor(center: readonly [number, number], radii: readonly [number, number], angle: number) {
    this.center = center;
    this.radii = radii;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    this.first = [radii[0] * c, radii[0] * s];
    this.second = [-radii[1] * s, radii[1] * c];
    if (radii[0] !== radii[1]) {
      this.#lengths = new Float64Array(panels + 1);
      for (let i = 0; i < panels; i++)
        this.#lengths[i + 1] = this.#lengths[i] + this.#panel((i * turn) / panels, ((i + 1) * turn) / panels);
    }
    this.length = this.#lengths?.[panels] ?? turn * radii[0];
  }

  #speed(angle: number): number {
    return Math.hypot(this.radii[0] * Math.sin(angle), this.radii[1] * Math.cos(angle));
  }

  #panel(from: number, to: number): number {
    const half = 0.5 * (to - from);
    return nodes.reduce((sum, [x, w]) => sum + half * w * this.#speed(from + half * (1 + x)), 0);
  }

  /** Length from angle 0, for any angle. */
  #lengthAt(angle: number): number {
    const turns = Math.floor(angle / turn);
    const rest = angle - turns * turn;
    const i = Math.min(panels - 1, Math.floor((rest / turn) * panels));
    return turns * this.length + this.#lengths![i] + this.#panel((i * turn) / panels, rest);
  }

  point(angle: number): [number, number] {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return [
      this.center[0] + c * this.first[0] + s * this.second[0],
      this.center[1] + c * this.first[1] + s * this.second[1],
    ];
  }

  normal(angle: number): [number, number] {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const x = c * this.second[1] - s * this.first[1];
    const y = s * this.first[0] - c * this.second[0];
    const length = Math.hypot(x, y);
    return [x / length, y / length];
  }

  lengthBetween(from: number, to: number): number {
    if (this.#lengths === undefined) return this.radii[0] * (to - from);
    return this.#lengthAt(to) - this.#lengthAt(from);
  }

  parameterAfter(from: number, length: number): number {
    if (this.#lengths === undefined) return from + length / this.radii[0];
    const target = this.#lengthAt(from) + length;
    let angle = from + (length / this.length) * turn;
    for (let iteration = 0; iteration < 50; iteration++) {
      const change = (this.#lengthAt(angle) - target) / this.#speed(angle);
      angle -= Math.max(-0.5, Math.min(0.5, change));
      if (Math.abs(change) < 1e-14) break;
    }
    return angle;
  }

  /** The eccentric angle, in [0, 2π), of the point's direction in the ellipse's own frame. */
  angleOf(point: ArrayLike<number>): number {
    const [x, y] = this.frame(point);
    const angle = Math.atan2(y, x);
    return angle < 0 ? angle + turn : angle;
  }

  /** Coordinates in which the ellipse is the unit circle. */
  frame(point: ArrayLike<number>): [number, number] {
    const [dx, dy] = [point[0] - this.center[0], point[1] - this.center[1]];
    return this.frameDirection([dx, dy]);
  }

  frameDirection(direction: readonly [number, number]): [number, number] {
    const [a, b] = this.radii;
    return [
      (direction[0] * this.first[0] + direction[1] * this.first[1]) / (a * a),
      (direction[0] * this.second[0] + direction[1] * this.second[1]) / (b * b),
    ];
  }

  nearest(point: ArrayLike<number>, from: number, to: number): number {
    const [a, b] = this.radii;
    const [x, y] = this.frame(point);
    // Half the derivative of the squared distance: (b² − a²) sin θ cos θ + a² x sin θ − b² y cos θ.
    const candidates =
      a === b
        ? [Math.atan2(y, x)]
        : trigonometricRoots({ a0: 0, a1: -b * b * y, b1: a * a * x, a2: 0, b2: 0.5 * (b * b - a * a) });
    const whole = to - from >= turn;
    let best = from;
    let least = Number.POSITIVE_INFINITY;
    const offer = (angle: number): void => {
      const p = this.point(angle);
      const distance = Math.hypot(p[0] - point[0], p[1] - point[1]);
      if (distance < least) [best, least] = [angle, distance];
    };
    if (!whole || candidates.length === 0) {
      offer(from);
      offer(to);
    }
    for (const candidate of candidates) {
      const angle = from + ((((candidate - from) % turn) + turn) % turn);
      if (whole || angle <= to) offer(angle);
    }
    return best;
  }

  enclosed(from: number, to: number): number {
    const [p, q] = [this.point(from), this.point(to)];
    const [cx, cy] = this.center;
    return 0.5 * (this.radii[0] * this.radii[1] * (to - from) + cx * (q[1] - p[1]) - cy * (q[0] - p[0]));
  }

  bounds(from: number, to: number): [[number, number], [number, number]] {
    const range = (axis: 0 | 1): [number, number] => {
      const top = Math.atan2(this.second[axis], this.first[axis]);
      const reach = Math.hypot(this.first[axis], this.second[axis]);
      const within = (angle: number): boolean => (((angle - from) % turn) + turn) % turn <= to - from;
      const ends = [this.point(from)[axis], this.point(to)[axis]];
      return [
        within(top + Math.PI) ? this.center[axis] - reach : Math.min(...ends),
        within(top) ? this.center[axis] + reach : Math.max(...ends),
      ];
    };
    return [range(0), range(1)];
  }
}
