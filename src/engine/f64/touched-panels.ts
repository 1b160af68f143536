import type { GroupPlan } from './group-plan.ts';
import type { SystemPlan } from './system-plan.ts';

/** Where the rows of one residual can be other than zero, in panels of four parameters. */
export interface TouchedPanels {
  /** In ascending order. */
  readonly panels: readonly number[];
  /** Parameters of those panels that the residual does not depend on. */
  readonly gaps: readonly { readonly first: number; readonly count: number }[];
}

/** With so large a share of all panels touched, passing over the others saves nothing. */
const MOST = 0.9;

/**
 * The panels that one residual of a group touches: those of its networks and unknowns. Null where these are nearly
 * all.
 */
export function touchedPanels(system: SystemPlan, group: GroupPlan, output: number): TouchedPanels | null {
  const touched = new Uint8Array(Math.ceil(system.size / 4) * 4);
  for (const partial of group.fieldPartials) {
    if (partial.output !== output) continue;
    const { offset, size } = system.networks[group.passes[partial.pass].network];
    touched.fill(1, offset, offset + size);
  }
  for (const partial of group.unknownPartials)
    if (partial.output === output) touched[system.trialSize + partial.unknown] = 1;
  const panels: number[] = [];
  const gaps: { first: number; count: number }[] = [];
  for (let p = 0; p < touched.length; p += 4) {
    if (!touched.subarray(p, p + 4).includes(1)) continue;
    panels.push(p / 4);
    for (let q = p; q < Math.min(p + 4, system.size); q++)
      if (touched[q] === 0) gaps.push({ first: q, count: 1 });
  }
  return panels.length > (MOST * touched.length) / 4 ? null : { panels, gaps };
}
