import type { ResidualSystem } from '../../residual/residual-system.ts';
import type { SystemPlan } from './system-plan.ts';
import type { Shard } from './tile.ts';

/**
 * Brings what shards return tile after tile, (count, outputs) each, into the order of the engines' contract:
 * block after block, each (N, outputs).
 *
 * @param part what a shard has returned
 * @param width entries for each residual
 */
export function inBlockOrder(
  system: ResidualSystem,
  plan: SystemPlan,
  shards: readonly Shard[],
  part: (shard: number) => Float64Array,
  width: number,
): Float64Array {
  const first: number[] = [];
  let total = 0;
  for (const block of system.blocks) {
    first.push(total);
    total += block.count * block.residuals.length;
  }
  const ordered = new Float64Array(total * width);
  shards.forEach(({ tiles }, s) => {
    const values = part(s);
    let at = 0;
    for (const tile of tiles) {
      const { members, outputs } = plan.groups[tile.group];
      for (let n = tile.start; n < tile.start + tile.count; n++) {
        for (const { member, index } of outputs) {
          const block = members[member];
          const row = first[block] + n * system.blocks[block].residuals.length + index;
          ordered.set(values.subarray(at, at + width), row * width);
          at += width;
        }
      }
    }
  });
  return ordered;
}
