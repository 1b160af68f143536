/**
 * The contract between engines and optimisers. Two engines implement the same mathematics independently;
 * `ResidualSystem` says what the loss is.
 */
import type { ResidualSystem } from '../residual/residual-system.ts';

export interface LossAndGradient {
  readonly loss: number;
  /** Each block's share of the loss, its weight included, in the order of the blocks. */
  readonly terms: Float64Array;
  /** ∂L/∂θ. */
  readonly gradient: Float64Array;
}

/**
 * The Gauss–Newton pieces of L = Σ_i ρ_i² with ρ the residuals multiplied by the square roots of their
 * weights: matrix = JᵀJ and vector = Jᵀρ where J = ∂ρ/∂θ, so that gradient = 2·vector.
 */
export interface GaussNewton extends LossAndGradient {
  /** (P, P), row-major, symmetric, both triangles filled. */
  readonly matrix: Float64Array;
  readonly vector: Float64Array;
}

/**
 * J = Q·R with orthonormal columns of Q (J and ρ as for {@link GaussNewton}): RᵀR = JᵀJ, and δ = −R⁻¹·Qᵀρ minimises
 * ‖Jδ + ρ‖ with an error that grows with the condition number of J where that of the normal equations grows
 * with its square.
 */
export interface OrthogonalFactor {
  readonly loss: number;
  readonly terms: Float64Array;
  /** R: (P, P), row-major, upper triangular; the signs of its rows are of no account. */
  readonly factor: Float64Array;
  /** Qᵀρ, (P). Where J has fewer rows than columns both end in zeros. */
  readonly vector: Float64Array;
}

export interface Engine {
  readonly name: 'tfjs' | 'f64';
  /** What does the arithmetic: 'wasm', 'cpu', 'tensorflow', 'webgl', 'wasm-simd (2 threads)', … */
  readonly backend: string;
  readonly precision: 'float32' | 'float64';
  /** Length of θ. */
  readonly size: number;
  /** Loss and its gradient at θ. A loss that is not finite is returned as it is: callers check. */
  lossAndGradient(theta: Float64Array): Promise<LossAndGradient>;
  /** Loss and terms alone, where only the value is wanted (trial steps). */
  loss(theta: Float64Array): Promise<Omit<LossAndGradient, 'gradient'>>;
  /** Unweighted residuals, block after block, each (N, outputs) row-major. */
  residuals(theta: Float64Array): Promise<Float64Array>;
  /** Absent where the engine cannot. */
  gaussNewton?(theta: Float64Array): Promise<GaussNewton>;
  /** Absent where the engine cannot. */
  orthogonalFactor?(theta: Float64Array): Promise<OrthogonalFactor>;
  /**
   * Loss and terms at `elsewhere` with 2·J(θ)ᵀρ(elsewhere): the gradient there if J did not change on the way.
   * Absent where the engine cannot.
   */
  crossGradient?(theta: Float64Array, elsewhere: Float64Array): Promise<LossAndGradient>;
  /** Takes a system of the same structure with other points, columns or weights. */
  update(system: ResidualSystem): Promise<void>;
  /** Frees tensors, memory and workers; the engine cannot be used afterwards. */
  dispose(): Promise<void>;
}
