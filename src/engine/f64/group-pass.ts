/** One group of blocks on one tile size: networks, residual program, seeds. */

import type { GroupPlan, ProgramPlan } from './group-plan.ts';
import type { LinearMemory } from './linear-memory.ts';
import { NetworkPass, PANEL } from './network-pass.ts';
import type { PackedWeights } from './packed-weights.ts';
import type { SystemPlan } from './system-plan.ts';
import { touchedPanels } from './touched-panels.ts';

interface PlacedProgram {
  readonly plan: ProgramPlan;
  readonly code: number;
  /** Address of the table of registers' addresses. */
  readonly table: number;
  readonly addresses: number[];
  /** Inputs that have to be brought together from the networks' outputs. */
  readonly gathered: readonly {
    readonly register: number;
    readonly source: number;
    readonly step: number;
  }[];
}

/** Panels of parameters that a residual's rows are confined to. */
export interface RowPanels {
  /** Address of their numbers. */
  readonly list: number;
  readonly count: number;
  /** The same for rows of the same panels. */
  readonly key: string;
  readonly gaps: readonly { readonly first: number; readonly count: number }[];
}

export class GroupPass {
  readonly plan: GroupPlan;
  readonly points: number;
  readonly #memory: LinearMemory;
  readonly #dimension: number;
  readonly #passes: NetworkPass[];
  readonly #value: PlacedProgram;
  readonly #full: PlacedProgram;
  readonly #factor: number;
  /** By residual, null where it touches nearly all parameters. */
  readonly #panels: readonly (RowPanels | null)[];
  #current: PlacedProgram;
  #data = 0;

  constructor(
    memory: LinearMemory,
    system: SystemPlan,
    plan: GroupPlan,
    weights: PackedWeights,
    points: number,
  ) {
    this.plan = plan;
    this.points = points;
    this.#memory = memory;
    this.#dimension = system.dimension;
    const loops = memory.loops(system.loops);
    this.#passes = plan.passes.map((pass) => new NetworkPass(memory, loops, pass, weights, points));
    this.#value = this.#placeProgram(plan.value);
    this.#full = this.#placeProgram(plan.full);
    this.#factor = memory.allocate(8 * points);
    this.#panels = plan.outputs.map((_, output) => {
      const touched = touchedPanels(system, plan, output);
      if (touched === null) return null;
      const { panels, gaps } = touched;
      return { list: memory.allocateWords(panels), count: panels.length, key: panels.join(), gaps };
    });
    this.#current = this.#value;
  }

  /** Address of the weights that go with one residual. */
  weights(output: number): number {
    const { sides, columns, outputs } = this.plan;
    return this.#column(sides * this.#dimension + columns.length + 2 * outputs[output].member);
  }

  rootWeights(output: number): number {
    return this.weights(output) + 8 * this.points;
  }

  /** The panels to which the rows of one residual are confined; null where these are nearly all. */
  panels(output: number): RowPanels | null {
    return this.#panels[output];
  }

  /** Address of the column of one residual. */
  residual(output: number): number {
    return this.#current.addresses[this.#current.plan.code.outputs[output]];
  }

  /**
   * Evaluates the residuals, and their partial derivatives if `full`.
   *
   * @param data address of the tile's columns
   * @param unknowns raw values of the unknowns
   */
  evaluate(data: number, unknowns: Float64Array, full: boolean): void {
    const { kernels } = this.#memory;
    const { points } = this;
    this.#data = data;
    for (const pass of this.#passes) pass.forward(this.#column(pass.plan.side * this.#dimension), full);
    const program = full ? this.#full : this.#value;
    this.#current = program;
    const words = this.#memory.words;
    const floats = this.#memory.floats;
    for (let register = 0; register < program.plan.inputs.length; register++) {
      const input = program.plan.inputs[register];
      let address = program.addresses[register];
      if (input.kind === 'coordinate') address = this.#column(input.coordinate);
      else if (input.kind === 'column') {
        address = this.#column(this.plan.sides * this.#dimension + input.column);
      } else if (input.kind === 'unknown') {
        floats.fill(unknowns[input.unknown], address / 8, address / 8 + points);
      }
      program.addresses[register] = address;
      words[program.table / 4 + register] = address;
    }
    for (const { register, source, step } of program.gathered) {
      kernels.gatherColumn(source, step, program.addresses[register], points);
    }
    kernels.runProgram(program.code, program.plan.code.instructions, program.table, points);
  }

  /** Adds Σ_n w_n r_n² of every residual to its block's entry, entries being counted from `first`. */
  addLosses(terms: Float64Array, first: number): void {
    this.plan.outputs.forEach(({ member }, output) => {
      const weights = this.weights(output);
      const loss = this.#memory.kernels.weightedSquare(this.residual(output), weights, this.points);
      terms[first + this.plan.members[member]] += loss;
    });
  }

  /** Adds the gradient of those losses' sum, for the whole of θ, to what stands at the address. */
  gradient(gradient: number, firstUnknown: number): void {
    this.pullback(gradient, firstUnknown, (output) => this.residual(output));
  }

  /** Adds 2 Σ_n w_n s_n ∂r_n/∂θ over every residual, with s the column at the address that `values` names. */
  pullback(gradient: number, firstUnknown: number, values: (output: number) => number): void {
    const { kernels } = this.#memory;
    const { points } = this;
    for (const pass of this.#passes) pass.clearSeeds();
    for (let output = 0; output < this.plan.outputs.length; output++) {
      kernels.scaledProduct(2, this.weights(output), values(output), this.#factor, points);
      for (const partial of this.plan.fieldPartials) {
        if (partial.output === output) this.#seed(partial, this.#factor);
      }
      for (const { output: own, unknown, register } of this.plan.unknownPartials) {
        if (own !== output) continue;
        const at = gradient / 8 + firstUnknown + unknown;
        this.#memory.floats[at] += kernels.dot(this.#full.addresses[register], this.#factor, points);
      }
    }
    for (const pass of this.#passes) pass.backward(gradient);
  }

  /**
   * Writes the rows of the weighted Jacobian for one residual, and the weighted residual itself.
   *
   * @param jacobian address of the first row in packed form, see `kernels/rank-update.ts`
   * @param rho address of a column
   * @param confined to these panels; what stands in others is left there
   */
  rows(
    output: number,
    jacobian: number,
    capacity: number,
    rho: number,
    system: SystemPlan,
    confined: RowPanels | null = null,
  ): void {
    const { kernels } = this.#memory;
    const { points } = this;
    const roots = this.rootWeights(output);
    kernels.scaledProduct(1, roots, this.residual(output), rho, points);
    const written = new Set<number>();
    const seeded = new Set<number>();
    for (const partial of this.plan.fieldPartials) {
      if (partial.output !== output) continue;
      if (!seeded.has(partial.pass)) this.#passes[partial.pass].clearSeeds();
      seeded.add(partial.pass);
      this.#seed(partial, roots);
    }
    for (const index of seeded) {
      const { network } = this.plan.passes[index];
      this.#passes[index].backwardRows(jacobian, capacity, written.has(network));
      written.add(network);
    }
    if (confined !== null)
      for (const { first, count } of confined.gaps)
        kernels.clearRows(jacobian, capacity, first, count, points);
    else {
      system.networks.forEach(({ offset, size }, network) => {
        if (!written.has(network)) kernels.clearRows(jacobian, capacity, offset, size, points);
      });
      kernels.clearRows(jacobian, capacity, system.trialSize, system.unknowns, points);
    }
    for (const { output: own, unknown, register } of this.plan.unknownPartials) {
      if (own !== output) continue;
      const parameter = system.trialSize + unknown;
      const source = this.#full.addresses[register];
      kernels.columnRows(source, roots, points, jacobian, capacity, parameter, false);
    }
  }

  #seed(partial: GroupPlan['fieldPartials'][number], factor: number): void {
    const pass = this.#passes[partial.pass];
    const source = this.#full.addresses[partial.register];
    this.#memory.kernels.scatterProduct(
      source,
      factor,
      pass.seed(partial.component, partial.field),
      pass.outputStep,
      this.points,
    );
  }

  #column(index: number): number {
    return this.#data + 8 * index * this.points;
  }

  #placeProgram(plan: ProgramPlan): PlacedProgram {
    const memory = this.#memory;
    const { code, inputs } = plan;
    const columns = memory.allocate(8 * code.registers * this.points);
    const addresses = Array.from({ length: code.registers }, (_, r) => columns + 8 * r * this.points);
    const gathered: PlacedProgram['gathered'][number][] = [];
    const fill = (register: number, value: number): void => {
      const at = addresses[register] / 8;
      memory.floats.fill(value, at, at + this.points);
    };
    inputs.forEach((input, register) => {
      if (input.kind === 'zero') fill(register, 0);
      if (input.kind !== 'field') return;
      const pass = this.#passes[input.pass];
      const source = pass.output(input.component, input.field);
      if (pass.outputStep === PANEL) addresses[register] = source;
      else gathered.push({ register, source, step: pass.outputStep });
    });
    code.constants.forEach((value, i) => {
      fill(code.inputs + i, value);
    });
    return {
      plan,
      code: memory.allocateWords(code.words),
      table: memory.allocateWords(addresses),
      addresses,
      gathered,
    };
  }
}
