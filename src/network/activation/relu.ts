import type { Activation } from './activation.ts';
import { DerivativeProgramBuilder } from './derivative-program.ts';

/** max(z, 0). */
export const relu: Activation = {
  name: 'relu',
  smoothness: 1,
  derivatives(order) {
    const builder = new DerivativeProgramBuilder('identity', 'step');
    const value = builder.add([1, 0, 1]);
    return builder.program(Array.from({ length: order + 1 }, (_, k) => [value, 1][k] ?? null));
  },
};
