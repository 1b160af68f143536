/** A system cut into parts small enough that the tensors of one part fit into memory at once. */
import type { ResidualBlock, ResidualSystem } from '../../residual/residual-system.ts';
import { planPasses } from './pass-plan.ts';

export interface Shard {
  readonly system: ResidualSystem;
  /** For each of its blocks, the block of the whole system it is cut from, and its first point there. */
  readonly parts: readonly { readonly block: number; readonly start: number }[];
}

/**
 * How many points may be run at once.
 *
 * For each point and neuron an evaluation holds, per jet component, the argument, the value, and about one
 * more number for the activation's derivatives.
 *
 * @param memory bytes
 */
export function pointsWithin(memory: number, system: ResidualSystem): number {
  const bytes = planPasses(system).passes.map(({ network, plan }) => {
    const neurons = system.trial.networks[network].layers.reduce(
      (sum, layer) => sum + (layer.kind === 'affine' ? layer.outputs : 0),
      0,
    );
    return 12 * plan.indices.length * neurons;
  });
  return Math.max(1, Math.floor(memory / Math.max(1, ...bytes)));
}

/**
 * Cuts a system so that no part has more than `maximum` points, those of all point sets together, as far as one row
 * of them fits. The losses of the parts add up.
 */
export function shardSystem(system: ResidualSystem, maximum: number): Shard[] {
  const shards: Shard[] = [];
  let blocks: ResidualBlock[] = [];
  let parts: { block: number; start: number }[] = [];
  let room = maximum;
  const close = (): void => {
    if (blocks.length > 0) shards.push({ system: { ...system, blocks }, parts });
    blocks = [];
    parts = [];
    room = maximum;
  };
  system.blocks.forEach((block, index) => {
    for (let start = 0; start < block.count; ) {
      const count = Math.min(Math.max(1, Math.floor(room / block.points.length)), block.count - start);
      blocks.push(count === block.count ? block : cut(block, start, count));
      parts.push({ block: index, start });
      start += count;
      room -= count * block.points.length;
      if (room < 1) close();
    }
  });
  close();
  return shards;
}

function cut(block: ResidualBlock, start: number, count: number): ResidualBlock {
  const end = start + count;
  return {
    ...block,
    count,
    points: block.points.map((set) => {
      const dimension = set.length / block.count;
      return set.subarray(start * dimension, end * dimension);
    }),
    columns: Object.fromEntries(
      Object.entries(block.columns).map(([name, values]) => [name, values.subarray(start, end)]),
    ),
    weight: (block.weight * count) / block.count,
    ...(block.pointWeights === undefined ? {} : { pointWeights: block.pointWeights.subarray(start, end) }),
  };
}
