/** Activation functions to be looked at: value, derivative, formula. */
import { activationDerivatives, baseFunctions } from '../../network/activation/evaluate.ts';
import { activationNamed } from '../../network/activation/index.ts';
import type { ActivationName } from '../../network/activation.ts';

export interface ActivationFunction {
  readonly name: string;
  readonly tex: string;
  /** φ(z) for every entry. */
  values(z: ArrayLike<number>): Float64Array;
  /** φ′(z); at a kink the slope to its left, 0 for the step. */
  derivatives(z: ArrayLike<number>): Float64Array;
  /** What speaks for it and against it. */
  readonly remark: string;
}

/** One that networks here train with: its derivatives are those of the engines. */
function trained(name: ActivationName, tex: string, remark: string): ActivationFunction {
  const program = activationNamed(name).derivatives(1);
  const at = (z: ArrayLike<number>, order: 0 | 1): Float64Array =>
    activationDerivatives(program, Float64Array.from(z))[order];
  return { name, tex, remark, values: (z) => at(z, 0), derivatives: (z) => at(z, 1) };
}

/** One without a slope to learn from. */
function piecewiseConstant(
  name: string,
  tex: string,
  value: (z: number) => number,
  remark: string,
): ActivationFunction {
  return {
    name,
    tex,
    remark,
    values: (z) => Float64Array.from(z, value),
    derivatives: (z) => new Float64Array(z.length),
  };
}

/** In the order in which they came into use. */
export const activationFunctions: readonly ActivationFunction[] = [
  piecewiseConstant(
    'step',
    '\\varphi(z) = [z > 0]',
    baseFunctions.step,
    'McCulloch and Pitts 1943: a decision. Its slope is zero, so that no gradient passes.',
  ),
  piecewiseConstant(
    'sign',
    '\\varphi(z) = \\operatorname{sign} z',
    Math.sign,
    'The same decision between −1 and 1.',
  ),
  trained(
    'sigmoid',
    '\\varphi(z) = \\frac{1}{1 + e^{-z}}',
    'A probability. Its slope is at most 1/4, so that gradients shrink from layer to layer.',
  ),
  trained(
    'tanh',
    '\\varphi(z) = \\tanh z',
    'Like the sigmoid, around zero and with slope 1 there; smooth, as equations need it.',
  ),
  trained(
    'relu',
    '\\varphi(z) = \\max(0, z)',
    'Slope 1 wherever it is active, so that gradients pass; a unit that is never active is dead.',
  ),
  trained('leaky-relu', '\\varphi(z) = \\max(0.01 z, z)', 'A little slope below zero keeps units alive.'),
  trained(
    'elu',
    '\\varphi(z) = z \\text{ or } e^z - 1 \\text{ below zero}',
    'Smooth at zero, and its mean is near zero.',
  ),
  trained(
    'swish',
    '\\varphi(z) = \\frac{z}{1 + e^{-z}}',
    'Smooth, and not monotonic: a small dip below zero.',
  ),
  trained(
    'gelu',
    '\\varphi(z) = z\\, \\Phi(z)',
    'The input times the probability that a normal variable is below it.',
  ),
];
