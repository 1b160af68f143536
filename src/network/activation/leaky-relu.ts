import type { Activation } from './activation.ts';
import { DerivativeProgramBuilder } from './derivative-program.ts';

const slope = 0.01;

/** z for z > 0, else z/100 (Maas, Hannun & Ng, 2013). */
export const leakyRelu: Activation = {
  name: 'leaky-relu',
  smoothness: 1,
  derivatives(order) {
    const builder = new DerivativeProgramBuilder('identity', 'step');
    const derivative = builder.add([slope], [1 - slope, 1]);
    const value = builder.add([1, 0, derivative]);
    return builder.program(Array.from({ length: order + 1 }, (_, k) => [value, derivative][k] ?? null));
  },
};
