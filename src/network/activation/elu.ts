import type { Activation } from './activation.ts';
import { DerivativeProgramBuilder } from './derivative-program.ts';

/**
 * z for z > 0, else e^z − 1 (Clevert, Unterthiner & Hochreiter, 2016). With e = e^min(z,0) − 1, which
 * vanishes on the right, σ = z·step + e, σ′ = 1 + e, and all further ones are (1 + e)(1 − step).
 */
export const elu: Activation = {
  name: 'elu',
  smoothness: 2,
  derivatives(order) {
    const builder = new DerivativeProgramBuilder('identity', 'step', 'negative-exponential');
    const outputs = [builder.add([1, 0, 1], [1, 2])];
    if (order >= 1) outputs.push(builder.add([1], [1, 2]));
    if (order >= 2) outputs.push(builder.add([1], [1, 2], [-1, 1], [-1, 1, 2]));
    return builder.program(Array.from({ length: order + 1 }, (_, k) => outputs[Math.min(k, 2)]));
  },
};
