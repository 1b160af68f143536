import type { ActivationName } from '../activation.ts';
import type { DerivativeProgram } from './derivative-program.ts';

/** An activation function σ. */
export interface Activation {
  readonly name: ActivationName;
  /**
   * The highest derivative that may stand in an equation: Infinity for smooth functions, 1 for relu, whose
   * second derivative is zero wherever it exists.
   */
  readonly smoothness: number;
  /** σ, σ′, …, σ⁽ᵒʳᵈᵉʳ⁾, any order. */
  derivatives(order: number): DerivativeProgram;
}
