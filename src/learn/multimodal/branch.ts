/** Branches: networks that bring an input of any kind to a vector of features. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { seededLayers } from '../training/seeded-layers.ts';

export interface ImageBranchOptions {
  /** Height and width in pixels; default 28, 28. */
  readonly size?: readonly [number, number];
  /** Filters of the convolutions, each of which halves the size; default 8, 16. */
  readonly filters?: readonly number[];
  /** Numbers that come out; default 32. */
  readonly features?: number;
  /** Of the features; default 'relu'. An embedding wants 'linear'. */
  readonly activation?: 'relu' | 'linear';
  readonly seed: number;
}

export interface VectorBranchOptions {
  /** Numbers in an input. */
  readonly inputs: number;
  /** Units of the hidden layers; default 32. */
  readonly hidden?: readonly number[];
  /** Numbers that come out; default 32. */
  readonly features?: number;
  readonly seed: number;
}

/** Convolutions of stride 2 and a dense layer: (N, height, width, 1) to (N, features). */
export function imageBranch(
  tf: TensorLibrary,
  { size = [28, 28], filters = [8, 16], features = 32, activation = 'relu', seed }: ImageBranchOptions,
): TensorFlow.Sequential {
  const { dense, convolution } = seededLayers(tf, seed);
  return tf.sequential({
    layers: [
      ...filters.map((count, k) =>
        convolution({
          filters: count,
          kernelSize: 3,
          strides: 2,
          activation: 'relu',
          ...(k === 0 ? { inputShape: [...size, 1] } : {}),
        }),
      ),
      tf.layers.flatten(),
      dense({ units: features, activation }),
    ],
  });
}

/** Dense layers: (N, inputs) to (N, features). */
export function vectorBranch(
  tf: TensorLibrary,
  { inputs, hidden = [32], features = 32, seed }: VectorBranchOptions,
): TensorFlow.Sequential {
  const { dense } = seededLayers(tf, seed);
  return tf.sequential({
    layers: [...hidden, features].map((units, k) =>
      dense({ units, activation: 'relu', ...(k === 0 ? { inputShape: [inputs] } : {}) }),
    ),
  });
}
