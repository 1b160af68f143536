/** An autoencoder of convolutions. */
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { ProblemError } from '../../errors.ts';
import { seededLayers } from '../training/seeded-layers.ts';
import { type Autoencoder, autoencoder } from './autoencoder.ts';

export interface ConvolutionalAutoencoderOptions {
  /** Height and width in pixels, both divisible by 4; default 28, 28. */
  readonly size?: readonly [number, number];
  /** Numbers in a code. */
  readonly latent: number;
  /** Filters at half and at a quarter of the size; default 8, 16. */
  readonly filters?: readonly [number, number];
  readonly seed: number;
}

/**
 * Two convolutions of stride 2 and a dense layer down to the code; a dense layer back to a quarter of the size, and
 * twice enlargement and convolution. Enlargement by repeated pixels before a convolution leaves no checkerboard, as
 * transposed convolutions tend to (Odena, Dumoulin & Olah, Distill 2016). Takes (N, height, width, 1).
 *
 * @throws ProblemError where the size is not divisible by 4
 */
export function convolutionalAutoencoder(
  tf: TensorLibrary,
  { size = [28, 28], latent, filters: [fine, coarse] = [8, 16], seed }: ConvolutionalAutoencoderOptions,
): Autoencoder {
  if (size.some((pixels) => pixels % 4 !== 0))
    throw new ProblemError(`images of ${size.join(' × ')} pixels`, {
      path: 'size',
      hint: 'give a height and a width that are divisible by 4',
    });
  const { dense, convolution } = seededLayers(tf, seed);
  const [high, wide] = size.map((pixels) => pixels / 4);
  const down = { kernelSize: 3, strides: 2, activation: 'relu' } as const;
  const encoder = tf.sequential({
    layers: [
      convolution({ ...down, filters: fine, inputShape: [...size, 1] }),
      convolution({ ...down, filters: coarse }),
      tf.layers.flatten(),
      dense({ units: latent }),
    ],
  });
  const decoder = tf.sequential({
    layers: [
      dense({ units: high * wide * coarse, activation: 'relu', inputShape: [latent] }),
      tf.layers.reshape({ targetShape: [high, wide, coarse] }),
      tf.layers.upSampling2d({ size: [2, 2] }),
      convolution({ filters: fine, kernelSize: 3, activation: 'relu' }),
      tf.layers.upSampling2d({ size: [2, 2] }),
      convolution({ filters: 1, kernelSize: 3, activation: 'sigmoid' }),
    ],
  });
  return autoencoder(tf, encoder, decoder);
}
