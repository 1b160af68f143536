import { NotSupportedError, SolveError } from '../errors.ts';
import { partial } from '../expression/differentiate.ts';
import { type Expression, type Leaf, leafKey, leavesOf } from '../expression/expression.ts';
import type { Problem } from '../problem/problem.ts';
import { bindProgram } from './bound-program.ts';
import { DenseLU } from './linear/dense-lu.ts';

/** A function of space that is carried in time: a field or a time derivative of one. */
export interface State {
  readonly name: string;
  readonly timeOrder: number;
}

/**
 * Solves the initial conditions, affine in the states and free of their space derivatives, at points of space.
 *
 * @param initial as many expressions as states; they vanish at the start
 * @param positions per space coordinate its values at the points
 * @returns per state its values at the points
 */
export function initialFields(
  problem: Problem,
  states: readonly State[],
  initial: readonly Expression[],
  space: readonly number[],
  positions: readonly Float64Array[],
): Float64Array[] {
  const time = problem.time!;
  const m = states.length;
  const leaves = states.map(({ name, timeOrder }): Leaf => {
    const order = problem.coordinates.map((_, axis) => (axis === time ? timeOrder : 0));
    return { kind: 'field', name, order, of: order.map((_, axis) => axis), side: 0 };
  });
  const matrix = initial.flatMap((residual) => leaves.map((leaf) => partial(residual, leaf)));
  if (leavesOf(matrix).some((leaf) => leaf.kind === 'field'))
    throw new NotSupportedError('the initial conditions are not linear in the fields');
  const dimension = problem.coordinates.length;
  const program = bindProgram([...matrix, ...initial], (leaf) => {
    if (leaf.kind === 'coordinate') return leaf.index;
    const state = leaves.findIndex((other) => leafKey(other) === leafKey(leaf));
    if (state < 0) throw new NotSupportedError(`an initial condition holds ${leafKey(leaf)}`);
    return dimension + state;
  });
  const values = new Float64Array(dimension + m);
  values[time] = problem.coordinates[time].low;
  const outputs = new Float64Array(m * m + m);
  const lu = new DenseLU(m);
  const column = new Float64Array(m);
  const count = positions[0].length;
  const fields = states.map(() => new Float64Array(count));
  for (let i = 0; i < count; i++) {
    space.forEach((axis, k) => {
      values[axis] = positions[k][i];
    });
    program(values, outputs);
    lu.matrix.set(outputs.subarray(0, m * m));
    for (let k = 0; k < m; k++) column[k] = -outputs[m * m + k];
    if (!lu.factor()) throw new SolveError('the initial conditions do not determine the state at the start');
    lu.solve(column);
    if (!column.every(Number.isFinite)) throw new SolveError('the initial conditions have no finite value');
    fields.forEach((field, k) => {
      field[i] = column[k];
    });
  }
  return fields;
}
