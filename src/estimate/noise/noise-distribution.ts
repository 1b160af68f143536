import type { RandomGenerator } from '../../random/generator.ts';

/**
 * How an observed value y is distributed about the predicted value m, with one parameter a at most. For every
 * member here the expected information between m and a is zero: Barndorff-Nielsen & Cox (1994), Inference and
 * Asymptotics, section 3.6.
 */
export interface NoiseDistribution {
  /** What its parameter is called. */
  readonly parameter: 'standard deviation' | 'dispersion' | undefined;
  /** Whether the predicted value must be positive. */
  readonly positive: boolean;
  /** Whether y can be observed at all. */
  supports(y: number): boolean;
  /** ln p(y). */
  logDensity(y: number, m: number, a: number): number;
  /** ∂ ln p/∂m. */
  score(y: number, m: number, a: number): number;
  /** E(−∂² ln p/∂m²). */
  information(m: number, a: number): number;
  /** ∂ ln p/∂a. */
  parameterScore(y: number, m: number, a: number): number;
  /** E(−∂² ln p/∂a²). */
  parameterInformation(m: number, a: number): number;
  /** The variance of y. */
  variance(m: number, a: number): number;
  sample(m: number, a: number, random: RandomGenerator): number;
  /** The smallest y with P(Y ≤ y) ≥ p, for 0 < p < 1. */
  quantile(p: number, m: number, a: number): number;
}
