import type { Expression } from '../../expression/expression.ts';

/** One function of an input's coordinates: a draw of it, or what a person gives for it. */
export interface FunctionSample {
  /** Number of coordinates; 0: a number. */
  readonly dimension: number;
  /**
   * Values, or those of a partial derivative, at points.
   *
   * @param points  (N, dimension), row-major; of a number of coordinates 0 one value
   * @param order   one entry for each coordinate; default: none
   */
  values(points: Float64Array, order?: readonly number[]): Float64Array;
  /** The same as an expression, given one for each coordinate. */
  expression(coordinates: readonly Expression[], order?: readonly number[]): Expression;
}
