/**
 * A residual system in the form that every thread works from: plain data and compiled loops.
 */
import { ProblemError } from '../../errors.ts';
import { hasWindows, networkSize, trialSize } from '../../network/trial-solution.ts';
import type { ResidualSystem } from '../../residual/residual-system.ts';
import { type GroupPlan, groupPlan, groupsOf } from './group-plan.ts';
import { LoopModule } from './loop-module.ts';

export interface SystemPlan {
  readonly dimension: number;
  /** Length of θ. */
  readonly size: number;
  /** Where the unknowns begin in θ. */
  readonly trialSize: number;
  readonly unknowns: number;
  /** Every network's part of θ. */
  readonly networks: readonly { readonly offset: number; readonly size: number }[];
  /** Number of blocks. */
  readonly blocks: number;
  readonly groups: readonly GroupPlan[];
  /** The loops that activations are. */
  readonly loops: WebAssembly.Module;
}

/**
 * Compiles residuals and their partial derivatives, jet tables and layers.
 * @throws ProblemError if the system is not consistent
 */
export async function systemPlan(system: ResidualSystem): Promise<SystemPlan> {
  if (hasWindows(system.trial)) throw new ProblemError('windows are resolved before an engine is created');
  const parameters = trialSize(system.trial);
  let offset = 0;
  const networks = system.trial.networks.map((network) => {
    const part = { offset, size: networkSize(network) };
    offset += part.size;
    return part;
  });
  const offsets = networks.map((part) => part.offset);
  const loops = new LoopModule();
  const groups = groupsOf(system).map((members) => groupPlan(system, members, offsets, loops));
  return {
    dimension: system.trial.dimension,
    size: parameters + system.unknowns.length,
    trialSize: parameters,
    unknowns: system.unknowns.length,
    networks,
    blocks: system.blocks.length,
    groups,
    loops: await loops.compile(),
  };
}
