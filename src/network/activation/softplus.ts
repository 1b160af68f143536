import type { Activation } from './activation.ts';
import { DerivativeProgramBuilder } from './derivative-program.ts';
import { logisticDerivatives } from './sigmoid.ts';

/** ln(1 + e^z), whose derivative is the logistic function. */
export const softplus: Activation = {
  name: 'softplus',
  smoothness: Infinity,
  derivatives(order) {
    if (order === 0) return new DerivativeProgramBuilder('softplus').program([0]);
    const builder = new DerivativeProgramBuilder('softplus', 'sigmoid');
    return builder.program([0, ...logisticDerivatives(builder, 1, order - 1)]);
  },
};
