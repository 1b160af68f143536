/** A loss on tensors as an optimizer wants it: a function of one vector, with its gradient. */
import type { LoadedBackend } from '../../engine/tfjs/backend.ts';
import type { Tensor } from '../../engine/tfjs/tensor-arithmetic.ts';
import type { Objective } from '../../optimizer/optimizer.ts';

export type Shape = readonly number[];

export function sizeOf(shape: Shape): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Parts of a vector, in order. */
export function partsOf(theta: Float64Array, shapes: readonly Shape[]): Float64Array[] {
  let end = 0;
  return shapes.map((shape) => {
    const first = end;
    end += sizeOf(shape);
    return theta.subarray(first, end);
  });
}

export class TensorObjective implements Objective {
  readonly #loaded: LoadedBackend;
  readonly #shapes: readonly Shape[];
  readonly #loss: (parameters: readonly Tensor[]) => Tensor;

  /**
   * @param shapes  of the parameters, which stand in θ one after the other
   * @param loss    a scalar; every call may take another batch; what it makes is disposed of afterwards
   */
  constructor(
    loaded: LoadedBackend,
    shapes: readonly Shape[],
    loss: (parameters: readonly Tensor[]) => Tensor,
  ) {
    this.#loaded = loaded;
    this.#shapes = shapes;
    this.#loss = loss;
  }

  async lossAndGradient(theta: Float64Array): Promise<{ loss: number; gradient: Float64Array }> {
    const tf = this.#use();
    const outcome = tf.tidy(() => {
      const { value, grads } = tf.valueAndGrads((...parameters: Tensor[]) => this.#loss(parameters))(
        this.#upload(theta),
      );
      return [value, ...grads];
    });
    const [loss, ...parts] = await this.#read(outcome);
    const gradient = new Float64Array(theta.length);
    let position = 0;
    for (const part of parts) {
      gradient.set(part, position);
      position += part.length;
    }
    return { loss: loss[0], gradient };
  }

  async loss(theta: Float64Array): Promise<{ loss: number }> {
    const tf = this.#use();
    const [loss] = await this.#read([tf.tidy(() => this.#loss(this.#upload(theta)))]);
    return { loss: loss[0] };
  }

  #use(): LoadedBackend['tf'] {
    const { tf, registered } = this.#loaded;
    if (tf.getBackend() !== registered) void tf.setBackend(registered);
    return tf;
  }

  #upload(theta: Float64Array): Tensor[] {
    return partsOf(theta, this.#shapes).map((part, k) =>
      this.#loaded.tf.tensor(Float32Array.from(part), [...this.#shapes[k]]),
    );
  }

  async #read(tensors: readonly Tensor[]): Promise<ArrayLike<number>[]> {
    try {
      if (this.#loaded.synchronous) return tensors.map((tensor) => tensor.dataSync());
      return await Promise.all(tensors.map((tensor) => tensor.data()));
    } finally {
      for (const tensor of tensors) tensor.dispose();
    }
  }
}
