/** Expressions in normalised variables at points, on the host: independent of any engine. */
import { evaluateProgram } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { compileProgram } from '../expression/program.ts';
import { multiIndexKey } from '../jet/multi-index.ts';
import { evaluateTrial } from '../network/index.ts';
import type { TrialSolution } from '../network/trial-solution.ts';

export interface ExpressionPlaces {
  readonly trial: TrialSolution;
  /** Names of the unknowns, in the order of their raw values. */
  readonly unknowns: readonly string[];
  /** Point sets, each (N, d) row-major, normalised: fields of side s are taken in set s, coordinates in set 0. */
  readonly points: readonly Float64Array[];
  readonly columns: Readonly<Record<string, Float64Array>>;
}

/**
 * Evaluates the fields once at θ and returns a function of the raw unknowns that gives each expression as a
 * column (N). Each side's fields are taken at its own points.
 */
export function expressionEvaluator(
  expressions: readonly Expression[],
  { trial, unknowns, points, columns }: ExpressionPlaces,
  theta: Float64Array,
): (raw: Float64Array) => Float64Array[] {
  const d = trial.dimension;
  const count = points[0].length / d;
  const program = compileProgram(expressions);
  const sides = points.map((places, side) => {
    const orders = program.inputs.flatMap((leaf) =>
      leaf.kind === 'field' && leaf.side === side ? [leaf.order] : [],
    );
    return { orders, jets: orders.length === 0 ? undefined : evaluateTrial(trial, theta, places, orders) };
  });
  const fixed = program.inputs.map((leaf): Float64Array | null => {
    if (leaf.kind === 'coordinate')
      return Float64Array.from({ length: count }, (_, n) => points[0][n * d + leaf.index]);
    if (leaf.kind === 'column') return columns[leaf.name];
    if (leaf.kind === 'unknown') return null;
    const { orders, jets } = sides[leaf.side];
    return jets!.get(leaf.name)![
      orders.findIndex((order) => multiIndexKey(order) === multiIndexKey(leaf.order))
    ];
  });
  return (raw) =>
    evaluateProgram(
      program,
      program.inputs.map(
        (leaf, i) => fixed[i] ?? new Float64Array(count).fill(raw[unknowns.indexOf(leaf.name)]),
      ),
      count,
    );
}
