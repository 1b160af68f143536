/** Unknowns by least squares on the equations alone, the fields held as they are: a starting value. */

import { unknown } from '../expression/build.ts';
import { partial } from '../expression/differentiate.ts';
import { evaluateProgram } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { compileProgram } from '../expression/program.ts';
import { multiIndexKey } from '../jet/multi-index.ts';
import { evaluateTrial } from '../network/index.ts';
import { trialSize } from '../network/trial-solution.ts';
import { createOptimizer, type Objective } from '../optimizer/index.ts';
import type { ResidualBlock, ResidualSystem } from '../residual/index.ts';

const steps = 60;

/** Residuals and their partial derivatives by the unknowns, as columns over a block's points. */
function columnsOf(
  block: ResidualBlock,
  system: ResidualSystem,
  theta: Float64Array,
  expressions: readonly Expression[],
) {
  const d = system.trial.dimension;
  const program = compileProgram(expressions);
  const fields = program.inputs.flatMap((leaf) => (leaf.kind === 'field' ? [leaf] : []));
  const orders = fields.map((leaf) => leaf.order);
  const jets = evaluateTrial(system.trial, theta, block.points[0], orders);
  const fixed = program.inputs.map((leaf): Float64Array | null => {
    if (leaf.kind === 'coordinate')
      return Float64Array.from({ length: block.count }, (_, n) => block.points[0][n * d + leaf.index]);
    if (leaf.kind === 'column') return block.columns[leaf.name];
    if (leaf.kind === 'unknown') return null;
    return jets.get(leaf.name)![
      orders.findIndex((order) => multiIndexKey(order) === multiIndexKey(leaf.order))
    ];
  });
  return (raw: Float64Array): Float64Array[] =>
    evaluateProgram(
      program,
      program.inputs.map((leaf, i) => {
        if (fixed[i] !== null) return fixed[i];
        return new Float64Array(block.count).fill(raw[system.unknowns.indexOf(leaf.name)]);
      }),
      block.count,
    );
}

/**
 * Minimises the mean square of the equations' residuals over the raw unknowns by Levenberg–Marquardt.
 *
 * @returns θ with the unknowns replaced; the given θ where nothing finite was found
 */
export async function fitUnknowns(system: ResidualSystem, theta: Float64Array): Promise<Float64Array> {
  const start = trialSize(system.trial);
  const size = system.unknowns.length;
  if (size === 0) return theta;
  const evaluators = system.blocks
    .filter((block) => block.kind === 'equation')
    .map((block) => {
      const outputs = block.residuals.length;
      const slopes = block.residuals.flatMap((r) => system.unknowns.map((name) => partial(r, unknown(name))));
      const evaluate = columnsOf(block, system, theta, [...block.residuals, ...slopes]);
      return { block, outputs, evaluate };
    });
  const gaussNewton = async (raw: Float64Array) => {
    let loss = 0;
    const matrix = new Float64Array(size * size);
    const vector = new Float64Array(size);
    for (const { block, outputs, evaluate } of evaluators) {
      const columns = evaluate(raw);
      for (let o = 0; o < outputs; o++)
        for (let n = 0; n < block.count; n++) {
          const r = columns[o][n];
          loss += (r * r) / block.count;
          for (let i = 0; i < size; i++) {
            const slope = columns[outputs + o * size + i][n];
            vector[i] += (slope * r) / block.count;
            for (let j = 0; j < size; j++)
              matrix[i * size + j] += (slope * columns[outputs + o * size + j][n]) / block.count;
          }
        }
    }
    return { loss, matrix, vector, gradient: vector.map((v) => 2 * v) };
  };
  const objective: Objective = { loss: gaussNewton, lossAndGradient: gaussNewton, gaussNewton };
  const optimizer = createOptimizer('lm', objective, theta.slice(start));
  for (let i = 0; i < steps; i++) if ((await optimizer.step()).finished !== undefined) break;
  if (!optimizer.theta.every((value) => Number.isFinite(value) && Math.abs(value) < 20)) return theta;
  const fitted = theta.slice();
  fitted.set(optimizer.theta, start);
  return fitted;
}
