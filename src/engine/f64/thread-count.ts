import type { ResidualSystem } from '../../residual/residual-system.ts';
import { workerPlatform } from '../../worker/worker-connection.ts';
import type { SystemPlan } from './system-plan.ts';
import { pointCost } from './tile.ts';

const MOST = 8;
/** Milliseconds of one evaluation, on one thread, from which on it is shared: a message and its reply take 0.06. */
const WORTH_SHARING = 0.3;

/** The number of cores, or 1 where the system is too small to be shared. */
export async function defaultThreads(plan: SystemPlan, system: ResidualSystem): Promise<number> {
  let work = 0;
  let rows = 0;
  for (const group of plan.groups) {
    const { count } = system.blocks[group.members[0]];
    work += count * pointCost(group);
    rows += count * group.outputs.length;
  }
  // As measured on a core of 4 GHz.
  const gradient = 4e-7 * work;
  const gaussNewton = 3.5e-8 * rows * plan.size ** 2;
  // Where the matrix is too large to be wanted, only the gradient counts.
  const longest = plan.size <= 5000 ? Math.max(gradient, gaussNewton / 3) : gradient;
  return longest < WORTH_SHARING ? 1 : Math.max(1, Math.min(MOST, (await workerPlatform())?.cores ?? 1));
}
