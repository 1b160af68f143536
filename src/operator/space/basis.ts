import { multiply, number, subtract } from '../../expression/build.ts';
import type { Expression } from '../../expression/expression.ts';

/** Functions of one coordinate, whose combinations are a space of functions. */
export interface Basis {
  /** Number of functions. */
  readonly count: number;
  /** The derivative of the given order of the combination with `count` coefficients. */
  evaluator(coefficients: ArrayLike<number>, order: number): (x: number) => number;
  /** The same as an expression, where `x` is one. */
  series(coefficients: ArrayLike<number>, order: number, x: Expression): Expression;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** (x − shift)·factor. */
export function scaled(x: Expression, shift: number, factor: number): Expression {
  return multiply(number(factor), subtract(x, number(shift)));
}

/** The coefficients without those behind the last that is not zero. */
export function trimmed(coefficients: ArrayLike<number>): number[] {
  const all = Array.from(coefficients);
  return all.slice(0, all.findLastIndex((c) => c !== 0) + 1);
}
