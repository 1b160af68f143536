/** The Fourier neural operator: lifting, spectral layers, projection; on tensors, with its parameters. */
import type { Tensor } from '../../engine/tfjs/tensor-arithmetic.ts';
import { randomGenerator, streamSeed } from '../../random/generator.ts';
import { type SpectralAxis, SpectralConvolution } from './spectral-convolution.ts';
import type { TensorLayers } from './tensor-layers.ts';
import { type Shape, sizeOf } from './tensor-objective.ts';

export interface FourierShape {
  /** Points on each circle, and waves that are kept. */
  readonly axes: readonly SpectralAxis[];
  /** Numbers at every point of what goes in and of what comes out. */
  readonly channels: number;
  readonly outputs: number;
  /** Numbers at every point within. */
  readonly width: number;
  /** Spectral layers. */
  readonly depth: number;
}

/** Numbers at every point in the projection, over the width. */
const projection = 2;

/**
 * Matrix and bias of the lifting; of every layer the factors of its waves, then matrix and bias of what acts at every
 * point; matrix and bias of both layers of the projection.
 */
export function fourierShapes({ axes, channels, outputs, width, depth }: FourierShape): Shape[] {
  const modes = axes.reduce((all, axis) => all * axis.modes, 1);
  const factors = Array.from({ length: 2 ** axes.length }, () => [modes, width, width]);
  const layer = [...factors, [width, width], [width]];
  const wide = projection * width;
  return [
    [channels, width],
    [width],
    ...Array.from({ length: depth }, () => layer).flat(),
    [width, wide],
    [wide],
    [wide, outputs],
    [outputs],
  ];
}

/** Matrices uniform as Glorot has them, factors of waves uniform on ±1/width, biases zero. */
export function initialFourier(shape: FourierShape, seed: number): Float64Array {
  const random = randomGenerator(streamSeed(seed, 2));
  return Float64Array.from(
    fourierShapes(shape).flatMap((own) => {
      const bound = own.length === 1 ? 0 : own.length === 3 ? 1 / own[1] : Math.sqrt(6 / (own[0] + own[1]));
      return Array.from({ length: sizeOf(own) }, () => bound * (2 * random.uniform() - 1));
    }),
  );
}

/** v ↦ P(σ(… σ(W v + b + F⁻¹(R·F v)) …)) (Li et al., ICLR 2021). */
export class FourierNetwork {
  readonly #layers: TensorLayers;
  readonly #shape: FourierShape;
  readonly #convolution: SpectralConvolution;

  constructor(layers: TensorLayers, shape: FourierShape) {
    this.#layers = layers;
    this.#shape = shape;
    this.#convolution = new SpectralConvolution(layers.tf, shape.axes);
  }

  /**
   * @param features  (points, batch, channels), a constant
   * @returns (points·batch, outputs)
   */
  apply(features: Tensor, parameters: readonly Tensor[]): Tensor {
    const { tf } = this.#layers;
    const { axes, depth, width, channels } = this.#shape;
    const [points, batch] = features.shape as [number, number];
    const sides = axes.map(({ count }) => count);
    let at = 0;
    const next = (): Tensor => parameters[at++];
    const flat = tf.reshape(features, [points * batch, channels]);
    let values = this.#layers.affine(flat, next(), next(), true);
    for (let l = 0; l < depth; l++) {
      const factors = Array.from({ length: this.#convolution.parts }, next);
      const field = tf.reshape(values, [...sides, batch, width]);
      const waves = tf.reshape(this.#convolution.apply(field, factors), [points * batch, width]);
      const sum = tf.add(waves, this.#layers.affine(values, next(), next()));
      values = l + 1 < depth ? this.#layers.gelu(sum) : sum;
    }
    const wide = this.#layers.gelu(this.#layers.affine(values, next(), next()));
    return this.#layers.affine(wide, next(), next());
  }

  dispose(): void {
    this.#convolution.dispose();
  }
}
