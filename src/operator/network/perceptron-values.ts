/** Perceptrons of any activation: their parameters and their values on the host. */
import { activationDerivatives } from '../../network/activation/evaluate.ts';
import { activationNamed } from '../../network/activation/index.ts';
import type { ActivationName } from '../../network/activation.ts';
import type { RandomGenerator } from '../../random/generator.ts';
import { product } from '../linear/matrix-product.ts';
import type { Shape } from './tensor-objective.ts';

/** Matrix and bias of every layer. */
export function perceptronShapes(widths: readonly number[]): Shape[] {
  return widths.slice(1).flatMap((width, l): Shape[] => [[widths[l], width], [width]]);
}

export function parameterCount(widths: readonly number[]): number {
  return widths.slice(1).reduce((sum, width, l) => sum + (widths[l] + 1) * width, 0);
}

/** Glorot's uniform start (AISTATS 2010), biases zero but those of the last layer where a `level` is given. */
export function initialPerceptron(widths: readonly number[], random: RandomGenerator, level = 0): number[] {
  return widths.slice(1).flatMap((width, l) => {
    const bound = Math.sqrt(6 / (widths[l] + width));
    const weights = Array.from({ length: widths[l] * width }, () => bound * (2 * random.uniform() - 1));
    return [...weights, ...new Array<number>(width).fill(l === widths.length - 2 ? level : 0)];
  });
}

/** x·W + b, (count, outputs). */
export function affineValues(
  x: Float64Array,
  weights: Float64Array,
  bias: Float64Array,
  count: number,
): Float64Array {
  const outputs = bias.length;
  const z = product(x, weights, count, weights.length / outputs, outputs);
  for (let i = 0; i < z.length; i++) z[i] += bias[i % outputs];
  return z;
}

/** Values of the last layer, which is linear, (count, outputs). */
export function perceptronValues(
  widths: readonly number[],
  theta: Float64Array,
  activation: ActivationName,
  inputs: Float64Array,
  count: number,
): Float64Array {
  let values = inputs;
  let at = 0;
  for (let l = 1; l < widths.length; l++) {
    const [from, to] = [widths[l - 1], widths[l]];
    const bias = at + from * to;
    values = affineValues(values, theta.subarray(at, bias), theta.subarray(bias, bias + to), count);
    at = bias + to;
    if (l < widths.length - 1)
      [values] = activationDerivatives(activationNamed(activation).derivatives(0), values);
  }
  return values;
}
