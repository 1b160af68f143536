import type { ResidualBlock, ResidualSystem } from '../../residual/index.ts';

/**
 * The system with one block alone in the loss, its weight 1. The others have weight 0 and, where they are not
 * evaluated together with it, a single point, so that they cost nothing.
 */
export function singleBlock(system: ResidualSystem, chosen: number): ResidualSystem {
  const kept = system.blocks[chosen].points[0];
  const shortened = new Map<Float64Array, Float64Array>();
  const shorten = (points: Float64Array, count: number): Float64Array => {
    const known = shortened.get(points) ?? points.slice(0, points.length / count);
    shortened.set(points, known);
    return known;
  };
  const blocks = system.blocks.map((block, b): ResidualBlock => {
    if (b === chosen) return { ...block, weight: 1 };
    if (block.count === 0 || block.points.includes(kept)) return { ...block, weight: 0 };
    const columns = Object.entries(block.columns).map(([name, values]) => [name, values.slice(0, 1)]);
    return {
      ...block,
      weight: 0,
      count: 1,
      points: block.points.map((points) => shorten(points, block.count)),
      columns: Object.fromEntries(columns),
      pointWeights: undefined,
    };
  });
  return { ...system, blocks };
}
