/**
 * Residual-based adaptive distribution (RAD): collocation points drawn anew with a density that follows the
 * residual, p ∝ |r|/mean|r| + 1 (Wu, Zhu, Tan, Kartha & Lu, Comput. Methods Appl. Mech. Eng. 403, 2023).
 */
import type { Sampling } from '../geometry/point-set.ts';
import { trialSize } from '../network/trial-solution.ts';
import { randomGenerator } from '../random/generator.ts';
import { interiorPoints } from './collocation.ts';
import { expressionEvaluator } from './evaluate-expressions.ts';
import type { ResidualBlock, ResidualSystem } from './residual-system.ts';

/** Candidates for each point that is drawn. */
const candidatesPerPoint = 4;

/** The columns that a block has at other points: multipliers belong to the old ones and are not kept. */
function assertPlain(block: ResidualBlock): void {
  if (Object.keys(block.columns).length > 0) throw new Error(`points of ${block.path} cannot be drawn anew`);
}

/**
 * As many points as the block has, by weighted draws without replacement (Efraimidis & Spirakis, Inf. Process.
 * Lett. 97, 2006) from candidates that fill the domain evenly.
 *
 * @returns (N, d), row-major, normalised
 */
function adaptivePoints(
  system: ResidualSystem,
  block: ResidualBlock,
  theta: Float64Array,
  sampling: Sampling,
  seed: number,
): Float64Array {
  assertPlain(block);
  const d = system.trial.dimension;
  const candidates = interiorPoints(sampling, candidatesPerPoint * block.count, d, seed);
  const evaluate = expressionEvaluator(
    block.residuals,
    { ...system, points: candidates, columns: {} },
    theta,
  );
  const residuals = evaluate(theta.subarray(trialSize(system.trial)));
  const total = candidates.length / d;
  const sizes = Float64Array.from({ length: total }, (_, n) =>
    Math.hypot(...residuals.map((column) => column[n])),
  );
  const mean = sizes.reduce((sum, size) => sum + size, 0) / total;
  const random = randomGenerator(seed);
  const keys = sizes.map((size) => {
    const weight = (mean > 0 && Number.isFinite(size) ? size / mean : 0) + 1;
    return Math.log(1 - random.uniform()) / weight;
  });
  const order = Uint32Array.from(keys, (_, n) => n).sort((a, b) => keys[b] - keys[a]);
  const points = new Float64Array(Math.min(block.count, total) * d);
  for (let n = 0; n * d < points.length; n++)
    points.set(candidates.subarray(order[n] * d, (order[n] + 1) * d), n * d);
  return points;
}

/** The system with the points of its equations drawn anew, where they hold in the whole domain. */
export function resampled(
  system: ResidualSystem,
  theta: Float64Array,
  sampling: Sampling,
  seed: number,
): ResidualSystem {
  return {
    ...system,
    blocks: system.blocks.map((block) => {
      if (block.everywhere !== true) return block;
      const points = adaptivePoints(system, block, theta, sampling, seed);
      return { ...block, points: [points], count: points.length / system.trial.dimension };
    }),
  };
}
