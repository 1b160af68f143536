/** The residual system of one phase: its weights, horizon, multipliers and points. */
import type { Engine } from '../engine/engine.ts';
import { multiplierColumn, type ResidualBlock, type ResidualSystem } from '../residual/index.ts';
import type { PhaseWeights } from './plan.ts';

/**
 * The system with factors on the kinds of its blocks, with multipliers where there are some, and up to the
 * horizon in time.
 */
export function weighted(
  system: ResidualSystem,
  weights: PhaseWeights,
  multipliers: readonly Float64Array[] | undefined,
  horizon: { readonly time: number; readonly share: number } | undefined,
): ResidualSystem {
  return {
    ...system,
    blocks: system.blocks.map((block, b) => ({
      ...block,
      weight: block.weight * weights[block.kind],
      columns: { ...block.columns, ...multiplierColumns(block, multipliers?.[b]) },
      ...(horizon === undefined || block.kind === 'data'
        ? {}
        : { pointWeights: upTo(horizon, block, system.trial.dimension) }),
    })),
  };
}

/** 1 for points before the horizon and 0 after it, over their mean; 1 everywhere where none lies before it. */
function upTo(
  { time, share }: { time: number; share: number },
  block: ResidualBlock,
  dimension: number,
): Float64Array {
  const inside = Float64Array.from({ length: block.count }, (_, n) =>
    block.points[0][n * dimension + time] <= -1 + 2 * share ? 1 : 0,
  );
  const total = inside.reduce((sum, value) => sum + value, 0);
  return inside.map((value) => (total === 0 ? 0 : (value * block.count) / total));
}

/** The points of the blocks that differ from those the system began with. */
export function pointsOf(
  current: ResidualSystem,
  system: ResidualSystem,
): (Float64Array | null)[] | undefined {
  if (current === system) return undefined;
  return current.blocks.map(({ points }, b) => (points === system.blocks[b].points ? null : points[0]));
}

export function withPoints(
  system: ResidualSystem,
  points: readonly (Float64Array | null)[] | undefined,
): ResidualSystem {
  if (points === undefined) return system;
  const blocks = system.blocks.map((block, b) =>
    points[b] === null ? block : { ...block, points: [points[b]] },
  );
  return { ...system, blocks };
}

function multiplierColumns(
  block: ResidualBlock,
  values: Float64Array | undefined,
): Record<string, Float64Array> {
  if (values === undefined || block.kind === 'data') return {};
  const outputs = block.residuals.length;
  return Object.fromEntries(
    block.residuals.map((_, o) => [
      multiplierColumn(o),
      Float64Array.from({ length: block.count }, (_, n) => values[n * outputs + o]),
    ]),
  );
}

/** The residuals with their present multipliers, which are the next multipliers; by block, (N, outputs) row-major. */
export async function nextMultipliers(
  engine: Engine,
  system: ResidualSystem,
  theta: Float64Array,
): Promise<Float64Array[]> {
  const all = await engine.residuals(theta);
  let start = 0;
  return system.blocks.map((block) => {
    const length = block.count * block.residuals.length;
    start += length;
    return all.slice(start - length, start);
  });
}
