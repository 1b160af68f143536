/** 1, s, s², … with s from 0 to 1 along an interval. */
import { add, multiply, number } from '../../expression/build.ts';
import type { Expression } from '../../expression/expression.ts';
import { type Basis, type Interval, scaled, trimmed } from './basis.ts';

export class PowerBasis implements Basis {
  readonly #low: number;
  readonly #factor: number;

  constructor(
    { low, high }: Interval,
    readonly count: number,
  ) {
    this.#low = low;
    this.#factor = 1 / (high - low);
  }

  #derivative(coefficients: ArrayLike<number>, order: number): number[] {
    let result = trimmed(coefficients);
    for (let n = 0; n < order; n++) result = result.slice(1).map((c, k) => (k + 1) * c * this.#factor);
    return result;
  }

  evaluator(coefficients: ArrayLike<number>, order: number): (x: number) => number {
    const c = this.#derivative(coefficients, order);
    return (x) => c.reduceRight((sum, term) => sum * (x - this.#low) * this.#factor + term, 0);
  }

  /** By Horner's rule. */
  series(coefficients: ArrayLike<number>, order: number, x: Expression): Expression {
    const s = scaled(x, this.#low, this.#factor);
    return this.#derivative(coefficients, order).reduceRight<Expression>(
      (sum, term) => add(multiply(sum, s), number(term)),
      number(0),
    );
  }
}
