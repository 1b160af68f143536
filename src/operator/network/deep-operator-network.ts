/** Branch and trunk on tensors: û_f(v)(y) = Σ_k b_k(v) ψ_k(y) + b₀, trained together. */
import type { Tensor } from '../../engine/tfjs/tensor-arithmetic.ts';
import type { ActivationName } from '../../network/activation.ts';
import { randomGenerator, streamSeed } from '../../random/generator.ts';
import { initialPerceptron, perceptronShapes } from './perceptron-values.ts';
import type { TensorLayers } from './tensor-layers.ts';
import { partsOf, type Shape } from './tensor-objective.ts';

/** What the networks consist of. */
export interface DeepOperatorShape {
  /** Layers of each branch, inputs first; their outputs are multiplied. */
  readonly branches: readonly (readonly number[])[];
  /** By field: layers of its trunk; a field without has the branch's outputs for its values. */
  readonly trunks: readonly (readonly number[])[];
  readonly activation: ActivationName;
}

/** What a step is taken on. */
export interface DeepOperatorBatch {
  /** Of each branch, (functions, inputs). */
  readonly sensors: readonly Tensor[];
  /** What enters each trunk: (points, inputs), or (functions·points, inputs) where not aligned. */
  readonly points: readonly Tensor[];
  readonly aligned: boolean;
}

export function deepOperatorShapes({ branches, trunks }: DeepOperatorShape): Shape[] {
  return [...branches, ...trunks].flatMap(perceptronShapes).concat(trunks.map(() => [1]));
}

/** Glorot's start; branches behind the first begin near one, so that a product begins near the first. */
export function initialDeepOperator({ branches, trunks }: DeepOperatorShape, seed: number): Float64Array {
  const random = randomGenerator(streamSeed(seed, 2));
  return Float64Array.from([
    ...branches.flatMap((widths, k) => initialPerceptron(widths, random, k > 0 ? 1 : 0)),
    ...trunks.flatMap((widths) => initialPerceptron(widths, random)),
    ...trunks.map(() => 0),
  ]);
}

/** θ taken apart. */
export function deepOperatorParts(
  { branches, trunks }: DeepOperatorShape,
  theta: Float64Array,
): { readonly branches: Float64Array[]; readonly trunks: Float64Array[]; readonly biases: number[] } {
  const sizes = [...branches, ...trunks].map((widths) => [
    perceptronShapes(widths).reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0),
  ]);
  const parts = partsOf(theta, [...sizes, ...trunks.map(() => [1])]).map((part) => part.slice());
  return {
    branches: parts.slice(0, branches.length),
    trunks: parts.slice(branches.length, sizes.length),
    biases: parts.slice(sizes.length).map(([bias]) => bias),
  };
}

/** Coefficients of all fields, (functions, outputs of the branches). */
export function branchTensor(
  layers: TensorLayers,
  { branches, activation }: DeepOperatorShape,
  parameters: readonly Tensor[],
  sensors: readonly Tensor[],
): Tensor {
  let at = 0;
  return branches
    .map((widths, k) => {
      const own = parameters.slice(at, at + 2 * (widths.length - 1));
      at += own.length;
      return perceptronTensor(layers, own, sensors[k], activation, false);
    })
    .reduce((product, factor) => layers.tf.mul(product, factor));
}

/** û of every field, (functions, points). Where the points are the same for all, one matrix product. */
export function deepOperatorTensors(
  layers: TensorLayers,
  shape: DeepOperatorShape,
  parameters: readonly Tensor[],
  { sensors, points, aligned }: DeepOperatorBatch,
): Tensor[] {
  const { tf } = layers;
  const { branches, trunks, activation } = shape;
  const coefficients = branchTensor(layers, shape, parameters, sensors);
  const functions = coefficients.shape[0]!;
  let at = branches.reduce((sum, widths) => sum + 2 * (widths.length - 1), 0);
  let first = 0;
  return trunks.map((widths, field) => {
    const own = parameters.slice(at, at + 2 * (widths.length - 1));
    at += own.length;
    const size = widths[widths.length - 1];
    const b = trunks.length === 1 ? coefficients : tf.slice(coefficients, [0, first], [functions, size]);
    first += size;
    const psi = perceptronTensor(layers, own, points[field], activation, true);
    const bias = parameters[parameters.length - trunks.length + field];
    if (aligned) return tf.add(layers.crossProduct(b, psi), bias);
    const each = tf.reshape(psi, [functions, psi.shape[0]! / functions, size]);
    return tf.add(tf.sum(tf.mul(each, tf.reshape(b, [functions, 1, size])), 2), bias);
  });
}

/** @param last  whether the last layer has the activation too */
function perceptronTensor(
  layers: TensorLayers,
  parameters: readonly Tensor[],
  inputs: Tensor,
  activation: ActivationName,
  last: boolean,
): Tensor {
  let values = inputs;
  for (let l = 0; l < parameters.length; l += 2) {
    values = layers.affine(values, parameters[l], parameters[l + 1], l === 0);
    if (last || l + 2 < parameters.length) values = layers.activation(activation, values);
  }
  return values;
}
