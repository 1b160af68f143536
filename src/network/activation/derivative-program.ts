/**
 * How an activation states itself: σ and its derivatives as polynomials in a few base functions of z, laid
 * out as a straight line in which later polynomials may use earlier ones. The statement is data, so that one
 * text serves columns of numbers here and tensors in an engine.
 */

/** The transcendental functions that have to be computed; everything else is multiplied and added. */
export type BaseFunction =
  | 'identity'
  /** 1 where z > 0, else 0. */
  | 'step'
  | 'tanh'
  /** 1/(1 + e^−z). */
  | 'sigmoid'
  /** ln(1 + e^z). */
  | 'softplus'
  | 'sin'
  | 'cos'
  /** e^min(z, 0) − 1. */
  | 'negative-exponential'
  /** Φ(z), the standard normal distribution function. */
  | 'normal-distribution'
  /** φ(z) = e^(−z²/2)/√(2π). */
  | 'normal-density';

/** coefficient · ∏ registers[factors[i]]; a register stands as often as its power, none means a constant. */
export interface Monomial {
  readonly coefficient: number;
  readonly factors: readonly number[];
}

export interface DerivativeProgram {
  /** Registers 0, 1, … of the program. */
  readonly bases: readonly BaseFunction[];
  /** The registers that follow, each a sum of monomials in earlier registers. */
  readonly polynomials: readonly (readonly Monomial[])[];
  /** The register that holds σ⁽ᵏ⁾, k = 0, 1, …; null where the derivative is zero almost everywhere. */
  readonly outputs: readonly (number | null)[];
}

/** Lays out a {@link DerivativeProgram}. */
export class DerivativeProgramBuilder {
  readonly #bases: BaseFunction[];
  readonly #polynomials: Monomial[][] = [];

  constructor(...bases: BaseFunction[]) {
    this.#bases = bases;
  }

  /** Adds a polynomial, terms written as [coefficient, …factors], and returns its register. */
  add(...terms: readonly (readonly [number, ...number[]])[]): number {
    const collected = new Map<string, Monomial>();
    for (const [coefficient, ...factors] of terms) {
      factors.sort((a, b) => a - b);
      const key = factors.join(',');
      const sum = coefficient + (collected.get(key)?.coefficient ?? 0);
      collected.set(key, { coefficient: sum, factors });
    }
    return this.#bases.length + this.#polynomials.push([...collected.values()]) - 1;
  }

  program(outputs: readonly (number | null)[]): DerivativeProgram {
    return { bases: this.#bases, polynomials: this.#polynomials, outputs };
  }
}

/** n over k. */
export function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return Math.round(value);
}
