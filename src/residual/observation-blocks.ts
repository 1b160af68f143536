/** Observations as residuals: observed expression minus value, in the unit in which noise is of one size. */
import { add, apply, column, multiply, number, subtract } from '../expression/build.ts';
import type { Expression } from '../expression/expression.ts';
import { isCount } from '../problem/noise.ts';
import type { Observation, Problem } from '../problem/problem.ts';
import { precisionColumn, withNoiseWeights } from './noise-weights.ts';
import { normalizedTerms, scaledSum, sizeOfExpression } from './normalized-terms.ts';
import type { ResidualBlock } from './residual-system.ts';
import { type Scaling, toNormalizedPoints } from './scaling.ts';

/** The logarithm of ratios below this one is continued by its tangent: a network may pass through zero. */
const smallestRatio = 0.02;

function logarithm(ratio: Expression): Expression {
  const least = number(smallestRatio);
  const tangent = add(multiply(number(1 / smallestRatio), ratio), number(Math.log(smallestRatio) - 1));
  return apply('select', [
    apply('less', [ratio, least]),
    tangent,
    apply('log', [apply('max', [ratio, least])]),
  ]);
}

/** What accumulates is large beside what was observed of it: the values tell the size. */
function sizeOfValues({ values }: Observation): number {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest > 0 ? largest : 1;
}

function observationBlock(
  observation: Observation,
  share: number,
  scaling: Scaling,
  weight: number,
): ResidualBlock {
  const { expression, points, before, values, count, noise } = observation;
  const { parts, constant } = normalizedTerms(expression, scaling);
  const size = before === undefined ? sizeOfExpression(expression, scaling, true) : sizeOfValues(observation);
  // The constant goes to the observed side, where both are in double precision.
  const model = scaledSum({ parts, constant: 0 }, 1 / size);
  const difference = apply('subtract', [model, column('value')]);
  const shifted = values.map((v) => (v - constant) / size);
  const block = {
    path: observation.path,
    kind: 'data' as const,
    points: [points, ...(before === undefined ? [] : [before])].map((p) => toNormalizedPoints(p, scaling)),
    count,
    weight,
    noise: {
      model: noise,
      observed: values,
      size,
      weight: observation.weight,
      factor: weight * observation.weight * share,
    },
  };
  if (isCount(noise))
    return {
      ...block,
      columns: { value: shifted, [precisionColumn]: new Float64Array(count).fill(1) },
      residuals: [multiply(column(precisionColumn), difference)],
    };
  if (noise.distribution === 'log-normal') {
    // ln m − ln y as the logarithm of one ratio, 1 where they agree.
    const ratio = add(number(1), multiply(column('inverse'), subtract(model, column('value'))));
    return {
      ...block,
      columns: { value: shifted, inverse: values.map((v) => size / v) },
      residuals: [logarithm(ratio)],
    };
  }
  return { ...block, columns: { value: shifted }, residuals: [difference] };
}

/** One block for each observed quantity. Blocks count by the number of their observations. */
export function observationBlocks(problem: Problem, scaling: Scaling, weight: number): ResidualBlock[] {
  const most = Math.max(...problem.observations.map(({ count }) => count));
  return withNoiseWeights(
    problem.observations.map((observation) =>
      observationBlock(observation, observation.count / most, scaling, weight),
    ),
  );
}
