/**
 * Blocks of residuals at the same points, compiled as one: the networks they need, their program, its partial
 * derivatives. The equations of a system share one evaluation of its networks in this way.
 */
import { ProblemError } from '../../errors.ts';
import { partial } from '../../expression/differentiate.ts';
import { type Expression, type FieldNode, type Leaf, leavesOf } from '../../expression/expression.ts';
import { compileProgram } from '../../expression/program.ts';
import { type MultiIndex, multiIndexKey } from '../../jet/multi-index.ts';
import type { ResidualBlock, ResidualSystem } from '../../residual/residual-system.ts';
import { type CollapsedJet, collapsedJet } from './collapsed-jet.ts';
import { collapseHighest } from './highest-derivatives.ts';
import type { LoopModule } from './loop-module.ts';
import { localIndex, type PassPlan, passPlan } from './pass-plan.ts';
import { type ProgramCode, programCode } from './program-code.ts';

export type InputPlan =
  | { readonly kind: 'coordinate'; readonly coordinate: number }
  | { readonly kind: 'column'; readonly column: number }
  | { readonly kind: 'unknown'; readonly unknown: number }
  | { readonly kind: 'field'; readonly pass: number; readonly component: number; readonly field: number }
  /** A derivative along a coordinate that the field does not depend on. */
  | { readonly kind: 'zero' };

export interface ProgramPlan {
  readonly code: ProgramCode;
  readonly inputs: readonly InputPlan[];
}

/** ∂(residual `output`)/∂(jet component of a field) stands in `register` of the full program. */
export interface FieldPartial {
  readonly output: number;
  readonly pass: number;
  readonly component: number;
  readonly field: number;
  readonly register: number;
}

export interface UnknownPartial {
  readonly output: number;
  readonly unknown: number;
  readonly register: number;
}

/** One residual of a group. */
export interface OutputPlan {
  /** Position of its block among the group's members. */
  readonly member: number;
  /** Position among that block's residuals. */
  readonly index: number;
}

export interface GroupPlan {
  /** Positions of its blocks in the system. */
  readonly members: readonly number[];
  /** The residuals at a point, member after member. */
  readonly outputs: readonly OutputPlan[];
  readonly sides: number;
  readonly columns: readonly string[];
  readonly passes: readonly PassPlan[];
  readonly value: ProgramPlan;
  readonly full: ProgramPlan;
  readonly fieldPartials: readonly FieldPartial[];
  readonly unknownPartials: readonly UnknownPartial[];
}

/**
 * Which blocks are evaluated together: those whose point sets are the same arrays. Blocks with columns of their
 * own stay alone.
 */
export function groupsOf({ blocks }: ResidualSystem): number[][] {
  const groups: number[][] = [];
  blocks.forEach((block, b) => {
    const columns = Object.keys(block.columns).length;
    const known = groups.find(([first]) => {
      const other = blocks[first];
      return (
        columns + Object.keys(other.columns).length === 0 &&
        other.count === block.count &&
        other.points.length === block.points.length &&
        other.points.every((points, side) => points === block.points[side])
      );
    });
    if (known === undefined) groups.push([b]);
    else known.push(b);
  });
  return groups;
}

/**
 * Compiles a group.
 *
 * @param members positions of its blocks
 * @param offsets where each network's parameters begin in θ
 * @param loops takes up the loops of the activations
 * @throws ProblemError if a residual names a field, column or unknown that the system does not have
 */
export function groupPlan(
  system: ResidualSystem,
  members: readonly number[],
  offsets: readonly number[],
  loops: LoopModule,
): GroupPlan {
  const blocks = members.map((member) => system.blocks[member]);
  for (const block of blocks) checkLeaves(system, block);
  const jets = new GroupJets(
    system,
    blocks.flatMap((block) => block.residuals),
  );
  const { residuals } = jets;
  const leaves = leavesOf(residuals);
  const columns = Object.keys(blocks[0].columns);
  const inputPlan = (leaf: Leaf): InputPlan => {
    switch (leaf.kind) {
      case 'coordinate':
        return { kind: 'coordinate', coordinate: leaf.index };
      case 'unknown':
        return { kind: 'unknown', unknown: system.unknowns.indexOf(leaf.name) };
      case 'column':
        return { kind: 'column', column: columns.indexOf(leaf.name) };
      case 'field':
        return jets.place(leaf);
    }
  };
  const program = (expressions: readonly Expression[]): ProgramPlan => {
    const compiled = compileProgram(expressions);
    return { code: programCode(compiled), inputs: compiled.inputs.map(inputPlan) };
  };

  const expressions: Expression[] = [...residuals];
  const partials: { output: number; input: InputPlan; expression: number }[] = [];
  residuals.forEach((residual, output) => {
    for (const leaf of leaves) {
      if (leaf.kind !== 'field' && leaf.kind !== 'unknown') continue;
      const slope = partial(residual, leaf);
      if (isZero(slope)) continue;
      partials.push({ output, input: inputPlan(leaf), expression: expressions.push(slope) - 1 });
    }
  });
  const full = program(expressions);
  const fieldPartials: FieldPartial[] = [];
  const unknownPartials: UnknownPartial[] = [];
  for (const { output, input, expression } of partials) {
    const register = full.code.outputs[expression];
    if (input.kind === 'unknown') unknownPartials.push({ output, unknown: input.unknown, register });
    if (input.kind === 'field') {
      const { pass, component, field } = input;
      fieldPartials.push({ output, pass, component, field, register });
    }
  }
  return {
    members,
    outputs: blocks.flatMap((block, member) => block.residuals.map((_, index) => ({ member, index }))),
    sides: blocks[0].points.length,
    columns,
    passes: jets.passes(offsets, loops),
    value: program(residuals),
    full,
    fieldPartials,
    unknownPartials,
  };
}

function checkLeaves(system: ResidualSystem, block: ResidualBlock): void {
  const wrong = (message: string): ProblemError => new ProblemError(message, { path: block.path });
  for (const leaf of leavesOf(block.residuals)) {
    const { name } = leaf;
    if (leaf.kind === 'unknown' && !system.unknowns.includes(name))
      throw wrong(`there is no unknown \`${name}\``);
    if (leaf.kind === 'column' && !(name in block.columns)) throw wrong(`there is no column \`${name}\``);
    if (leaf.kind !== 'field') continue;
    if (!system.trial.networks.some(({ fields }) => fields.includes(name))) {
      throw wrong(`no network has the field \`${name}\``);
    }
    if (leaf.side >= block.points.length) {
      throw wrong(`\`${name}\` is taken at point set ${leaf.side}, which is not given`);
    }
  }
}

/** One jet for every network and point set that occurs in a group. */
class GroupJets {
  /** The group's residuals, derivatives that travel together being named by the first of them. */
  readonly residuals: readonly Expression[];
  readonly #system: ResidualSystem;
  readonly #keys: string[];
  readonly #jets: { readonly network: number; readonly side: number; readonly jet: CollapsedJet }[];

  constructor(system: ResidualSystem, residuals: readonly Expression[]) {
    this.#system = system;
    const { networks } = system.trial;
    const wanted = new Map<string, { network: number; side: number; leaves: FieldNode[] }>();
    for (const leaf of leavesOf(residuals)) {
      if (leaf.kind !== 'field') continue;
      const { network } = this.#home(leaf);
      const key = `${network}:${leaf.side}`;
      const own = wanted.get(key) ?? { network, side: leaf.side, leaves: [] };
      wanted.set(key, own);
      if (localIndex(networks[network], leaf.order) !== null) own.leaves.push(leaf);
    }
    this.#keys = [...wanted.keys()];
    const needs = [...wanted.values()];
    const collapsed = collapseHighest(
      residuals,
      needs.map(({ leaves }) => leaves),
    );
    this.residuals = collapsed.residuals;
    this.#jets = needs.map(({ network, side, leaves }, i) => {
      const local = (order: MultiIndex): MultiIndex => localIndex(networks[network], order)!;
      const combinations = collapsed.combinations[i].map((parts) =>
        parts.map(({ order, weight }) => ({ index: local(order), weight })),
      );
      const indices = leaves.map(({ order }) => local(order));
      return {
        network,
        side,
        jet: collapsedJet(networks[network].coordinates.length, indices, combinations),
      };
    });
  }

  /** Where the value of a field node is found. */
  place(leaf: FieldNode): InputPlan {
    const { network, field } = this.#home(leaf);
    const index = localIndex(this.#system.trial.networks[network], leaf.order);
    if (index === null) return { kind: 'zero' };
    const pass = this.#keys.indexOf(`${network}:${leaf.side}`);
    const key = multiIndexKey(index);
    const component = this.#jets[pass].jet.components.findIndex(
      ([{ index: own }]) => multiIndexKey(own) === key,
    );
    return { kind: 'field', pass, component, field };
  }

  passes(offsets: readonly number[], loops: LoopModule): PassPlan[] {
    return this.#jets.map(({ network, side, jet }) =>
      passPlan(this.#system.trial.networks[network], network, side, jet, offsets[network], loops),
    );
  }

  #home(leaf: FieldNode): { network: number; field: number } {
    const { networks } = this.#system.trial;
    const network = networks.findIndex(({ fields }) => fields.includes(leaf.name));
    return { network, field: networks[network].fields.indexOf(leaf.name) };
  }
}

function isZero(expression: Expression): boolean {
  return expression.kind === 'number' && expression.value === 0;
}
