import { apply, sum } from '../../expression/build.ts';
import { differentiate } from '../../expression/differentiate.ts';
import { evaluateProgram } from '../../expression/evaluate.ts';
import { type Expression, substitute } from '../../expression/expression.ts';
import { compileProgram } from '../../expression/program.ts';
import type { FunctionSample } from './function-sample.ts';

/** A function given by an expression in coordinates alone. */
export class ExpressionSample implements FunctionSample {
  readonly dimension: number;

  /** @param positions  of its coordinates in the expression, in order */
  constructor(
    private readonly formula: Expression,
    private readonly positions: readonly number[],
  ) {
    this.dimension = positions.length;
  }

  #derivative(order: readonly number[] | undefined): Expression {
    let result = this.formula;
    this.positions.forEach((position, i) => {
      for (let k = 0; k < (order?.[i] ?? 0); k++) result = differentiate(result, position);
    });
    return result;
  }

  values(points: Float64Array, order?: readonly number[]): Float64Array {
    const k = this.dimension;
    const count = k === 0 ? 1 : points.length / k;
    const program = compileProgram([this.#derivative(order)]);
    const columns = program.inputs.map((leaf) => {
      const axis = leaf.kind === 'coordinate' ? this.positions.indexOf(leaf.index) : -1;
      return Float64Array.from({ length: count }, (_, n) => points[n * k + axis]);
    });
    return evaluateProgram(program, columns, count)[0];
  }

  expression(coordinates: readonly Expression[], order?: readonly number[]): Expression {
    return substitute(
      this.#derivative(order),
      (leaf) => (leaf.kind === 'coordinate' ? coordinates[this.positions.indexOf(leaf.index)] : leaf),
      apply,
    );
  }
}

/** The sum of functions of the same coordinates. */
export class SumSample implements FunctionSample {
  readonly dimension: number;

  constructor(private readonly parts: readonly FunctionSample[]) {
    this.dimension = parts[0].dimension;
  }

  values(points: Float64Array, order?: readonly number[]): Float64Array {
    return this.parts
      .map((part) => part.values(points, order))
      .reduce((total, values) => total.map((value, n) => value + values[n]));
  }

  expression(coordinates: readonly Expression[], order?: readonly number[]): Expression {
    return sum(this.parts.map((part) => part.expression(coordinates, order)));
  }
}
