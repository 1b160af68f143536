import { add, multiply, zero } from '../../expression/build.ts';
import type { Expression } from '../../expression/expression.ts';
import type { Basis } from './basis.ts';
import type { FunctionSample } from './function-sample.ts';

/** Σ c_pq φ_p(x) ψ_q(y), or Σ c_p φ_p(x). */
export class SeriesSample implements FunctionSample {
  readonly dimension: number;

  /** @param coefficients  one axis for each basis, row-major */
  constructor(
    readonly bases: readonly Basis[],
    readonly coefficients: Float64Array,
  ) {
    this.dimension = bases.length;
  }

  /** The coefficients along x that belong to the q-th function of y. */
  #column(q: number): Float64Array {
    const [{ count: rows }, { count: columns }] = this.bases;
    return Float64Array.from({ length: rows }, (_, p) => this.coefficients[p * columns + q]);
  }

  values(points: Float64Array, order: readonly number[] = [0, 0]): Float64Array {
    const [first, second] = this.bases;
    if (second === undefined) return points.map(first.evaluator(this.coefficients, order[0]));
    const result = new Float64Array(points.length / 2);
    for (let q = 0; q < second.count; q++) {
      const column = this.#column(q);
      if (column.every((c) => c === 0)) continue;
      const [along, across] = [
        first.evaluator(column, order[0]),
        second.evaluator(unit(q, second.count), order[1]),
      ];
      for (let n = 0; n < result.length; n++) result[n] += along(points[2 * n]) * across(points[2 * n + 1]);
    }
    return result;
  }

  expression([x, y]: readonly Expression[], order: readonly number[] = [0, 0]): Expression {
    const [first, second] = this.bases;
    if (second === undefined) return first.series(this.coefficients, order[0], x);
    let sum: Expression = zero;
    for (let q = 0; q < second.count; q++)
      sum = add(
        sum,
        multiply(
          first.series(this.#column(q), order[0], x),
          second.series(unit(q, second.count), order[1], y),
        ),
      );
    return sum;
  }
}

function unit(q: number, count: number): Float64Array {
  const result = new Float64Array(count);
  result[q] = 1;
  return result;
}
