import type { LinearMemory } from './linear-memory.ts';
import type { SystemPlan } from './system-plan.ts';

interface PackedLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** Position of matrix and bias in θ; −1 for an embedding, which is packed once. */
  readonly offset: number;
  readonly forward: number;
  readonly bias: number;
  readonly backward: number;
}

/** Every layer's matrix, packed for the products forward and back; filled anew for every θ. */
export class PackedWeights {
  readonly theta: number;
  readonly #memory: LinearMemory;
  readonly #layers = new Map<string, PackedLayer>();

  constructor(memory: LinearMemory, plan: SystemPlan) {
    this.#memory = memory;
    this.theta = memory.allocate(8 * plan.size);
    for (const group of plan.groups) {
      for (const pass of group.passes) {
        pass.layers.forEach((layer, l) => {
          const key = `${pass.network}:${l}`;
          if (layer.kind === 'activation' || layer.kind === 'gate' || this.#layers.has(key)) return;
          const { inputs, outputs } = layer;
          const forward = memory.allocate(32 * Math.ceil(outputs / 4) * inputs);
          if (layer.kind === 'affine') {
            const backward = memory.allocate(32 * Math.ceil(inputs / 4) * outputs);
            const bias = this.theta + 8 * (layer.offset + inputs * outputs);
            this.#layers.set(key, { inputs, outputs, offset: layer.offset, forward, backward, bias });
          } else {
            const matrix = memory.allocateFloats(layer.matrix);
            const bias = memory.allocateFloats(layer.bias);
            memory.kernels.packMatrix(matrix, forward, outputs, inputs, 1, outputs);
            this.#layers.set(key, { inputs, outputs, offset: -1, forward, backward: 0, bias });
          }
        });
      }
    }
  }

  set(theta: Float64Array): void {
    const { kernels } = this.#memory;
    this.#memory.floats.set(theta, this.theta / 8);
    for (const { inputs, outputs, offset, forward, backward } of this.#layers.values()) {
      if (offset < 0) continue;
      const matrix = this.theta + 8 * offset;
      kernels.packMatrix(matrix, forward, outputs, inputs, 1, outputs);
      kernels.packMatrix(matrix, backward, inputs, outputs, outputs, 1);
    }
  }

  forward(network: number, layer: number): { readonly matrix: number; readonly bias: number } {
    const { forward, bias } = this.#layers.get(`${network}:${layer}`)!;
    return { matrix: forward, bias };
  }

  backward(network: number, layer: number): number {
    return this.#layers.get(`${network}:${layer}`)!.backward;
  }
}
