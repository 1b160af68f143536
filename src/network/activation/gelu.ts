import type { Activation } from './activation.ts';
import { DerivativeProgramBuilder } from './derivative-program.ts';

/**
 * z·Φ(z) (Hendrycks & Gimpel, Gaussian error linear units, 2016), with Φ itself and not its tanh
 * approximation. φ⁽ᵏ⁺¹⁾ = −z φ⁽ᵏ⁾ − k φ⁽ᵏ⁻¹⁾ and σ⁽ᵏ⁾ = z φ⁽ᵏ⁻¹⁾ + k φ⁽ᵏ⁻²⁾ with φ⁽⁻¹⁾ = Φ.
 */
export const gelu: Activation = {
  name: 'gelu',
  smoothness: Infinity,
  derivatives(order) {
    if (order === 0) {
      const value = new DerivativeProgramBuilder('identity', 'normal-distribution');
      return value.program([value.add([1, 0, 1])]);
    }
    const builder = new DerivativeProgramBuilder('identity', 'normal-distribution', 'normal-density');
    // chain[k] holds Φ⁽ᵏ⁾, so that φ⁽ᵏ⁾ is chain[k + 1].
    const chain = [1, 2];
    for (let k = 0; k + 2 <= order; k++) {
      chain.push(k === 0 ? builder.add([-1, 0, 2]) : builder.add([-1, 0, chain[k + 1]], [-k, chain[k]]));
    }
    return builder.program(
      Array.from({ length: order + 1 }, (_, k) =>
        k === 0 ? builder.add([1, 0, 1]) : builder.add([1, 0, chain[k]], [k, chain[k - 1]]),
      ),
    );
  },
};
