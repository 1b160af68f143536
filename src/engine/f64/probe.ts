import { add, coordinate, fieldValue } from '../../expression/build.ts';
import { multilayerPerceptron } from '../../network/multilayer-perceptron.ts';
import { trialSize } from '../../network/trial-solution.ts';
import { createF64Engine } from './f64-engine.ts';

/**
 * Evaluates a small system on as many threads as would be used, and says with what.
 * @returns for instance `loads: wasm-simd (2 threads)`
 */
export async function probeF64(): Promise<string> {
  const trial = {
    dimension: 1,
    networks: [
      multilayerPerceptron({ coordinates: [0], fields: ['u'], width: 4, depth: 1, activation: 'tanh' }),
    ],
  };
  const count = 256;
  const points = Float64Array.from({ length: count }, (_, n) => n / count);
  const residuals = [add(fieldValue('u', 1, [0]), coordinate('x', 0))];
  const block = { path: 'probe', kind: 'equation', columns: {}, weight: 1 } as const;
  const engine = await createF64Engine(
    { trial, unknowns: [], blocks: [{ ...block, points: [points], count, residuals }] },
    { threads: 2 },
  );
  try {
    // With θ = 0 the field vanishes, and the loss is the mean of x².
    const { loss } = await engine.lossAndGradient(new Float64Array(trialSize(trial)));
    const expected = ((count - 1) * (2 * count - 1)) / (6 * count * count);
    if (Math.abs(loss - expected) > 1e-14) throw new Error(`computes ${loss} where ${expected} is right`);
    return `loads: ${engine.backend}`;
  } finally {
    await engine.dispose();
  }
}
