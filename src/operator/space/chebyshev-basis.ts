/** Chebyshev polynomials T_0 … T_{n−1} on an interval; Trefethen, Approximation Theory and Approximation Practice (2013). */
import { add, multiply, number, subtract, zero } from '../../expression/build.ts';
import type { Expression } from '../../expression/expression.ts';
import { type Basis, type Interval, scaled, trimmed } from './basis.ts';

/** n ≥ 2 extrema of T_{n−1} on the interval, ascending. */
export function chebyshevNodes({ low, high }: Interval, n: number): number[] {
  // The sine is exactly odd about the centre, as a cosine would not be.
  return Array.from({ length: n }, (_, j) => {
    const share = Math.sin((Math.PI * (2 * j - n + 1)) / (2 * (n - 1)));
    return j === 0 ? low : j === n - 1 ? high : (low + high) / 2 + ((high - low) / 2) * share;
  });
}

/** The coefficients of the polynomial through values at the n nodes. */
export function chebyshevCoefficients(values: ArrayLike<number>): Float64Array {
  const m = values.length - 1;
  return Float64Array.from({ length: m + 1 }, (_, k) => {
    let sum = 0;
    for (let j = 0; j <= m; j++) {
      const half = j === 0 || j === m ? 0.5 : 1;
      // Reduced to one period, where the cosine is most exact; the nodes ascend.
      sum += half * values[j] * Math.cos((Math.PI * ((k * (m - j)) % (2 * m))) / m);
    }
    return (sum * (k === 0 || k === m ? 1 : 2)) / m;
  });
}

function differentiated(coefficients: readonly number[], factor: number): number[] {
  const n = coefficients.length;
  const result = new Array<number>(Math.max(n - 1, 0)).fill(0);
  for (let k = n - 1; k >= 1; k--) result[k - 1] = (result[k + 1] ?? 0) + 2 * k * coefficients[k];
  if (n > 1) result[0] /= 2;
  return result.map((c) => c * factor);
}

export class ChebyshevBasis implements Basis {
  readonly #center: number;
  readonly #factor: number;

  constructor(
    { low, high }: Interval,
    readonly count: number,
  ) {
    this.#center = (low + high) / 2;
    this.#factor = 2 / (high - low);
  }

  #derivative(coefficients: ArrayLike<number>, order: number): number[] {
    let result = trimmed(coefficients);
    for (let k = 0; k < order; k++) result = differentiated(result, this.#factor);
    return result;
  }

  evaluator(coefficients: ArrayLike<number>, order: number): (x: number) => number {
    const c = this.#derivative(coefficients, order);
    return (x) => {
      const s = (x - this.#center) * this.#factor;
      let [next, afterNext] = [0, 0];
      for (let k = c.length - 1; k >= 1; k--) [next, afterNext] = [c[k] + 2 * s * next - afterNext, next];
      return (c[0] ?? 0) + s * next - afterNext;
    };
  }

  /** By Clenshaw's recurrence. */
  series(coefficients: ArrayLike<number>, order: number, x: Expression): Expression {
    const c = this.#derivative(coefficients, order);
    const s = scaled(x, this.#center, this.#factor);
    const twice = multiply(number(2), s);
    let [next, afterNext]: [Expression, Expression] = [zero, zero];
    for (let k = c.length - 1; k >= 1; k--)
      [next, afterNext] = [subtract(add(number(c[k]), multiply(twice, next)), afterNext), next];
    return subtract(add(number(c[0] ?? 0), multiply(s, next)), afterNext);
  }
}
