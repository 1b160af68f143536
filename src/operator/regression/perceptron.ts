/** A perceptron with tanh layers, its values and its gradient by backpropagation, for a branch network. */
import type { RandomGenerator } from '../../random/generator.ts';

/** Numbers of inputs, of each hidden layer, and of outputs. */
export type Widths = readonly number[];

export function parameterCount(widths: Widths): number {
  let count = 0;
  for (let l = 1; l < widths.length; l++) count += (widths[l - 1] + 1) * widths[l];
  return count;
}

/**
 * Glorot's normal start (AISTATS 2010) with biases zero, but for outputs that are all next to `level`.
 *
 * @returns for each layer the weights (inputs, outputs), then the biases
 */
export function initialParameters(widths: Widths, random: RandomGenerator, level: number): Float64Array {
  const theta = new Float64Array(parameterCount(widths));
  let at = 0;
  for (let l = 1; l < widths.length; l++) {
    const last = l === widths.length - 1;
    const deviation = Math.sqrt(2 / (widths[l - 1] + widths[l])) * (last ? 0.1 : 1);
    for (let k = 0; k < widths[l - 1] * widths[l]; k++) theta[at++] = deviation * random.normal();
    theta.fill(last ? level : 0, at, at + widths[l]);
    at += widths[l];
  }
  return theta;
}

/** Values of every layer for rows of inputs, the inputs first and the outputs last, (count, width) each. */
export function layerValues(
  widths: Widths,
  theta: Float64Array,
  inputs: Float64Array,
  count: number,
): Float64Array[] {
  const layers = [inputs];
  let at = 0;
  for (let l = 1; l < widths.length; l++) {
    const [from, to] = [widths[l - 1], widths[l]];
    const source = layers[l - 1];
    const target = new Float64Array(count * to);
    const bias = at + from * to;
    for (let i = 0; i < count; i++) {
      const row = target.subarray(i * to, (i + 1) * to);
      for (let j = 0; j < to; j++) row[j] = theta[bias + j];
      for (let k = 0; k < from; k++) {
        const value = source[i * from + k];
        for (let j = 0, w = at + k * to; j < to; j++) row[j] += value * theta[w + j];
      }
    }
    if (l < widths.length - 1) for (let k = 0; k < target.length; k++) target[k] = Math.tanh(target[k]);
    layers.push(target);
    at = bias + to;
  }
  return layers;
}

/**
 * Adds the gradient by the parameters of a loss whose derivatives by the outputs are given.
 *
 * @param layers as `layerValues` gave them
 * @param slopes by the outputs, (count, outputs)
 * @param gradient of the length of theta
 */
export function addGradient(
  widths: Widths,
  theta: Float64Array,
  layers: readonly Float64Array[],
  slopes: Float64Array,
  gradient: Float64Array,
): void {
  let end = theta.length;
  let own = slopes;
  for (let l = widths.length - 1; l > 0; l--) {
    const [from, to] = [widths[l - 1], widths[l]];
    const first = end - (from + 1) * to;
    const source = layers[l - 1];
    const count = own.length / to;
    const back = new Float64Array(l > 1 ? count * from : 0);
    for (let i = 0; i < count; i++) {
      const row = own.subarray(i * to, (i + 1) * to);
      for (let j = 0; j < to; j++) gradient[end - to + j] += row[j];
      for (let k = 0; k < from; k++) {
        const value = source[i * from + k];
        let sum = 0;
        for (let j = 0, w = first + k * to; j < to; j++) {
          gradient[w + j] += value * row[j];
          sum += theta[w + j] * row[j];
        }
        if (l > 1) back[i * from + k] = sum * (1 - value * value);
      }
    }
    own = back;
    end = first;
  }
}
