/** 1, cos θ, sin θ, cos 2θ, sin 2θ, … with θ once round on an interval whose ends are the same point. */
import { add, apply, multiply, number, subtract, zero } from '../../expression/build.ts';
import type { Expression } from '../../expression/expression.ts';
import { type Basis, type Interval, scaled } from './basis.ts';

/** The coefficients of the trigonometric polynomial through values at n points of the circle, equidistant. */
export function fourierCoefficients(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const terms = Math.floor((n - 1) / 2);
  return Float64Array.from({ length: 2 * terms + 1 }, (_, i) => {
    const k = Math.ceil(i / 2);
    let sum = 0;
    for (let j = 0; j < n; j++) {
      const angle = (2 * Math.PI * ((k * j) % n)) / n;
      sum += values[j] * (i % 2 === 0 && i > 0 ? Math.sin(angle) : Math.cos(angle));
    }
    return (sum * (i === 0 ? 1 : 2)) / n;
  });
}

interface Waves {
  /** Of 1, cos θ, cos 2θ, … */
  readonly cosines: readonly number[];
  /** Of sin θ, sin 2θ, …, after a 0. */
  readonly sines: readonly number[];
}

export class FourierBasis implements Basis {
  readonly count: number;
  readonly #low: number;
  readonly #frequency: number;

  /** @param terms  waves: there are two functions for each, and the constant */
  constructor({ low, high }: Interval, terms: number) {
    this.count = 2 * terms + 1;
    this.#low = low;
    this.#frequency = (2 * Math.PI) / (high - low);
  }

  #derivative(coefficients: ArrayLike<number>, order: number): Waves {
    const terms = (this.count - 1) / 2;
    let cosines = Array.from({ length: terms + 1 }, (_, k) => coefficients[Math.max(0, 2 * k - 1)]);
    let sines = Array.from({ length: terms + 1 }, (_, k) => (k === 0 ? 0 : coefficients[2 * k]));
    for (let n = 0; n < order; n++)
      [cosines, sines] = [
        sines.map((b, k) => b * k * this.#frequency),
        cosines.map((a, k) => -a * k * this.#frequency + 0),
      ];
    const last = cosines.findLastIndex((a, k) => a !== 0 || sines[k] !== 0);
    return { cosines: cosines.slice(0, last + 1), sines: sines.slice(0, last + 1) };
  }

  evaluator(coefficients: ArrayLike<number>, order: number): (x: number) => number {
    const { cosines, sines } = this.#derivative(coefficients, order);
    return (x) => {
      const angle = (x - this.#low) * this.#frequency;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      let [a, a2, b, b2] = [0, 0, 0, 0];
      for (let k = cosines.length - 1; k >= 1; k--) {
        [a, a2] = [cosines[k] + 2 * c * a - a2, a];
        [b, b2] = [sines[k] + 2 * c * b - b2, b];
      }
      return (cosines[0] ?? 0) + c * a - a2 + s * b;
    };
  }

  /** By Clenshaw's recurrence. */
  series(coefficients: ArrayLike<number>, order: number, x: Expression): Expression {
    const { cosines, sines } = this.#derivative(coefficients, order);
    if (cosines.length <= 1) return number(cosines[0] ?? 0);
    const angle = scaled(x, this.#low, this.#frequency);
    const cosine = apply('cos', [angle]);
    const twice = multiply(number(2), cosine);
    const recur = (c: number, next: Expression, afterNext: Expression): [Expression, Expression] => [
      subtract(add(number(c), multiply(twice, next)), afterNext),
      next,
    ];
    let [a, a2]: [Expression, Expression] = [zero, zero];
    let [b, b2]: [Expression, Expression] = [zero, zero];
    for (let k = cosines.length - 1; k >= 1; k--) {
      [a, a2] = recur(cosines[k], a, a2);
      [b, b2] = recur(sines[k], b, b2);
    }
    const even = subtract(add(number(cosines[0]), multiply(cosine, a)), a2);
    return add(even, multiply(apply('sin', [angle]), b));
  }
}
