/**
 * Which networks have to be run on which points: blocks that need the same derivatives of a network share
 * one pass, their points one below the other.
 */
import { ProblemError } from '../../errors.ts';
import type { FieldNode, Leaf } from '../../expression/expression.ts';
import { compileProgram, type Program } from '../../expression/program.ts';
import { type JetPlan, jetPlan } from '../../jet/jet-plan.ts';
import { closeDownward, type MultiIndex, multiIndexKey } from '../../jet/multi-index.ts';
import { componentOf, localIndices, networkPoints } from '../../network/evaluate.ts';
import type { ResidualBlock, ResidualSystem } from '../../residual/residual-system.ts';

export interface NetworkPass {
  /** Position among the trial solution's networks. */
  readonly network: number;
  readonly plan: JetPlan;
  /** (rows, inputs), the network's own coordinates. */
  readonly points: Float64Array;
  readonly rows: number;
}

/** Where the values of a field node stand: rows offset … offset + N − 1 of one column of one component. */
export interface FieldSource {
  readonly pass: number;
  readonly component: number;
  readonly field: number;
  readonly offset: number;
}

export interface BlockPlan {
  readonly program: Program;
  /** For every input of the program: where a field stands, or null where it is no field or is zero. */
  readonly sources: readonly (FieldSource | null)[];
}

export interface PassPlan {
  readonly passes: readonly NetworkPass[];
  readonly blocks: readonly BlockPlan[];
}

interface Need {
  readonly network: number;
  readonly points: Float64Array;
  readonly count: number;
  readonly indices: MultiIndex[];
}

/** @throws ProblemError if a residual uses a field that no network has */
export function planPasses({ trial, blocks }: ResidualSystem): PassPlan {
  const networkOf = new Map<string, { network: number; field: number }>();
  trial.networks.forEach((network, n) => {
    network.fields.forEach((name, field) => {
      networkOf.set(name, { network: n, field });
    });
  });
  const locate = (leaf: FieldNode, block: ResidualBlock) => {
    const place = networkOf.get(leaf.name);
    if (place === undefined)
      throw new ProblemError(`no network has the field \`${leaf.name}\``, { path: block.path });
    const [index] = localIndices(trial.networks[place.network], [leaf.order]);
    return { ...place, index };
  };

  const programs = blocks.map((block) => compileProgram(block.residuals));
  const needs = new Map<string, Need>();
  // The same array of points is the same set, whichever blocks hold it.
  const pointSets = new Map<Float64Array, number>();
  const keyOf = (network: number, points: Float64Array): string => {
    if (!pointSets.has(points)) pointSets.set(points, pointSets.size);
    return `${network}:${pointSets.get(points)}`;
  };
  blocks.forEach((block, b) => {
    for (const leaf of fieldsOf(programs[b].inputs)) {
      const { network, index } = locate(leaf, block);
      if (index === null) continue;
      const points = block.points[leaf.side];
      const key = keyOf(network, points);
      const need = needs.get(key) ?? { network, points, count: block.count, indices: [] };
      need.indices.push(index);
      needs.set(key, need);
    }
  });

  const groups = new Map<string, { network: number; plan: JetPlan; members: Need[] }>();
  const placeOf = new Map<string, { pass: number; offset: number }>();
  for (const [key, need] of needs) {
    const dimension = trial.networks[need.network].coordinates.length;
    const closed = closeDownward(dimension, need.indices);
    const groupKey = `${need.network}|${closed.map(multiIndexKey).join(' ')}`;
    let group = groups.get(groupKey);
    if (group === undefined) {
      group = { network: need.network, plan: jetPlan(dimension, closed), members: [] };
      groups.set(groupKey, group);
    }
    const offset = group.members.reduce((sum, member) => sum + member.count, 0);
    placeOf.set(key, { pass: [...groups.keys()].indexOf(groupKey), offset });
    group.members.push(need);
  }

  const passes = [...groups.values()].map(({ network, plan, members }): NetworkPass => {
    const own = members.map(({ points, count }) =>
      networkPoints(trial.networks[network], trial.dimension, points, 0, count),
    );
    const points = new Float64Array(own.reduce((sum, part) => sum + part.length, 0));
    let position = 0;
    for (const part of own) {
      points.set(part, position);
      position += part.length;
    }
    return { network, plan, points, rows: members.reduce((sum, { count }) => sum + count, 0) };
  });

  return {
    passes,
    blocks: blocks.map((block, b) => ({
      program: programs[b],
      sources: programs[b].inputs.map((leaf) => {
        if (leaf.kind !== 'field') return null;
        const { network, field, index } = locate(leaf, block);
        if (index === null) return null;
        const place = placeOf.get(keyOf(network, block.points[leaf.side]))!;
        return { ...place, field, component: componentOf(passes[place.pass].plan, index) };
      }),
    })),
  };
}

function fieldsOf(leaves: readonly Leaf[]): FieldNode[] {
  return leaves.filter((leaf) => leaf.kind === 'field');
}
