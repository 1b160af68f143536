import type { Activation } from './activation.ts';
import { binomial, DerivativeProgramBuilder } from './derivative-program.ts';

/** tanh z. From y′ = 1 − y², Leibniz' rule gives y⁽ᵏ⁺²⁾ = −2 Σ_j C(k, j) y⁽ʲ⁾ y⁽ᵏ⁺¹⁻ʲ⁾. */
export const tanh: Activation = {
  name: 'tanh',
  smoothness: Infinity,
  derivatives(order) {
    const builder = new DerivativeProgramBuilder('tanh');
    const y = [0];
    if (order >= 1) y.push(builder.add([1], [-1, 0, 0]));
    for (let k = 0; k + 2 <= order; k++) {
      const terms = Array.from(
        { length: k + 1 },
        (_, j) => [-2 * binomial(k, j), y[j], y[k + 1 - j]] as const,
      );
      y.push(builder.add(...terms));
    }
    return builder.program(y);
  },
};
