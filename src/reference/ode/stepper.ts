/** One step of a one-step method: what the integration loop knows of the method. */
export interface Stepper {
  readonly name: string;
  /** Exponent of the error norm in the choice of the next step. */
  readonly errorExponent: number;
  /** Whether `attempt` returns an error norm. */
  readonly embedded: boolean;
  /** Evaluations of the right-hand side so far. */
  readonly evaluations: number;
  /** Starts at (t, y); throws SolveError if the right-hand side is not finite there. */
  begin(t: number, y: Float64Array): void;
  /** A first step size (Hairer, Nørsett & Wanner I, section II.4), unsigned. */
  initialStep(direction: 1 | -1, span: number): number;
  /** Tries a step; the error norm is 1 at the tolerance, Infinity if something was not finite. */
  attempt(h: number): number;
  /** The new state of the last attempt. */
  readonly proposal: Float64Array;
  /** Largest absolute local error of the last attempt, or 0 for a method without an estimate. */
  readonly localError: number;
  /**
   * Takes the last attempt as the new state.
   * @param dense false where the solution inside the step is not wanted
   * @returns the dense-output coefficients of the step, (rows, n), see `dense-output.ts`; none if not wanted
   */
  accept(dense?: boolean): Float64Array;
}
