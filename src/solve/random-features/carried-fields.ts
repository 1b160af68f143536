/** Fields carried over to other features: where Newton's method starts near a solution found with fewer. */
import { createEngine } from '../../engine/create-engine.ts';
import { column, fieldValue, subtract } from '../../expression/build.ts';
import { trialSize } from '../../network/trial-solution.ts';
import type { ResidualSystem } from '../../residual/index.ts';
import { KeptFactor } from './kept-factor.ts';

/** What the fields at the same points are fitted by, as long as the features are the same. */
export interface FieldFit {
  factor?: KeptFactor;
}

/**
 * Parameters of a system's trial solution, on fixed features, whose fields agree with given ones at the system's
 * points, by least squares.
 *
 * @param valuesAt  values of the networks' fields, (N) each, at points (N, d), all in the system's variables
 * @param fit  of the same features and points, taken up and left for the next time
 */
export async function carriedParameters(
  { trial, blocks }: ResidualSystem,
  threads: number | undefined,
  valuesAt: (points: Float64Array) => ReadonlyMap<string, Float64Array>,
  fit: FieldFit = {},
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
  const engine = await createEngine('f64', system, { threads: fit.factor === undefined ? threads : 1 });
  try {
    fit.factor ??= await KeptFactor.of(engine);
    return await fit.factor.solve(engine, new Float64Array(trialSize(trial)));
  } finally {
    await engine.dispose();
  }
}
