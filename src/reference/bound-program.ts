import { runnableProgram } from '../expression/evaluate.ts';
import type { Expression, Leaf } from '../expression/expression.ts';
import { compileProgram } from '../expression/program.ts';

/** Values of expressions as a function of one flat vector that holds the values of all leaves. */
export type BoundProgram = (values: Float64Array, outputs: Float64Array) => void;

/**
 * Compiles expressions and ties each leaf to a place in a flat vector of values.
 *
 * @param position where the leaf's value stands in the vector; throws for a leaf that has no place there
 */
export function bindProgram(
  expressions: readonly Expression[],
  position: (leaf: Leaf) => number,
): BoundProgram {
  const program = compileProgram(expressions);
  const positions = Int32Array.from(program.inputs, position);
  const run = runnableProgram(program);
  const inputs = new Float64Array(positions.length);
  return (values, outputs) => {
    for (let i = 0; i < positions.length; i++) inputs[i] = values[positions[i]];
    run(inputs, outputs);
  };
}
