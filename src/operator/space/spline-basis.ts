/**
 * Splines through values at knots: cubic ones, twice continuously differentiable, with the same cubic on the first two
 * and on the last two pieces ("not a knot"; de Boor, A Practical Guide to Splines, 2001, ch. IV), or broken lines.
 */
import { add, apply, multiply, number, subtract, zero } from '../../expression/build.ts';
import type { Expression } from '../../expression/expression.ts';
import type { Basis } from './basis.ts';

/** Second derivatives of the cubic spline at its four or more knots. */
function curvatures(t: readonly number[], v: ArrayLike<number>): Float64Array {
  const n = t.length - 1;
  const h = (i: number): number => t[i + 1] - t[i];
  const slope = (i: number): number => (v[i + 1] - v[i]) / h(i);
  // Rows 1 … n − 1 of a tridiagonal system; the conditions at the ends are put into the first and the last.
  const [lower, diagonal, upper, right] = [0, 1, 2, 3].map(() => new Float64Array(n + 1));
  for (let i = 1; i < n; i++) {
    lower[i] = h(i - 1);
    diagonal[i] = 2 * (h(i - 1) + h(i));
    upper[i] = h(i);
    right[i] = 6 * (slope(i) - slope(i - 1));
  }
  const [first, last] = [h(0) / h(1), h(n - 1) / h(n - 2)];
  diagonal[1] += lower[1] * (1 + first);
  upper[1] -= lower[1] * first;
  diagonal[n - 1] += upper[n - 1] * (1 + last);
  lower[n - 1] -= upper[n - 1] * last;
  for (let i = 2; i < n; i++) {
    const factor = lower[i] / diagonal[i - 1];
    diagonal[i] -= factor * upper[i - 1];
    right[i] -= factor * right[i - 1];
  }
  const m = new Float64Array(n + 1);
  m[n - 1] = right[n - 1] / diagonal[n - 1];
  for (let i = n - 2; i >= 1; i--) m[i] = (right[i] - upper[i] * m[i + 1]) / diagonal[i];
  m[0] = (1 + first) * m[1] - first * m[2];
  m[n] = (1 + last) * m[n - 1] - last * m[n - 2];
  return m;
}

/** Whose coefficients are the values at the knots. */
export class SplineBasis implements Basis {
  readonly count: number;

  /** @param knots  ascending; four or more for degree 3, two or more for degree 1 */
  constructor(
    readonly knots: readonly number[],
    readonly degree: 1 | 3 = 3,
  ) {
    this.count = knots.length;
  }

  /** For each power of the distance from a piece's left end its factor on each piece. */
  #pieces(values: ArrayLike<number>, order: number): Float64Array[] {
    const t = this.knots;
    const n = t.length - 1;
    const m = this.degree === 3 ? curvatures(t, values) : new Float64Array(n + 1);
    let powers = [0, 1, 2, 3].map((k) =>
      Float64Array.from({ length: n }, (_, i) => {
        const h = t[i + 1] - t[i];
        if (k === 0) return values[i];
        if (k === 1) return (values[i + 1] - values[i]) / h - (h * (2 * m[i] + m[i + 1])) / 6;
        return k === 2 ? m[i] / 2 : (m[i + 1] - m[i]) / (6 * h);
      }),
    );
    for (let k = 0; k < order; k++) powers = powers.slice(1).map((p, i) => p.map((c) => c * (i + 1)));
    return powers;
  }

  evaluator(values: ArrayLike<number>, order: number): (x: number) => number {
    const t = this.knots;
    const powers = this.#pieces(values, order);
    return (x) => {
      let [low, high] = [0, t.length - 1];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (x < t[middle]) high = middle;
        else low = middle;
      }
      return powers.reduceRight((sum, p) => sum * (x - t[low]) + p[low], 0);
    };
  }

  series(values: ArrayLike<number>, order: number, x: Expression): Expression {
    const t = this.knots;
    const before = t.map((knot) => apply('less', [x, number(knot)]));
    const chosen = (of: ArrayLike<number>, low = 0, high = of.length): Expression => {
      if (high - low === 1) return number(of[low]);
      const middle = (low + high) >> 1;
      return apply('select', [before[middle], chosen(of, low, middle), chosen(of, middle, high)]);
    };
    const distance = subtract(x, chosen(t, 0, t.length - 1));
    return this.#pieces(values, order).reduceRight<Expression>((sum, p) => {
      if (p.every((c) => c === 0)) return multiply(sum, distance);
      return add(multiply(sum, distance), chosen(p));
    }, zero);
  }
}
