/** Residuals of a block, and how they change with the solution, for one function at a time. */
import { evaluateProgram } from '../../expression/evaluate.ts';
import type { FunctionSample } from '../space/function-sample.ts';
import type { OperatorBlock } from './operator-residuals.ts';

/** What stands in a block beside the solution, for one function: columns by position, undefined for the solution's. */
export type GivenColumns = readonly (Float64Array | undefined)[];

/** @param columns  those that are given with every solve, by name */
export function givenColumns(
  block: OperatorBlock,
  samples: Readonly<Record<string, FunctionSample>>,
  columns: (name: string) => Float64Array,
): GivenColumns {
  const all = [...block.known];
  for (const { position, input, order, points, factor } of block.inputs) {
    const sample = samples[input];
    if (sample.dimension === 0)
      all[position] = new Float64Array(block.count).fill(factor * sample.values(points)[0]);
    else all[position] = sample.values(points, order).map((value) => factor * value);
  }
  for (const [position, name] of block.given) all[position] = columns(name);
  return all;
}

export interface BlockValues {
  /** By output, (N) each, weighted. */
  readonly residuals: readonly Float64Array[];
  /** ∂r/∂leaf, weighted, in the order of the block's slopes, (N) each. */
  readonly slopes: readonly Float64Array[];
}

/** @param fields  the block's leaves at its points, (N) each */
export function blockValues(
  block: OperatorBlock,
  given: GivenColumns,
  fields: readonly Float64Array[],
): BlockValues {
  const columns = [...given] as Float64Array[];
  block.leafPositions.forEach((position, leaf) => {
    if (position >= 0) columns[position] = fields[leaf];
  });
  const values = evaluateProgram(block.program, columns, block.count);
  for (const column of values) for (let n = 0; n < block.count; n++) column[n] *= block.rowWeights[n];
  return {
    residuals: values.slice(0, block.outputs),
    slopes: block.slopes.map(({ column }) => values[column]),
  };
}
