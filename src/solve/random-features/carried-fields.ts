/** Fields carried over to other features: where Newton's method starts near a solution found with fewer. */
import { createEngine } from '../../engine/create-engine.ts';
import { column, fieldValue, subtract } from '../../expression/build.ts';
import { evaluateTrial } from '../../network/index.ts';
import { type TrialSolution, trialSize } from '../../network/trial-solution.ts';
import { createOptimizer } from '../../optimizer/index.ts';
import type { ResidualSystem } from '../../residual/index.ts';

/** A trial solution with its parameters. */
export interface Fields {
  readonly trial: TrialSolution;
  readonly theta: Float64Array;
}

/**
 * Parameters of a trial solution on fixed features whose fields agree with given ones at the points of a system, by
 * least squares. Both are in the same normalised variables.
 */
export async function carriedParameters(
  { trial, blocks }: ResidualSystem,
  from: Fields,
  threads: number | undefined,
): Promise<Float64Array> {
  const d = trial.dimension;
  const sets = [...new Set(blocks.flatMap((block) => block.points))];
  const points = Float64Array.from(sets.flatMap((set) => [...set]));
  const values = evaluateTrial(from.trial, from.theta, points, [new Array<number>(d).fill(0)]);
  const system: ResidualSystem = {
    trial,
    unknowns: [],
    blocks: [
      {
        path: 'fields',
        kind: 'data',
        points: [points],
        count: points.length / d,
        columns: Object.fromEntries([...values].map(([name, [value]]) => [name, value])),
        residuals: trial.networks.flatMap(({ coordinates, fields }) =>
          fields.map((name) => subtract(fieldValue(name, d, coordinates), column(name))),
        ),
        weight: 1,
      },
    ],
  };
  const engine = await createEngine('f64', system, { threads });
  try {
    const optimizer = createOptimizer('random-features', engine, new Float64Array(trialSize(trial)), {
      affine: true,
    });
    await optimizer.step();
    return optimizer.theta;
  } finally {
    await engine.dispose();
  }
}
