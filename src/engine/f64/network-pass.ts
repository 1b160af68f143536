/** One network on one tile: jets forward, adjoint back, with every buffer's address laid out once. */
import type { LinearMemory } from './linear-memory.ts';
import type { PackedWeights } from './packed-weights.ts';
import type { ActivationPlan, EmbeddingPlan, PassPlan } from './pass-plan.ts';
import type { PolynomialCode, RegisterKind } from './polynomial-code.ts';

/** A list of polynomial instructions with its registers' addresses. */
interface PlacedCode {
  readonly code: number;
  readonly count: number;
  readonly coefficients: number;
  readonly registers: number;
  readonly length: number;
}

interface PlacedActivation {
  readonly value: PlacedCode;
  readonly full: PlacedCode;
  readonly adjoint: PlacedCode | null;
}

export class NetworkPass {
  readonly plan: PassPlan;
  readonly #memory: LinearMemory;
  readonly #weights: PackedWeights;
  readonly #points: number;
  /** Input of layer l; the last entry is the output. */
  readonly #buffers: number[] = [];
  readonly #widths: number[] = [];
  readonly #adjoints: number[];
  readonly #activations: (PlacedActivation | null)[];
  readonly #firstTrained: number;
  readonly #scratchColumn: number;

  /** @param points of the tile, a multiple of four */
  constructor(memory: LinearMemory, plan: PassPlan, weights: PackedWeights, points: number) {
    this.plan = plan;
    this.#memory = memory;
    this.#weights = weights;
    this.#points = points;
    const { components, layers } = plan;
    this.#firstTrained = layers.findIndex((layer) => layer.kind === 'affine');
    this.#widths.push(plan.inputs);
    for (const layer of layers) this.#widths.push(layer.kind === 'activation' ? layer.width : layer.outputs);
    for (const width of this.#widths) this.#buffers.push(memory.allocate(8 * components * width * points));
    const largest = 8 * components * Math.max(...this.#widths) * points;
    const turns = [memory.allocate(largest), memory.allocate(largest)];
    this.#adjoints = this.#buffers.map((_, l) => turns[l % 2]);
    this.#scratchColumn = memory.allocate(8 * points);
    this.#activations = layers.map((layer, l) => {
      if (layer.kind === 'activation') return this.#placeActivation(layer, l);
      return layer.kind === 'embedding' ? this.#placeEmbedding(layer, l) : null;
    });
  }

  /** Address of one component of the output: panels of `plan.outputs` units. */
  output(component: number): number {
    return this.#buffers[this.#buffers.length - 1] + this.#componentOffset(component);
  }

  /** The same of the adjoint of the output, where seeds are put. */
  seed(component: number): number {
    return this.#adjoints[this.#adjoints.length - 1] + this.#componentOffset(component);
  }

  clearSeeds(): void {
    const start = this.seed(0) / 8;
    this.#memory.floats.fill(0, start, start + this.plan.components * this.plan.outputs * this.#points);
  }

  /**
   * Jets of the fields from the coordinates.
   *
   * @param coordinates address of the point set's coordinate columns, one after the other
   * @param full whether the adjoint will follow
   */
  forward(coordinates: number, full: boolean): void {
    const { kernels } = this.#memory;
    const { components, inputs, layers } = this.plan;
    const points = this.#points;
    const start = this.#buffers[0];
    this.#memory.floats.fill(0, start / 8, start / 8 + components * inputs * points);
    this.plan.coordinates.forEach(({ coordinate, slopes }, i) => {
      kernels.scatterColumn(coordinates + 8 * coordinate * points, start, inputs, i, points);
      slopes.forEach((slope, c) => {
        if (slope === 0) return;
        kernels.scatterConstant(slope, start + 8 * (c + 1) * inputs * points, inputs, i, points);
      });
    });
    layers.forEach((layer, l) => {
      const from = this.#buffers[l];
      const to = this.#buffers[l + 1];
      if (layer.kind === 'activation') {
        const { value, full: withAdjoint } = this.#activations[l]!;
        this.#run(full ? withAdjoint : value);
        return;
      }
      const { matrix, bias } = this.#weights.forward(this.plan.network, l);
      const panels = points / 4;
      const z = layer.kind === 'embedding' ? this.#adjoints[l] : to;
      kernels.product(matrix, from, z, layer.outputs, layer.inputs, components * panels, bias, panels);
      if (layer.kind === 'embedding') this.#sineJets(layer, l, z, to);
    });
  }

  /** Adds the gradient of the seeded sum to `gradient`, an address of all of θ. */
  backward(gradient: number): void {
    const { kernels } = this.#memory;
    const panels = this.#points / 4;
    this.#adjoint((x, y, inputs, outputs, offset) => {
      kernels.weightGradient(x, y, gradient + 8 * offset, inputs, outputs, this.plan.components * panels);
      kernels.biasGradient(y, gradient + 8 * (offset + inputs * outputs), outputs, panels);
    });
  }

  /** Writes (or adds) the seeded quantity's derivatives, point by point, into rows of a packed Jacobian. */
  backwardRows(jacobian: number, capacity: number, accumulate: boolean): void {
    const { kernels } = this.#memory;
    const { components } = this.plan;
    this.#adjoint((x, y, inputs, outputs, offset) => {
      const panels = this.#points / 4;
      kernels.jacobianRows(x, y, inputs, outputs, components, panels, jacobian, capacity, offset, accumulate);
    });
  }

  #adjoint(visit: (x: number, y: number, inputs: number, outputs: number, offset: number) => void): void {
    const { kernels } = this.#memory;
    const { layers, components } = this.plan;
    if (this.#firstTrained < 0) return;
    for (let l = layers.length - 1; l >= this.#firstTrained; l--) {
      const layer = layers[l];
      if (layer.kind === 'activation') {
        this.#run(this.#activations[l]!.adjoint!);
      } else if (layer.kind === 'affine') {
        const y = this.#adjoints[l + 1];
        visit(this.#buffers[l], y, layer.inputs, layer.outputs, layer.offset);
        if (l === this.#firstTrained) return;
        const matrix = this.#weights.backward(this.plan.network, l);
        const panels = (components * this.#points) / 4;
        kernels.product(matrix, y, this.#adjoints[l], layer.inputs, layer.outputs, panels, 0, 0);
      }
    }
  }

  /** Sine on all columns, then the linear ones put back. */
  #sineJets(layer: EmbeddingPlan, l: number, z: number, y: number): void {
    const { kernels } = this.#memory;
    this.#run(this.#activations[l]!.value);
    const step = 8 * layer.outputs * this.#points;
    for (const unit of layer.linear) {
      for (let component = 0; component < this.plan.components; component++) {
        const offset = component * step;
        kernels.gatherColumn(z + offset, layer.outputs, unit, this.#scratchColumn, this.#points);
        kernels.scatterColumn(this.#scratchColumn, y + offset, layer.outputs, unit, this.#points);
      }
    }
  }

  #run({ code, count, coefficients, registers, length }: PlacedCode): void {
    this.#memory.kernels.evaluatePolynomials(code, count, coefficients, registers, length);
  }

  #componentOffset(component: number): number {
    return 8 * component * this.plan.outputs * this.#points;
  }

  #placeActivation(layer: ActivationPlan, l: number): PlacedActivation {
    const length = layer.width * this.#points;
    const derivatives = new Map<number, number>();
    for (const k of layer.full.kept) derivatives.set(k, this.#memory.allocate(8 * length));
    const bases: Partial<Record<RegisterKind, number>> = {
      argument: this.#buffers[l],
      result: this.#buffers[l + 1],
      seed: this.#adjoints[l + 1],
      adjoint: this.#adjoints[l],
    };
    const place = (code: PolynomialCode): PlacedCode => this.#placeCode(code, length, bases, derivatives);
    return {
      value: place(layer.value.forward),
      full: place(layer.full.forward),
      adjoint: layer.full.adjoint === undefined ? null : place(layer.full.adjoint),
    };
  }

  #placeEmbedding(layer: EmbeddingPlan, l: number): PlacedActivation {
    const bases = { argument: this.#adjoints[l], result: this.#buffers[l + 1] };
    const placed = this.#placeCode(layer.sine.forward, layer.outputs * this.#points, bases, new Map());
    return { value: placed, full: placed, adjoint: null };
  }

  #placeCode(
    code: PolynomialCode,
    length: number,
    bases: Partial<Record<RegisterKind, number>>,
    derivatives: ReadonlyMap<number, number>,
  ): PlacedCode {
    const memory = this.#memory;
    const piece = memory.kernels.pieceSize();
    const registers = code.registers.flatMap(({ kind, index }) => {
      if (kind === 'scratch') return [memory.allocate(8 * piece), 0];
      if (kind === 'derivative') return [derivatives.get(index)!, 1];
      return [bases[kind]! + 8 * index * length, 1];
    });
    return {
      code: memory.allocateWords(code.words),
      count: code.instructions,
      coefficients: memory.allocateFloats(code.coefficients),
      registers: memory.allocateWords(registers),
      length,
    };
  }
}
