/** A generator and a discriminator for small images of one channel. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { ProblemError } from '../../errors.ts';
import { seededLayers } from '../training/seeded-layers.ts';

interface ImageOptions {
  readonly seed: number;
  /** Height and width in pixels; default 28, 28. */
  readonly size?: readonly [number, number];
}

export interface ImageGeneratorOptions extends ImageOptions {
  /** Dimension of the latent space; default 32. */
  readonly latent?: number;
  /** Units of the first layer; default 128. */
  readonly units?: number;
  /** Features at each place of the coarse image; default 32. */
  readonly features?: number;
}

export interface ImageDiscriminatorOptions extends ImageOptions {
  /** Units of each hidden layer; default 256, 128. */
  readonly hidden?: readonly number[];
}

/** Pixels of a side of the squares of which generated images are put together. */
const tile = 4;

/**
 * Latent draws (count, latent) to images (count, height, width, 1) of values in (0, 1). Two dense layers, with batch
 * normalization (Radford, Metz & Chintala, Unsupervised representation learning with deep convolutional GANs, ICLR 2016),
 * make features on a coarse image; a 3 × 3 convolution over them makes the 4 × 4 pixels of each of its places at once
 * (Shi et al., Real-time single image super-resolution using an efficient sub-pixel convolutional neural network, CVPR
 * 2016), so that what strokes look like is learnt for all places together.
 *
 * @throws ProblemError for a height or width that is no multiple of 4
 */
export function imageGenerator(
  tf: TensorLibrary,
  { seed, size: [height, width] = [28, 28], latent = 32, units = 128, features = 32 }: ImageGeneratorOptions,
): TensorFlow.Sequential {
  if (height % tile !== 0 || width % tile !== 0)
    throw new ProblemError(`images of ${height} × ${width} pixels`, {
      path: 'size',
      hint: `give multiples of ${tile}`,
    });
  const [rows, columns] = [height / tile, width / tile];
  const { dense, convolution } = seededLayers(tf, seed);
  const normalized = () => [tf.layers.batchNormalization({ momentum: 0.9 }), tf.layers.reLU()];
  return tf.sequential({
    layers: [
      dense({ units, inputShape: [latent] }),
      ...normalized(),
      dense({ units: rows * columns * features }),
      tf.layers.reshape({ targetShape: [rows, columns, features] }),
      ...normalized(),
      convolution({
        filters: tile * tile,
        kernelSize: 3,
        activation: 'sigmoid',
        // Images are paper for the most part; from grey ones the discriminator would learn nothing but that.
        biasInitializer: tf.initializers.constant({ value: -2 }),
      }),
      tf.layers.reshape({ targetShape: [rows, columns, tile, tile] }),
      tf.layers.permute({ dims: [1, 3, 2, 4] }),
      tf.layers.reshape({ targetShape: [height, width, 1] }),
    ],
  });
}

/**
 * Images (count, height, width, 1) to scores (count, 1): dense layers of leaky ReLU, whose slope below zero lets
 * gradients through to the generator. Of layers whose `inputGradient` is known.
 */
export function imageDiscriminator(
  tf: TensorLibrary,
  { seed, size: [height, width] = [28, 28], hidden = [256, 128] }: ImageDiscriminatorOptions,
): TensorFlow.Sequential {
  const { dense } = seededLayers(tf, seed);
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [height, width, 1] }),
      ...hidden.flatMap((units) => [dense({ units }), tf.layers.leakyReLU({ alpha: 0.2 })]),
      dense({ units: 1 }),
    ],
  });
}
