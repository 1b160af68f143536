/** Networks whose hidden layer is drawn once and stays: what is found is linear in the parameters. */
import { ProblemError } from '../errors.ts';
import { haltonPoints } from '../geometry/halton.ts';
import type { EmbeddingLayer, Network } from './trial-solution.ts';

export interface RandomFeaturesOptions {
  /** Number of features. */
  readonly count: number;
  /** For each coordinate the largest angular frequency, per normalised coordinate. */
  readonly scales: readonly number[];
  /** Positions, among the coordinates, of those along which every feature has the period 2: all of [−1, 1]. */
  readonly periodic?: readonly number[];
  readonly seed: number;
}

/**
 * The features sin(ω·x + φ): φ uniform on the circle, ω uniform on the box of the scales, along periodic
 * coordinates on the multiples of π in it, more of them short than long as those of a smooth function are. They are
 * spread more evenly than independent draws would be: Halton's points in place of random ones leave a smaller residual
 * by a factor of two to fifty (Rahimi & Recht, Random features for large-scale kernel machines,
 * NIPS 2007; as a basis for differential equations Dong & Li, Comput. Methods Appl. Mech. Eng. 387, 2021, and
 * Chen, Chi, E & Yang, J. Mach. Learn. 1, 2022). Those of a smaller count with the same seed are the first of
 * those of a larger one, and scales stretch the same draws.
 *
 * @throws ProblemError if the count is no whole number above zero, or a scale is not positive
 */
export function randomFeatures({
  count,
  scales,
  periodic = [],
  seed,
}: RandomFeaturesOptions): EmbeddingLayer {
  if (!Number.isInteger(count) || count < 1)
    throw new ProblemError(`the number of random features is ${count}`, { hint: 'it has to be 1 or more' });
  for (const scale of scales)
    if (!(scale > 0 && Number.isFinite(scale)))
      throw new ProblemError(`a scale of the random features is ${scale}`, {
        hint: 'it has to be above 0 and finite',
      });
  const inputs = scales.length;
  const draws = haltonPoints(count, inputs + 1, seed);
  const matrix = new Float64Array(inputs * count);
  const bias = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    for (let i = 0; i < inputs; i++) {
      const draw = 2 * draws[j * (inputs + 1) + i] - 1;
      matrix[i * count + j] = periodic.includes(i)
        ? Math.PI * harmonic(draw, scales[i] / Math.PI)
        : draw * scales[i];
    }
    bias[j] = 2 * Math.PI * draws[j * (inputs + 1) + inputs];
  }
  return {
    kind: 'embedding',
    inputs,
    outputs: count,
    matrix,
    bias,
    sine: new Array<boolean>(count).fill(true),
  };
}

/** Of the share of periodic features below each harmonic. */
const concentration = 2;

/** The draw, uniform on [−1, 1), as one of the whole numbers from −largest to largest; at least −1, 0, 1. */
function harmonic(draw: number, largest: number): number {
  const most = Math.max(1, Math.round(largest));
  const concentrated = Math.sign(draw) * Math.abs(draw) ** concentration;
  return Math.min(most, Math.floor((concentrated + 1) * (most + 0.5)) - most);
}

export interface RandomFeatureNetworkOptions extends RandomFeaturesOptions {
  /** Positions of the problem's coordinates that are its inputs, in order; `scales` has one entry for each. */
  readonly coordinates: readonly number[];
  readonly fields: readonly string[];
}

/** Random features and an affine layer, whose (count + 1) × fields entries are all its parameters. */
export function randomFeatureNetwork({
  coordinates,
  fields,
  ...features
}: RandomFeatureNetworkOptions): Network {
  const embedding = randomFeatures(features);
  return {
    coordinates,
    fields,
    layers: [embedding, { kind: 'affine', inputs: embedding.outputs, outputs: fields.length }],
  };
}
