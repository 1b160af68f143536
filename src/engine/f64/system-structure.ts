import type { ResidualSystem } from '../../residual/residual-system.ts';
import { groupsOf } from './group-plan.ts';

/** Whether points, columns and weights are all that differs. */
export function sameStructure(a: ResidualSystem, b: ResidualSystem): boolean {
  return (
    a.trial === b.trial &&
    a.unknowns.length === b.unknowns.length &&
    a.unknowns.every((name, i) => name === b.unknowns[i]) &&
    a.blocks.length === b.blocks.length &&
    a.blocks.every((block, i) => {
      const other = b.blocks[i];
      return (
        block.points.length === other.points.length &&
        block.residuals.length === other.residuals.length &&
        block.residuals.every((residual, o) => residual === other.residuals[o]) &&
        Object.keys(block.columns).join('\n') === Object.keys(other.columns).join('\n')
      );
    }) &&
    JSON.stringify(groupsOf(a)) === JSON.stringify(groupsOf(b))
  );
}
