/**
 * Cubic splines on equidistant knots as expressions in one coordinate: Σ_k c_k B((x − x_k)/h) with the cardinal
 * B-spline B. De Boor, A Practical Guide to Splines (2001), ch. IX–X; P-splines: Eilers & Marx, Statistical
 * Science 11 (1996), 89–121.
 */
import { add, apply, multiply, negate, number, power, subtract, sum, unknown } from '../expression/build.ts';
import type { CoordinateNode, Expression } from '../expression/expression.ts';

export interface CubicSpline {
  /** Names of the coefficients; there are three more than intervals. */
  readonly coefficients: readonly string[];
  /** The spline in the coordinate and its coefficients, which stand in it as unknowns. */
  readonly expression: Expression;
}

/** B(x) = (max(2 − |x|, 0)³ − 4 max(1 − |x|, 0)³)/6. */
function cardinal(x: Expression): Expression {
  // The derivative of `abs` is 0 at 0, where the square of the slope has to be 1.
  const distance = apply('max', [x, negate(x)]);
  const truncated = (width: number): Expression =>
    power(apply('max', [subtract(number(width), distance), number(0)]), number(3));
  return add(multiply(number(1 / 6), truncated(2)), multiply(number(-4 / 6), truncated(1)));
}

export function cubicSpline(
  name: string,
  coordinate: CoordinateNode,
  { low, high }: { readonly low: number; readonly high: number },
  intervals: number,
): CubicSpline {
  const spacing = (high - low) / intervals;
  const coefficients = Array.from({ length: intervals + 3 }, (_, k) => `${name}[${k}]`);
  const place = multiply(number(1 / spacing), subtract(coordinate, number(low)));
  return {
    coefficients,
    expression: sum(
      coefficients.map((c, k) => multiply(unknown(c), cardinal(subtract(place, number(k - 1))))),
    ),
  };
}

/**
 * The matrix Ω, (K, K) row-major, with cᵀΩc the mean over the interval of the squared second derivative of the
 * spline, the interval mapped to [−1, 1]. The second derivative is linear between knots, so this is exact.
 */
export function meanSquareCurvature(intervals: number): Float64Array {
  const size = intervals + 3;
  const spacing = 2 / intervals;
  const matrix = new Float64Array(size * size);
  const difference = [1, -2, 1];
  const addProduct = (i: number, j: number, factor: number): void => {
    difference.forEach((a, p) => {
      difference.forEach((b, q) => {
        matrix[(i + p) * size + j + q] += factor * a * b;
      });
    });
  };
  const factor = spacing ** -4 / (6 * intervals);
  for (let i = 0; i < intervals; i++) {
    addProduct(i, i, 2 * factor);
    addProduct(i + 1, i + 1, 2 * factor);
    addProduct(i, i + 1, factor);
    addProduct(i + 1, i, factor);
  }
  return matrix;
}
