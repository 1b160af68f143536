/** Observations of a system in units in which they count alike, and how many degrees of freedom a fit spends on them. */

import type { LoadedEngine } from '../../engine/create-engine.ts';
import { column, subtract } from '../../expression/build.ts';
import { randomGenerator } from '../../random/generator.ts';
import type { ResidualBlock, ResidualSystem } from '../../residual/index.ts';

const shiftColumn = 'shift';

/** Blocks of the kind 'data' that are no observations keep unknown fields smooth. */
const isObserved = ({ noise }: ResidualBlock): boolean => noise !== undefined;

/** The system with a column by which observations can be shifted, zero at first. */
export function shiftable(system: ResidualSystem): ResidualSystem {
  const blocks = system.blocks.map((block) =>
    isObserved(block)
      ? {
          ...block,
          columns: { ...block.columns, [shiftColumn]: new Float64Array(block.count) },
          residuals: block.residuals.map((residual) => subtract(residual, column(shiftColumn))),
        }
      : block,
  );
  return { ...system, blocks };
}

/** The square roots of what the squares of a block's residuals count in the loss. */
const rootWeight = ({ weight, count }: ResidualBlock): number => Math.sqrt(weight / count);

/** Residuals of the observations, each times the square root of its weight in the loss. */
export async function observedResiduals(
  engine: LoadedEngine,
  { blocks }: ResidualSystem,
  theta: Float64Array,
): Promise<Float64Array> {
  const all = await engine.residuals(theta);
  const values: number[] = [];
  let start = 0;
  for (const block of blocks) {
    const length = block.count * block.residuals.length;
    if (isObserved(block)) for (let i = 0; i < length; i++) values.push(rootWeight(block) * all[start + i]);
    start += length;
  }
  return Float64Array.from(values);
}

/**
 * The system with every observation shifted up or down by the same amount, in units of the loss.
 *
 * @returns also the shifts, in the order of `observedResiduals`
 */
export function shifted(
  system: ResidualSystem,
  size: number,
  seed: number,
): { readonly system: ResidualSystem; readonly shifts: Float64Array } {
  const generator = randomGenerator(seed);
  const shifts: number[] = [];
  const blocks = system.blocks.map((block) => {
    if (!isObserved(block)) return block;
    const own = Float64Array.from({ length: block.count }, () => (generator.uniform() < 0.5 ? -size : size));
    shifts.push(...own);
    const root = rootWeight(block);
    return {
      ...block,
      columns: { ...block.columns, [shiftColumn]: own.map((value) => (root > 0 ? value / root : 0)) },
    };
  });
  return { system: { ...system, blocks }, shifts: Float64Array.from(shifts) };
}
