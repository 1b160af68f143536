/**
 * Balancing by gradient norms: each term weighs inversely to the norm of its gradient, so that none drowns the
 * others (Wang, Teng & Perdikaris, SIAM J. Sci. Comput. 43, 2021; in the form of Wang, Sankaran, Wang & Perdikaris,
 * "An expert's guide to training physics-informed neural networks", 2023).
 */
import type { Engine } from '../../engine/engine.ts';
import type { ResidualSystem } from '../../residual/index.ts';
import { singleBlock } from './single-block.ts';

/**
 * ‖∇L_i‖ of the mean squares of the chosen blocks, their weights taken out but their point weights left in.
 *
 * The engine is left with another system: update it afterwards.
 */
export async function gradientNorms(
  engine: Engine,
  system: ResidualSystem,
  theta: Float64Array,
  chosen: readonly number[] = [...system.blocks.keys()],
): Promise<number[]> {
  const norms: number[] = [];
  for (const b of chosen) {
    await engine.update(singleBlock(system, b));
    const { gradient } = await engine.lossAndGradient(theta);
    norms.push(Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0)));
  }
  return norms;
}
