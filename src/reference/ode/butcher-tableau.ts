/** The coefficients of an explicit Runge–Kutta method with embedded error estimate and dense output. */
export interface ButcherTableau {
  readonly name: string;
  /** Order of the solution that is carried on. */
  readonly order: number;
  /** The step is scaled with error^(−errorExponent). */
  readonly errorExponent: number;
  /** Number s of stages; stage s (counted from 0) is the derivative at the new point, reused by the next step. */
  readonly stages: number;
  /** c of every stage, dense-output stages at the end. */
  readonly nodes: readonly number[];
  /** Row i holds a_ij for j < i; row s equals the weights. */
  readonly matrix: readonly (readonly number[])[];
  /** b. */
  readonly weights: readonly number[];
  /** One embedded estimator, or two combined as err₅²/√(err₅² + 0.01 err₃²); each has s + 1 entries. */
  readonly errorWeights: readonly (readonly number[])[];
  /** Stages that only dense output needs. */
  readonly denseStages: number;
  /** Rows over all stages; they extend the cubic Hermite interpolant (see `dense-output.ts`). */
  readonly denseWeights: readonly (readonly number[])[];
}
