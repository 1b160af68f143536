/** One trained piece of a solution: parameters with the scaling they belong to, evaluated in the user's units. */
import { ProblemError } from '../errors.ts';
import { fieldValue } from '../expression/build.ts';
import { evaluateProgram } from '../expression/evaluate.ts';
import type { Expression, FieldNode } from '../expression/expression.ts';
import { compileProgram } from '../expression/program.ts';
import { multiIndexKey } from '../jet/multi-index.ts';
import { evaluateTrial } from '../network/index.ts';
import { type TrialSolution, trialSize } from '../network/trial-solution.ts';
import type { Problem } from '../problem/index.ts';
import { inNormalizedVariables, type Scaling, sideValues, toNormalizedPoints } from '../residual/index.ts';

export interface Piece {
  readonly scaling: Scaling;
  /** Networks' parameters, then raw unknowns. */
  readonly theta: Float64Array;
}

/** Every field at points (N, d) in the user's coordinates, one array (N) each. Where they lie is not checked. */
export function fieldsOfPiece(
  problem: Problem,
  trial: TrialSolution,
  { scaling, theta }: Piece,
  points: Float64Array,
): Record<string, Float64Array> {
  const zero = problem.coordinates.map(() => 0);
  const jets = evaluateTrial(trial, theta, toNormalizedPoints(points, scaling), [zero]);
  return Object.fromEntries(
    problem.fields.map(({ name, of }) => {
      if (scaling.ansatz?.has(name)) {
        const own = fieldValue(name, problem.coordinates.length, of);
        return [name, expressionOfPiece(trial, { scaling, theta }, own, points)];
      }
      const { offset, scale } = scaling.fields.get(name)!;
      return [name, jets.get(name)![0].map((value) => offset + scale * value)];
    }),
  );
}

/**
 * An expression in the problem's symbols at points (N, d), (N). Where they lie is not checked.
 *
 * @param otherPoints  (N, d), where fields of side 1 are taken
 * @param columns  values of columns, (N) each
 * @throws ProblemError where it holds another column, which has no value here
 */
export function expressionOfPiece(
  trial: TrialSolution,
  { scaling, theta }: Piece,
  expression: Expression,
  points: Float64Array,
  otherPoints: Float64Array = points,
  columns: ReadonlyMap<string, Float64Array> = new Map(),
): Float64Array {
  const d = trial.dimension;
  const count = points.length / d;
  const program = compileProgram([inNormalizedVariables(expression, scaling)]);
  const normalized = toNormalizedPoints(points, scaling);
  const places = [normalized, toNormalizedPoints(otherPoints, scaling)];
  const sides = places.map((own, side) => {
    const orders = program.inputs.flatMap((leaf) =>
      leaf.kind === 'field' && leaf.side === side ? [leaf.order] : [],
    );
    return { orders, jets: orders.length === 0 ? undefined : evaluateTrial(trial, theta, own, orders) };
  });
  const start = trialSize(trial);
  const columnOf = (leaf: FieldNode): Float64Array => {
    const { orders, jets } = sides[leaf.side];
    const position = orders.findIndex((order) => multiIndexKey(order) === multiIndexKey(leaf.order));
    return jets!.get(leaf.name)![position];
  };
  const inputs = program.inputs.map((leaf) => {
    if (leaf.kind === 'coordinate')
      return Float64Array.from({ length: count }, (_, n) => normalized[n * d + leaf.index]);
    if (leaf.kind === 'field') return columnOf(leaf);
    const given = leaf.kind === 'column' ? columns.get(leaf.name) : undefined;
    if (given !== undefined) return given;
    const other = leaf.kind === 'column' ? sideValues(leaf.name, places, d) : undefined;
    if (other !== undefined) return other;
    const position = scaling.unknowns.findIndex((t) => t.name === leaf.name);
    if (leaf.kind === 'column' || position < 0) throw new ProblemError(`\`${leaf.name}\` has no value here`);
    return new Float64Array(count).fill(theta[start + position]);
  });
  return evaluateProgram(program, inputs, count)[0];
}
