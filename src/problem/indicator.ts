/** The indicator of a shape as an expression: comparisons in the coordinates, so that every solver can evaluate it. */
import { add, apply, multiply, number, one, power, product, subtract, sum } from '../expression/build.ts';
import type { Expression } from '../expression/expression.ts';
import type { ShapeDefinition } from '../geometry/shape.ts';

const square = (x: Expression): Expression => power(x, number(2));
const atMost = (a: Expression, b: Expression): Expression => apply('lessEqual', [a, b]);
const not = (x: Expression): Expression => apply('not', [x]);

/** Σ ((x_i − c_i)/r_i)² ≤ 1. */
function inEllipsoid(offsets: readonly Expression[], radii: readonly number[]): Expression {
  return atMost(sum(offsets.map((offset, i) => square(multiply(number(1 / radii[i]), offset)))), one);
}

/**
 * Whether a ray to the right meets an odd number of edges (Shimrat, Algorithm 112, Commun. ACM 5, 1962). Edges hold
 * their lower ends only, so that a ray through a corner counts once.
 */
function inPolygon(
  corners: readonly (readonly [number, number])[],
  [x, y]: readonly Expression[],
): Expression {
  const crossings = corners.map(([x0, y0], k): Expression => {
    const [x1, y1] = corners[(k + 1) % corners.length];
    if (y0 === y1) return number(0);
    const low = number(Math.min(y0, y1));
    const high = number(Math.max(y0, y1));
    const crossed = multiply(atMost(low, y), apply('less', [y, high]));
    const meeting = add(number(x0), multiply(number((x1 - x0) / (y1 - y0)), subtract(y, number(y0))));
    return multiply(crossed, apply('less', [x, meeting]));
  });
  const count = sum(crossings);
  const half = multiply(number(0.5), count);
  return apply('less', [apply('floor', [half]), half]);
}

/**
 * 1 inside the shape, 0 outside it. On the boundary it is one or the other, as rounding will have it.
 *
 * @param coordinates  what stands for the shape's coordinates
 */
export function indicatorOf(definition: ShapeDefinition, coordinates: readonly Expression[]): Expression {
  const of = (inner: ShapeDefinition): Expression => indicatorOf(inner, coordinates);
  const from = (center: readonly number[]): Expression[] =>
    coordinates.map((x, i) => subtract(x, number(center[i])));
  if ('interval' in definition || 'box' in definition) {
    const intervals = 'box' in definition ? definition.box : [definition.interval];
    return product(
      intervals.flatMap(([low, high], i) => [
        atMost(number(low), coordinates[i]),
        atMost(coordinates[i], number(high)),
      ]),
    );
  }
  if ('disk' in definition || 'ball' in definition) {
    const { center, radius } = 'disk' in definition ? definition.disk : definition.ball;
    return inEllipsoid(
      from(center),
      coordinates.map(() => radius),
    );
  }
  if ('ellipse' in definition) {
    const { center, radii, angle = 0 } = definition.ellipse;
    const [x, y] = from(center);
    const [c, s] = [number(Math.cos(angle)), number(Math.sin(angle))];
    const along = add(multiply(c, x), multiply(s, y));
    const across = subtract(multiply(c, y), multiply(s, x));
    return inEllipsoid([along, across], radii);
  }
  if ('polygon' in definition) return inPolygon(definition.polygon, coordinates);
  if ('intersection' in definition) return product(definition.intersection.map(of));
  if ('union' in definition) return not(product(definition.union.map((inner) => not(of(inner)))));
  const [first, ...others] = definition.difference;
  return product([of(first), ...others.map((other) => not(of(other)))]);
}
