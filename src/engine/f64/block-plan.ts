/** A block of residuals, compiled: the networks it needs, its program, its partial derivatives. */
import { ProblemError } from '../../errors.ts';
import { partial } from '../../expression/differentiate.ts';
import { type Expression, type FieldNode, type Leaf, leavesOf } from '../../expression/expression.ts';
import { compileProgram } from '../../expression/program.ts';
import { type JetPlan, jetPlan } from '../../jet/jet-plan.ts';
import { type MultiIndex, multiIndexKey } from '../../jet/multi-index.ts';
import type { ResidualBlock, ResidualSystem } from '../../residual/residual-system.ts';
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

export interface BlockPlan {
  /** Number of residuals at a point. */
  readonly outputs: number;
  readonly sides: number;
  readonly columns: readonly string[];
  readonly passes: readonly PassPlan[];
  readonly value: ProgramPlan;
  readonly full: ProgramPlan;
  readonly fieldPartials: readonly FieldPartial[];
  readonly unknownPartials: readonly UnknownPartial[];
}

/**
 * Compiles a block.
 *
 * @param offsets where each network's parameters begin in θ
 * @throws ProblemError if a residual names a field, column or unknown that the system does not have
 */
export function blockPlan(
  system: ResidualSystem,
  block: ResidualBlock,
  offsets: readonly number[],
): BlockPlan {
  const leaves = leavesOf(block.residuals);
  const jets = new BlockJets(
    system,
    block,
    leaves.filter((leaf) => leaf.kind === 'field'),
  );
  const columns = Object.keys(block.columns);
  const missing = (what: string): ProblemError =>
    new ProblemError(`there is no ${what}`, { path: block.path });
  const inputPlan = (leaf: Leaf): InputPlan => {
    switch (leaf.kind) {
      case 'coordinate':
        return { kind: 'coordinate', coordinate: leaf.index };
      case 'unknown': {
        const unknown = system.unknowns.indexOf(leaf.name);
        if (unknown < 0) throw missing(`unknown \`${leaf.name}\``);
        return { kind: 'unknown', unknown };
      }
      case 'column': {
        const column = columns.indexOf(leaf.name);
        if (column < 0) throw missing(`column \`${leaf.name}\``);
        return { kind: 'column', column };
      }
      case 'field':
        return jets.place(leaf);
    }
  };
  const program = (expressions: readonly Expression[]): ProgramPlan => {
    const compiled = compileProgram(expressions);
    return { code: programCode(compiled), inputs: compiled.inputs.map(inputPlan) };
  };

  const expressions: Expression[] = [...block.residuals];
  const partials: { output: number; input: InputPlan; expression: number }[] = [];
  block.residuals.forEach((residual, output) => {
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
    outputs: block.residuals.length,
    sides: block.points.length,
    columns,
    passes: jets.passes(offsets),
    value: program(block.residuals),
    full,
    fieldPartials,
    unknownPartials,
  };
}

/** One jet for every network and point set that occurs in a block. */
class BlockJets {
  readonly #system: ResidualSystem;
  readonly #block: ResidualBlock;
  readonly #keys: string[] = [];
  readonly #jets: { readonly network: number; readonly side: number; readonly plan: JetPlan }[] = [];

  constructor(system: ResidualSystem, block: ResidualBlock, fields: readonly FieldNode[]) {
    this.#system = system;
    this.#block = block;
    const wanted = new Map<string, { network: number; side: number; indices: MultiIndex[] }>();
    for (const leaf of fields) {
      const { network } = this.#home(leaf);
      const key = `${network}:${leaf.side}`;
      const jet = wanted.get(key) ?? { network, side: leaf.side, indices: [] };
      wanted.set(key, jet);
      const index = localIndex(system.trial.networks[network], leaf.order);
      if (index !== null) jet.indices.push(index);
    }
    for (const [key, { network, side, indices }] of wanted) {
      this.#keys.push(key);
      const dimension = system.trial.networks[network].coordinates.length;
      this.#jets.push({ network, side, plan: jetPlan(dimension, indices) });
    }
  }

  /** Where the value of a field node is found. */
  place(leaf: FieldNode): InputPlan {
    const { network, field } = this.#home(leaf);
    const index = localIndex(this.#system.trial.networks[network], leaf.order);
    if (index === null) return { kind: 'zero' };
    const pass = this.#keys.indexOf(`${network}:${leaf.side}`);
    const key = multiIndexKey(index);
    const component = this.#jets[pass].plan.indices.findIndex((other) => multiIndexKey(other) === key);
    return { kind: 'field', pass, component, field };
  }

  passes(offsets: readonly number[]): PassPlan[] {
    return this.#jets.map(({ network, side, plan }) =>
      passPlan(this.#system.trial.networks[network], network, side, plan, offsets[network]),
    );
  }

  #home(leaf: FieldNode): { network: number; field: number } {
    const network = this.#system.trial.networks.findIndex(({ fields }) => fields.includes(leaf.name));
    if (network < 0) {
      throw new ProblemError(`no network has the field \`${leaf.name}\``, { path: this.#block.path });
    }
    if (leaf.side >= this.#block.points.length) {
      throw new ProblemError(`\`${leaf.name}\` is taken at point set ${leaf.side}, which is not given`, {
        path: this.#block.path,
      });
    }
    return { network, field: this.#system.trial.networks[network].fields.indexOf(leaf.name) };
  }
}

function isZero(expression: Expression): boolean {
  return expression.kind === 'number' && expression.value === 0;
}
