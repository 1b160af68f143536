/** Fields carried over to other features: where Newton's method starts near a solution found with fewer. */
import { createEngine } from '../../engine/create-engine.ts';
import { column, fieldValue, subtract } from '../../expression/build.ts';
import { trialSize } from '../../network/trial-solution.ts';
import { createOptimizer } from '../../optimizer/index.ts';
import type { ResidualSystem } from '../../residual/index.ts';

/**
 * Parameters of a system's trial solution, on fixed features, whose fields agree with given ones at the system's
 * points, by least squares.
 *
 * @param valuesAt  values of the networks' fields, (N) each, at points (N, d), all in the system's variables
 */
export async function carriedParameters(
  { trial, blocks }: ResidualSystem,
  threads: number | undefined,
  valuesAt: (points: Float64Array) => ReadonlyMap<string, Float64Array>,
): Promise<Float64Array> {
  const d = trial.dimension;
  const sets = [...new Set(blocks.flatMap((block) => block.points))];
  const points = Float64Array.from(sets.flatMap((set) => [...set]));
  const values = valuesAt(points);
  const system: ResidualSystem = {
    trial,
    unknowns: [],
    blocks: [
      {
        path: 'fields',
        kind: 'data',
        points: [points],
        count: points.length / d,
        columns: Object.fromEntries(values),
        residuals: trial.networks.flatMap(({ chart, coordinates, fields }) =>
          chart === undefined
            ? fields.map((name) => subtract(fieldValue(name, d, coordinates), column(name)))
            : [],
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
