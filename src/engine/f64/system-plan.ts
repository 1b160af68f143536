/**
 * A residual system in the form that every thread works from: plain data, without expressions.
 */
import { networkSize, trialSize } from '../../network/trial-solution.ts';
import type { ResidualSystem } from '../../residual/residual-system.ts';
import { type GroupPlan, groupPlan, groupsOf } from './group-plan.ts';

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
}

/**
 * Compiles residuals and their partial derivatives, jet tables and layers.
 * @throws ProblemError if the system is not consistent
 */
export function systemPlan(system: ResidualSystem): SystemPlan {
  const parameters = trialSize(system.trial);
  let offset = 0;
  const networks = system.trial.networks.map((network) => {
    const part = { offset, size: networkSize(network) };
    offset += part.size;
    return part;
  });
  const offsets = networks.map((part) => part.offset);
  return {
    dimension: system.trial.dimension,
    size: parameters + system.unknowns.length,
    trialSize: parameters,
    unknowns: system.unknowns.length,
    networks,
    blocks: system.blocks.length,
    groups: groupsOf(system).map((members) => groupPlan(system, members, offsets)),
  };
}
