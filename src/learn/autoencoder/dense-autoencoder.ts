/** Autoencoders of dense layers. */
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { seededLayers } from '../training/seeded-layers.ts';
import { type Autoencoder, autoencoder } from './autoencoder.ts';

export interface DenseAutoencoderOptions {
  /** Numbers in an input. */
  readonly inputs: number;
  /** Numbers in a code. */
  readonly latent: number;
  /** Units of the encoder's hidden layers; the decoder has them in reverse. Default 128. */
  readonly hidden?: readonly number[];
  /** Default 'relu'. */
  readonly activation?: 'relu' | 'tanh' | 'elu' | 'sigmoid';
  /** Of the code; default 'linear'. Sparse codes want 'sigmoid' or 'relu'. */
  readonly code?: 'linear' | 'sigmoid' | 'relu' | 'tanh';
  /** Of the reconstruction: 'sigmoid', the default, for pixels between 0 and 1. */
  readonly output?: 'sigmoid' | 'linear';
  readonly seed: number;
}

/** Takes (N, inputs). Without hidden layers and with `output: 'linear'` it is the linear autoencoder. */
export function denseAutoencoder(
  tf: TensorLibrary,
  {
    inputs,
    latent,
    hidden = [128],
    activation = 'relu',
    code = 'linear',
    output = 'sigmoid',
    seed,
  }: DenseAutoencoderOptions,
): Autoencoder {
  const { dense } = seededLayers(tf, seed);
  const stack = (from: number, widths: readonly number[], last: number, end: typeof code) =>
    tf.sequential({
      layers: [...widths, last].map((units, k) =>
        dense({
          units,
          activation: k < widths.length ? activation : end,
          ...(k === 0 ? { inputShape: [from] } : {}),
        }),
      ),
    });
  return autoencoder(
    tf,
    stack(inputs, hidden, latent, code),
    stack(latent, [...hidden].reverse(), inputs, output),
  );
}
