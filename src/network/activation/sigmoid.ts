import type { Activation } from './activation.ts';
import { binomial, DerivativeProgramBuilder } from './derivative-program.ts';

/**
 * Registers of s, s′, …, s⁽ᵒʳᵈᵉʳ⁾ for the logistic function s in register `s`. From s′ = s − s², Leibniz'
 * rule gives s⁽ᵏ⁺¹⁾ = s⁽ᵏ⁾ − Σ_j C(k, j) s⁽ʲ⁾ s⁽ᵏ⁻ʲ⁾.
 */
export function logisticDerivatives(builder: DerivativeProgramBuilder, s: number, order: number): number[] {
  const registers = [s];
  for (let k = 0; k < order; k++) {
    const products = Array.from(
      { length: k + 1 },
      (_, j) => [-binomial(k, j), registers[j], registers[k - j]] as const,
    );
    registers.push(builder.add([1, registers[k]], ...products));
  }
  return registers;
}

/** 1/(1 + e^−z). */
export const sigmoid: Activation = {
  name: 'sigmoid',
  smoothness: Infinity,
  derivatives(order) {
    const builder = new DerivativeProgramBuilder('sigmoid');
    return builder.program(logisticDerivatives(builder, 0, order));
  },
};
