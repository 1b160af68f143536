import type { Activation } from './activation.ts';
import { DerivativeProgramBuilder } from './derivative-program.ts';

/** sin z (Sitzmann et al., Implicit neural representations with periodic activation functions, 2020). */
export const sine: Activation = {
  name: 'sine',
  smoothness: Infinity,
  derivatives(order) {
    if (order === 0) return new DerivativeProgramBuilder('sin').program([0]);
    const builder = new DerivativeProgramBuilder('sin', 'cos');
    const cycle = [0, 1];
    if (order >= 2) cycle.push(builder.add([-1, 0]));
    if (order >= 3) cycle.push(builder.add([-1, 1]));
    return builder.program(Array.from({ length: order + 1 }, (_, k) => cycle[k % 4]));
  },
};
