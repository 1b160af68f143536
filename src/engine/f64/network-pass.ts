/**
 * One network on one tile: jets forward, adjoint back, with every buffer's address laid out once. Jets stand as
 * [panel of four points][component][unit][4].
 */
import type { ActivationCode, BaseTarget } from './activation-code.ts';
import type { LinearMemory } from './linear-memory.ts';
import type { Loop } from './loop-module.ts';
import type { PackedWeights } from './packed-weights.ts';
import type { EmbeddingPlan, PassPlan } from './pass-plan.ts';

/** Bytes of four points of one unit. */
export const PANEL = 32;

/** A call of a kernel, its arguments bound. */
type Step = () => void;

/** Addresses of what an activation works on. */
interface ActivationBuffers {
  readonly width: number;
  readonly argument: number;
  readonly result: number;
  /** Overwritten by the adjoint. */
  readonly seed: number;
  readonly kept: readonly number[];
}

export class NetworkPass {
  readonly plan: PassPlan;
  readonly #memory: LinearMemory;
  readonly #loops: readonly Loop[];
  readonly #weights: PackedWeights;
  readonly #points: number;
  /** Input of layer l; the last entry is the output. */
  readonly #buffers: number[] = [];
  readonly #adjoints: number[];
  readonly #activations: (ActivationBuffers | null)[];
  readonly #value: readonly Step[];
  readonly #full: readonly Step[];
  readonly #adjointLoops: readonly (Step | null)[];
  readonly #firstTrained: number;

  /**
   * @param loops the compiled loops of the plan
   * @param points of the tile, a multiple of four
   */
  constructor(
    memory: LinearMemory,
    loops: readonly Loop[],
    plan: PassPlan,
    weights: PackedWeights,
    points: number,
  ) {
    this.plan = plan;
    this.#memory = memory;
    this.#loops = loops;
    this.#weights = weights;
    this.#points = points;
    const { components, layers } = plan;
    this.#firstTrained = layers.findIndex((layer) => layer.kind === 'affine');
    const widths = [plan.inputs];
    for (const layer of layers) widths.push(layer.kind === 'activation' ? layer.width : layer.outputs);
    for (const width of widths) this.#buffers.push(memory.allocate(8 * components * width * points));
    const largest = 8 * components * Math.max(...widths) * points;
    const turns = [memory.allocate(largest), memory.allocate(largest)];
    // Activations and gates turn the adjoint of their result into that of their argument in place.
    let turn = 0;
    this.#adjoints = [turns[turn]];
    for (const layer of layers) {
      if (layer.kind !== 'activation' && layer.kind !== 'gate') turn = 1 - turn;
      this.#adjoints.push(turns[turn]);
    }
    const gate = layers.find((layer) => layer.kind === 'gate');
    if (gate !== undefined) {
      // Every gate adds to the adjoint of the encodings.
      const encodings = memory.allocate(8 * components * 3 * gate.outputs * points);
      this.#adjoints.fill(encodings, this.#firstTrained + 1, this.#firstTrained + 3);
    }
    this.#activations = layers.map((layer, l) => this.#activationBuffers(layer, l));
    this.#value = layers.flatMap((layer, l) => this.#forwardSteps(layer, l, false));
    this.#full = layers.flatMap((layer, l) => this.#forwardSteps(layer, l, true));
    this.#adjointLoops = layers.map((layer, l) => {
      if (layer.kind === 'gate') return this.#gateStep(layer.adjoint, l, this.#adjoints[l + 1]);
      if (layer.kind !== 'activation' || layer.full.adjoint === null) return null;
      return this.#loop(layer.full.adjoint, layer.full.kept, this.#activations[l]!);
    });
    this.#fillSlopes();
  }

  /** Address of one component of one field, four points every `outputStep` bytes. */
  output(component: number, field: number): number {
    return this.#buffers[this.#buffers.length - 1] + this.#outputOffset(component, field);
  }

  /** The same of the adjoint of the output, where seeds are put. */
  seed(component: number, field: number): number {
    return this.#adjoints[this.#adjoints.length - 1] + this.#outputOffset(component, field);
  }

  get outputStep(): number {
    return PANEL * this.plan.components * this.plan.outputs;
  }

  clearSeeds(): void {
    const start = this.seed(0, 0) / 8;
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
    const { components, inputs } = this.plan;
    const points = this.#points;
    const step = PANEL * components * inputs;
    const first = this.#buffers[0];
    for (let i = 0; i < inputs; i++) {
      const { coordinate } = this.plan.coordinates[i];
      kernels.scatterColumn(coordinates + 8 * coordinate * points, first + PANEL * i, step, points);
    }
    for (const run of full ? this.#full : this.#value) run();
  }

  /** Adds the gradient of the seeded sum to `gradient`, an address of all of θ. */
  backward(gradient: number): void {
    const { kernels } = this.#memory;
    const { components } = this.plan;
    const panels = (components * this.#points) / 4;
    this.#adjoint((x, y, inputs, outputs, offset) => {
      kernels.weightGradient(x, y, gradient + 8 * offset, inputs, outputs, panels);
      kernels.biasGradient(y, gradient + 8 * (offset + inputs * outputs), outputs, panels, components);
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
      if (layer.kind === 'activation' || layer.kind === 'gate') {
        this.#adjointLoops[l]!();
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

  #forwardSteps(layer: PassPlan['layers'][number], l: number, full: boolean): Step[] {
    if (layer.kind === 'activation') {
      return this.#activationSteps(full ? layer.full : layer.value, this.#activations[l]!);
    }
    if (layer.kind === 'gate') return [this.#gateStep(layer.forward, l, this.#buffers[l + 1])];
    const { kernels } = this.#memory;
    const { components, network } = this.plan;
    const { matrix, bias } = this.#weights.forward(network, l);
    const { inputs, outputs } = layer;
    const curved = layer.kind === 'embedding' && layer.linear.length < layer.outputs;
    const z = curved ? this.#activations[l]!.argument : this.#buffers[l + 1];
    const panels = (components * this.#points) / 4;
    const from = this.#buffers[l];
    const product = (): void => {
      kernels.product(matrix, from, z, outputs, inputs, panels, bias, components);
    };
    return curved ? [product, ...this.#sineSteps(layer, l)] : [product];
  }

  /** Sine on all columns, then the linear ones put back. */
  #sineSteps(layer: EmbeddingPlan, l: number): Step[] {
    const { kernels } = this.#memory;
    const buffers = this.#activations[l]!;
    const points = this.#points;
    const scratch = this.#memory.allocate(8 * points);
    const steps = this.#activationSteps(layer.sine, buffers);
    const step = PANEL * this.plan.components * layer.outputs;
    for (const unit of layer.linear) {
      for (let component = 0; component < this.plan.components; component++) {
        const offset = PANEL * (component * layer.outputs + unit);
        steps.push(() => {
          kernels.gatherColumn(buffers.argument + offset, step, scratch, points);
          kernels.scatterColumn(scratch, buffers.result + offset, step, points);
        });
      }
    }
    return steps;
  }

  #activationSteps({ bases, forward, kept }: ActivationCode, buffers: ActivationBuffers): Step[] {
    const run = PANEL * buffers.width;
    const jet = run * this.plan.components;
    const panels = this.#points / 4;
    const { kernels } = this.#memory;
    const place = (target: BaseTarget): readonly [number, number] =>
      target === 'result' ? [buffers.result, jet] : [buffers.kept[target], run];
    const steps = bases.map(({ code, target, second = target }): Step => {
      const [first, firstStep] = place(target);
      const [other, otherStep] = place(second);
      const { argument } = buffers;
      return () => {
        kernels.baseFunctionRuns(code, argument, jet, first, firstStep, other, otherStep, run, panels);
      };
    });
    return forward === null ? steps : [...steps, this.#loop(forward, kept, buffers)];
  }

  /** @param count  kept columns that the loop knows; there may be more for others */
  #loop(loop: number, count: number, { argument, result, seed, kept }: ActivationBuffers): Step {
    const own = kept.slice(0, count);
    return this.#loops[loop].bind(null, argument, result, seed, ...own, this.#points / 4);
  }

  /** @param result of the gate, or its seed */
  #gateStep(loop: number, l: number, result: number): Step {
    const encodings = this.#firstTrained + 2;
    const [values, seeds] = [this.#buffers[encodings], this.#adjoints[encodings]];
    return this.#loops[loop].bind(null, this.#buffers[l], values, result, seeds, this.#points / 4);
  }

  #activationBuffers(layer: PassPlan['layers'][number], l: number): ActivationBuffers | null {
    if (layer.kind === 'affine' || layer.kind === 'gate') return null;
    const width = layer.kind === 'activation' ? layer.width : layer.outputs;
    const codes = layer.kind === 'activation' ? [layer.value, layer.full] : [layer.sine];
    const columns = Math.max(...codes.map(({ kept }) => kept));
    return {
      width,
      // An embedding's argument is needed for a moment only.
      argument: layer.kind === 'activation' ? this.#buffers[l] : this.#adjoints[l + 1],
      result: this.#buffers[l + 1],
      seed: this.#adjoints[l + 1],
      kept: Array.from({ length: columns }, () => this.#memory.allocate(8 * width * this.#points)),
    };
  }

  /** The derivatives of the inputs, which are the same at every point. */
  #fillSlopes(): void {
    const { components, inputs, coordinates } = this.plan;
    const start = this.#buffers[0];
    this.#memory.floats.fill(0, start / 8, start / 8 + components * inputs * this.#points);
    coordinates.forEach(({ slopes }, i) => {
      slopes.forEach((slope, c) => {
        const at = start + PANEL * ((c + 1) * inputs + i);
        this.#memory.kernels.scatterConstant(slope, at, PANEL * components * inputs, this.#points);
      });
    });
  }

  #outputOffset(component: number, field: number): number {
    return PANEL * (component * this.plan.outputs + field);
  }
}
