/** A classical solution of a problem. */
export interface AvailableReference {
  readonly available: true;
  /** How it was found, in words: method, tolerance or grid. */
  readonly method: string;
  /** Estimated relative L² error, the largest over the fields. */
  readonly errorEstimate: number;
  /**
   * The fields at points of the domain.
   * @param points (N, d) row-major, in the problem's coordinates
   * @returns (N) for every field; throws ProblemError for a point outside the domain
   */
  evaluate(points: Float64Array): Record<string, Float64Array>;
}

/** No classical solution, and why. */
export interface UnavailableReference {
  readonly available: false;
  readonly reason: string;
}

export type ReferenceResult = AvailableReference | UnavailableReference;

export interface ReferenceOptions {
  /** Values of the problem's unknowns. */
  readonly unknowns?: Readonly<Record<string, number>>;
  /** Seconds; default 20. */
  readonly timeLimit?: number;
  /** Relative error aimed at; default 1e-10 for ordinary, 1e-7 for partial differential equations. */
  readonly target?: number;
}

/** ‖a − b‖/‖b‖ over samples, the largest over the fields; ‖a − b‖ itself where b vanishes. */
export function relativeDifference(
  a: Readonly<Record<string, Float64Array>>,
  b: Readonly<Record<string, Float64Array>>,
): number {
  let worst = 0;
  for (const name of Object.keys(b)) {
    let difference = 0;
    let size = 0;
    for (let i = 0; i < b[name].length; i++) {
      difference += (a[name][i] - b[name][i]) ** 2;
      size += b[name][i] ** 2;
    }
    const relative = size > 0 ? Math.sqrt(difference / size) : Math.sqrt(difference / b[name].length);
    if (!(relative <= worst)) worst = relative;
  }
  return worst;
}

/** Milliseconds on a clock that only runs forward. */
export function deadlineAfter(seconds: number): number {
  return performance.now() + 1000 * seconds;
}
