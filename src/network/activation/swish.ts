import type { Activation } from './activation.ts';
import { DerivativeProgramBuilder } from './derivative-program.ts';
import { logisticDerivatives } from './sigmoid.ts';

/** z·s(z) with s the logistic function, also called SiLU; σ⁽ᵏ⁾ = z s⁽ᵏ⁾ + k s⁽ᵏ⁻¹⁾. */
export const swish: Activation = {
  name: 'swish',
  smoothness: Infinity,
  derivatives(order) {
    const builder = new DerivativeProgramBuilder('identity', 'sigmoid');
    const s = logisticDerivatives(builder, 1, order);
    return builder.program(
      s.map((register, k) =>
        k === 0 ? builder.add([1, 0, register]) : builder.add([1, 0, register], [k, s[k - 1]]),
      ),
    );
  },
};
