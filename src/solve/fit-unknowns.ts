/** Unknowns by least squares on the equations alone, the fields held as they are: a starting value. */

import { unknown } from '../expression/build.ts';
import { partial } from '../expression/differentiate.ts';
import { trialSize } from '../network/trial-solution.ts';
import { createOptimizer, type Objective } from '../optimizer/index.ts';
import { expressionEvaluator, type ResidualSystem } from '../residual/index.ts';

const steps = 60;

/** Which of the points lie in the box that holds the data, all where none does: beyond it the fields are anything. */
function amongData(points: Float64Array, { blocks, trial }: ResidualSystem): boolean[] {
  const d = trial.dimension;
  const low = new Float64Array(d).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(d).fill(Number.NEGATIVE_INFINITY);
  for (const block of blocks)
    if (block.kind === 'data')
      block.points[0].forEach((value, k) => {
        low[k % d] = Math.min(low[k % d], value);
        high[k % d] = Math.max(high[k % d], value);
      });
  const inside = Array.from({ length: points.length / d }, (_, n) =>
    low.every((_, i) => points[n * d + i] >= low[i] && points[n * d + i] <= high[i]),
  );
  return inside.includes(true) ? inside : inside.map(() => true);
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
      const places = { ...system, points: block.points, columns: block.columns };
      const evaluate = expressionEvaluator([...block.residuals, ...slopes], places, theta);
      return { block, outputs, evaluate, counted: amongData(block.points[0], system) };
    });
  const gaussNewton = async (raw: Float64Array) => {
    let loss = 0;
    const matrix = new Float64Array(size * size);
    const vector = new Float64Array(size);
    for (const { block, outputs, evaluate, counted } of evaluators) {
      const columns = evaluate(raw);
      for (let o = 0; o < outputs; o++)
        for (let n = 0; n < block.count; n++) {
          if (!counted[n]) continue;
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
