/**
 * Functions that vanish on the boundary of a shape, as expressions: R-functions of those of its primitives (Rvachev;
 * Shapiro, Acta Numerica 16, 2007). They are smooth wherever no two of the joined boundaries meet.
 */
import {
  add,
  apply,
  coordinate,
  divide,
  multiply,
  negate,
  number,
  power,
  product,
  subtract,
  sum,
} from '../../expression/build.ts';
import type { Expression } from '../../expression/expression.ts';
import type { ShapeDefinition } from '../../geometry/shape.ts';
import type { Problem } from '../problem.ts';

/**
 * One of several functions, all positive inside a shape, whose zeros make up its boundary. Each has the right sign
 * everywhere and grows from its zeros like a distance.
 */
export interface Level {
  readonly level: Expression;
  /** It grows without bound: what lies inside is what is left around a hole. */
  readonly unbounded: boolean;
}

type Point = readonly [number, number];

const square = (x: Expression): Expression => power(x, number(2));
const root = (x: Expression): Expression => apply('sqrt', [x]);

/** Positive where both are. */
function both(a: Expression, b: Expression): Expression {
  return subtract(add(a, b), root(add(square(a), square(b))));
}

/** Positive where one of them is. */
function either(a: Expression, b: Expression): Expression {
  return add(add(a, b), root(add(square(a), square(b))));
}

/** Levels of shapes in the coordinates of a problem's space. */
export class Levels {
  readonly #coordinates: readonly Expression[];

  constructor({ coordinates }: Problem, positions: readonly number[]) {
    this.#coordinates = positions.map((i) => coordinate(coordinates[i].name, i));
  }

  /** The shape is where all of them are positive. */
  of(shape: ShapeDefinition): Level[] {
    if ('difference' in shape) {
      const [first, ...others] = shape.difference;
      return [...this.of(first), ...others.flatMap((other) => this.#around(other))];
    }
    if ('intersection' in shape) return shape.intersection.flatMap((member) => this.of(member));
    if ('union' in shape) return [{ level: this.#signed(shape), unbounded: false }];
    return this.#sides(shape).map((level) => ({ level, unbounded: false }));
  }

  #around(shape: ShapeDefinition): Level[] {
    if ('union' in shape) return shape.union.flatMap((member) => this.#around(member));
    return [{ level: negate(this.#signed(shape)), unbounded: true }];
  }

  /** One function that is positive in the shape alone. */
  #signed(shape: ShapeDefinition): Expression {
    if ('union' in shape) return shape.union.map((member) => this.#signed(member)).reduce(either);
    if ('intersection' in shape) return shape.intersection.map((member) => this.#signed(member)).reduce(both);
    if ('difference' in shape)
      return shape.difference
        .map((member, i) => (i === 0 ? this.#signed(member) : negate(this.#signed(member))))
        .reduce(both);
    return this.#sides(shape).reduce(both);
  }

  /** Of a primitive. */
  #sides(shape: ShapeDefinition): Expression[] {
    const x = this.#coordinates;
    if ('interval' in shape || 'box' in shape) {
      const intervals = 'interval' in shape ? [shape.interval] : shape.box;
      return intervals.flatMap(([low, high], i) => [
        subtract(x[i], number(low)),
        subtract(number(high), x[i]),
      ]);
    }
    if ('polygon' in shape) return this.#polygon(shape.polygon as readonly Point[]);
    if ('ellipse' in shape) {
      const { center, radii, angle = 0 } = shape.ellipse;
      const [dx, dy] = center.map((c, i) => subtract(x[i], number(c)));
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const along = add(multiply(number(c), dx), multiply(number(s), dy));
      const across = subtract(multiply(number(c), dy), multiply(number(s), dx));
      const size = number(Math.min(...radii) / 2);
      const ratio = add(
        square(multiply(number(1 / radii[0]), along)),
        square(multiply(number(1 / radii[1]), across)),
      );
      return [multiply(size, subtract(number(1), ratio))];
    }
    const ball =
      'disk' in shape ? shape.disk : (shape as { ball: { center: number[]; radius: number } }).ball;
    const { center, radius } = ball;
    const squares = sum(center.map((c, i) => square(subtract(x[i], number(c)))));
    return [multiply(number(0.5 / radius), subtract(number(radius * radius), squares))];
  }

  /** Positive to the left of the line from one point to the other, as far as the distance from it. */
  #leftOf([ax, ay]: Point, [bx, by]: Point): Expression {
    const [x, y] = this.#coordinates;
    const length = Math.hypot(bx - ax, by - ay);
    return add(
      multiply(number((ay - by) / length), subtract(x, number(ax))),
      multiply(number((bx - ax) / length), subtract(y, number(ay))),
    );
  }

  /**
   * A polygon as a formula in which each side stands once: the chains between corners of its hull one by one, pockets
   * in the same way with inside and outside exchanged (Dobkin, Guibas, Hershberger & Snoeyink, Computer Graphics 22,
   * 1988).
   */
  #polygon(corners: readonly Point[]): Expression[] {
    const area = corners.reduce((total, [x, y], i) => {
      const [nextX, nextY] = corners[(i + 1) % corners.length];
      return total + x * nextY - nextX * y;
    }, 0);
    const ring = area > 0 ? [...corners] : [...corners].reverse();
    const hull = onHull(ring, 1, true);
    const start = hull.indexOf(true);
    const turned = [...ring.slice(start), ...ring.slice(0, start), ring[start]];
    const marks = [...hull.slice(start), ...hull.slice(0, start), true];
    return chains(turned, marks).map((chain) => this.#chain(chain, -1));
  }

  #chain(chain: readonly Point[], turn: 1 | -1): Expression {
    if (chain.length === 2) return this.#leftOf(chain[0], chain[1]);
    const parts = chains(chain, onHull(chain, turn, false)).map((own) =>
      this.#chain(own, turn === 1 ? -1 : 1),
    );
    return parts.reduce(turn === 1 ? both : either);
  }
}

/**
 * Which points of a chain lie on its convex hull, those along its edges included; for a chain that is open the first
 * and the last do.
 *
 * @param turn  1 where the chain turns left around its hull, −1 where it turns right
 */
function onHull(chain: readonly Point[], turn: 1 | -1, closed: boolean): boolean[] {
  const size = Math.max(...chain.flatMap(([x, y]) => [Math.abs(x - chain[0][0]), Math.abs(y - chain[0][1])]));
  return chain.map((point, i) => {
    if (!closed && (i === 0 || i === chain.length - 1)) return true;
    // On the hull where some line through the point leaves all others on one side: that along an edge of the hull.
    return chain.some((other, j) => {
      if (j === i || (other[0] === point[0] && other[1] === point[1])) return false;
      const sign = j > i || closed ? 1 : -1;
      const [dx, dy] = [sign * (other[0] - point[0]), sign * (other[1] - point[1])];
      const sides = chain.map(([x, y]) => turn * (dx * (y - point[1]) - dy * (x - point[0])));
      const least = Math.min(...sides);
      return least >= -1e-12 * size * size && (closed || !isLid(chain, i, j));
    });
  });
}

/** Whether the line through two points is the one that closes an open chain. */
function isLid(chain: readonly Point[], i: number, j: number): boolean {
  const [a, b] = [chain[0], chain[chain.length - 1]];
  const cross = (p: Point): number => (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
  const size = Math.hypot(b[0] - a[0], b[1] - a[1]) ** 2;
  return Math.abs(cross(chain[i])) <= 1e-12 * size && Math.abs(cross(chain[j])) <= 1e-12 * size;
}

/** The stretches between marked points. */
function chains(points: readonly Point[], marks: readonly boolean[]): Point[][] {
  const result: Point[][] = [];
  points.forEach((point, i) => {
    result.at(-1)?.push(point);
    if (marks[i] && i < points.length - 1) result.push([point]);
  });
  return result;
}

/** More factors than these in a product leave little of it in the middle: each then levels off. */
const fewFactors = 4;

/**
 * A function that vanishes where one of the levels does, and is positive elsewhere inside.
 *
 * @param size  the length over which levels that level off do
 */
export function productOfLevels(levels: readonly Level[], size: number): Expression {
  const leveled = levels.length > fewFactors;
  return product(
    levels.map(({ level, unbounded }) =>
      leveled || unbounded
        ? divide(level, root(add(number(size * size), square(level))))
        : multiply(number(1 / size), level),
    ),
  );
}
