/** The contract of an optimiser: it minimises an objective over a flat parameter vector, step by step. */

/** A scalar function with its gradient; a sum of squares may offer its Gauss–Newton pieces too. */
export interface Objective {
  lossAndGradient(theta: Float64Array): Promise<{ readonly loss: number; readonly gradient: Float64Array }>;
  loss(theta: Float64Array): Promise<{ readonly loss: number }>;
  /** For L = ρᵀρ: matrix JᵀJ (row-major) and vector Jᵀρ, with J = ∂ρ/∂θ. */
  gaussNewton?(
    theta: Float64Array,
  ): Promise<{ readonly loss: number; readonly matrix: Float64Array; readonly vector: Float64Array }>;
  /** For L = ρᵀρ: J = Q·R with factor R (row-major, upper triangular) and vector Qᵀρ. */
  orthogonalFactor?(
    theta: Float64Array,
  ): Promise<{ readonly loss: number; readonly factor: Float64Array; readonly vector: Float64Array }>;
  /**
   * For L = ρᵀρ: a sample of the residuals, weighted to stand for all of them; `draw` says which one, the same number
   * meaning the same.
   */
  sample?(theta: Float64Array, draw: number): Promise<SampledJacobian>;
  /** For L = ρᵀρ: the loss at `elsewhere`, and 2 J(θ)ᵀρ(elsewhere). */
  crossGradient?(
    theta: Float64Array,
    elsewhere: Float64Array,
  ): Promise<{ readonly loss: number; readonly gradient: Float64Array }>;
}

/** Some of the residuals, linearised at θ. */
export interface SampledJacobian {
  /** Rows of J, (M, P) row-major. */
  readonly rows: Float64Array;
  /** ρ, (M). */
  readonly residuals: Float64Array;
  /** ρᵀρ of the same residuals elsewhere. To be asked before the next sample is taken. */
  loss(theta: Float64Array): Promise<number>;
}

export interface OptimizerStep {
  /** Loss at the parameters held after the step. */
  readonly loss: number;
  /** Euclidean norm of the gradient where the step evaluated it last. */
  readonly gradientNorm: number;
  /** Set when no further progress is possible, with the reason. */
  readonly finished?: 'gradient' | 'line-search' | 'step' | 'diverged';
}

/** An optimiser's whole memory, in a form that can be stored: scalars and vectors by name. */
export interface OptimizerState {
  readonly name: string;
  readonly numbers: Readonly<Record<string, number>>;
  readonly vectors: Readonly<Record<string, Float64Array>>;
}

export interface Optimizer {
  readonly name: string;
  /** The parameters reached. A new array after each step that moves: callers may keep it. */
  readonly theta: Float64Array;
  step(): Promise<OptimizerStep>;
  /** What is needed to go on from here as if never stopped. */
  state(): OptimizerState;
  /** To be called after the objective has changed (new points, new weights): forgets what no longer holds. */
  objectiveChanged(): void;
}
