import type { ResidualSystem } from '../../residual/residual-system.ts';
import type { SystemPlan } from './system-plan.ts';
import { pointCost } from './tile.ts';

const MOST = 8;
/** Multiply–adds of one evaluation below which a second thread does not pay for its messages. */
const WORTH_SHARING = 2e6;

/** The number of cores, or 1 where the system is too small to be shared. */
export async function defaultThreads(plan: SystemPlan, system: ResidualSystem): Promise<number> {
  const work = system.blocks.reduce((sum, block, b) => sum + block.count * pointCost(plan.blocks[b]), 0);
  if (3 * work < WORTH_SHARING) return 1;
  return Math.max(1, Math.min(MOST, await cores()));
}

async function cores(): Promise<number> {
  if (typeof process !== 'undefined' && process.versions?.node !== undefined) {
    const { availableCores } = await import('./node-worker.ts');
    return availableCores();
  }
  return typeof navigator === 'undefined' ? 1 : (navigator.hardwareConcurrency ?? 1);
}
