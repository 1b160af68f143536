import { ProblemError } from '../../errors.ts';
import type { ActivationName } from '../activation.ts';
import type { Activation } from './activation.ts';
import { elu } from './elu.ts';
import { gelu } from './gelu.ts';
import { leakyRelu } from './leaky-relu.ts';
import { relu } from './relu.ts';
import { sigmoid } from './sigmoid.ts';
import { sine } from './sine.ts';
import { softplus } from './softplus.ts';
import { swish } from './swish.ts';
import { tanh } from './tanh.ts';

/** Every activation by its name. A new one is a file of its own and a line here. */
export const activations: Readonly<Record<ActivationName, Activation>> = {
  tanh,
  sine,
  swish,
  gelu,
  softplus,
  sigmoid,
  relu,
  'leaky-relu': leakyRelu,
  elu,
};

/** The activation of that name. @throws ProblemError if there is none. */
export function activationNamed(name: string): Activation {
  if (!Object.hasOwn(activations, name)) {
    throw new ProblemError(`there is no activation \`${name}\``, {
      hint: `known are ${Object.keys(activations).join(', ')}`,
    });
  }
  return activations[name as ActivationName];
}

const ordinals = ['zeroth', 'first', 'second', 'third', 'fourth', 'fifth'];

/**
 * Checks that an activation has the derivatives that a problem's equations need.
 *
 * @param order highest total order of a derivative in the equations
 * @param derivative that derivative as the user wrote it, for the message (`u_xx`)
 * @throws ProblemError if the activation is not that smooth
 */
export function requireSmoothness(name: ActivationName, order: number, derivative?: string): void {
  const { smoothness } = activationNamed(name);
  if (order <= smoothness) return;
  const missing = ordinals[smoothness + 1] ?? `${smoothness + 1}-th`;
  throw new ProblemError(
    `${name} has no usable ${missing} derivative; the equations need ${derivative ?? `derivatives of order ${order}`}`,
    { hint: 'use tanh, sine, swish or gelu' },
  );
}
