/** How an operator was trained, and how good it is: plain data. */

/** Relative L2 errors of one field over functions that were never trained on. */
export interface OperatorError {
  /** Mean over the functions of ‖u − u*‖ / ‖u*‖. */
  readonly relativeL2: number;
  readonly median: number;
  readonly worst: number;
  /** How many there are. */
  readonly functions: number;
  /** The problem's exact solution, its classical reference, or functions of a given data set that were held out. */
  readonly against: 'exact' | 'reference' | 'data';
  /** Relative error that the reference estimates of itself, at most. */
  readonly referenceError?: number;
  /** Of each function, (functions). */
  readonly each: readonly number[];
  /** Number of each function's draw, or its place in the data set where they were held out, (functions). */
  readonly draws: readonly number[];
}

export interface OperatorRun {
  readonly engine: 'f64' | 'tfjs';
  readonly engineReason: string;
  /** What was minimised and how, in few words. */
  readonly optimizer: string;
  readonly loss: 'data' | 'physics' | 'mixed';
  readonly architecture: 'deeponet' | 'pod-deeponet' | 'fourier';
  /** Of the branch. */
  readonly branch: string;
  readonly seed: number;
  /** Functions trained on. */
  readonly functions: number;
  /** Output points for each; 0 where there are no data. */
  readonly points: number;
  /** Of training, data included. */
  readonly seconds: number;
  /** Of these, spent on data. */
  readonly dataSeconds: number;
  /** Spent on the test functions. */
  readonly testSeconds: number;
  /** Optimizer steps, or least-squares solves. */
  readonly iterations: number;
  /** Relative error of functions left out of training, as cross-validation or held-out ones have it. */
  readonly validation: number;
  /**
   * `exact`: the error is that of rounding and data; `converged`: more functions no longer help; `functions`: so many
   * were asked for, or given.
   */
  readonly stopped: 'target' | 'exact' | 'converged' | 'functions' | 'time' | 'iterations';
  /** Remarks for people. */
  readonly notes: readonly string[];
}
