import { InterruptedError, ProblemError, SolveError } from '../errors.ts';
import { minimizeLeastSquares } from './bounded-levenberg-marquardt.ts';
import { polishMinimum } from './newton-polish.ts';
import type { ScoringPoint, TrajectoryLikelihood } from './trajectory-likelihood.ts';

export interface LikelihoodOptions {
  /** Default: the likelihood's own. */
  readonly start?: Float64Array;
  /** Parameters held at a value, by position: for profiles. */
  readonly held?: ReadonlyMap<number, number>;
  /** Default 200. */
  readonly maxIterations?: number;
  /** Relative reduction of −2ℓ (of the sum of squares) below which it is at its end; default 1e-15. */
  readonly tolerance?: number;
  readonly signal?: Pick<AbortSignal, 'aborted'>;
}

/** Far from the maximum trajectories need few digits. */
const coarseTolerance = 1e-7;
const coarseReduction = 1e-5;
/** Squared, in standard errors. */
const polishedDistance = 1e-15;

export interface LikelihoodMaximum {
  readonly x: Float64Array;
  readonly point: ScoringPoint;
  readonly iterations: number;
  readonly stopped: 'converged' | 'iterations';
}

/**
 * The maximum of a likelihood within its bounds by Fisher's scoring with Levenberg's damping, dispersions on a
 * logarithmic scale; for Gaussian noise that is Levenberg–Marquardt. McCullagh & Nelder (1989), Generalized
 * Linear Models, section 2.5; Osborne (1992), Int. Stat. Rev. 60, 99–117.
 *
 * @throws SolveError where the trajectory cannot be integrated at the start, ProblemError for a held value out
 * of bounds
 */
export function maximizeLikelihood(
  likelihood: TrajectoryLikelihood,
  options: LikelihoodOptions = {},
): LikelihoodMaximum {
  const { unknowns, names } = likelihood;
  const low = likelihood.low.slice();
  const high = likelihood.high.slice();
  const start = (options.start ?? likelihood.start).slice();
  for (const [i, value] of options.held ?? []) {
    if (!(value >= low[i] && value <= high[i]))
      throw new ProblemError(`${names[i]} cannot be held at ${value}`, {
        hint: `it runs from ${low[i]} to ${high[i]}`,
      });
    low[i] = value;
    high[i] = value;
    start[i] = value;
  }
  const inward = (x: Float64Array) => x.map((value, i) => (i < unknowns ? value : Math.log(value)));
  const outward = (u: Float64Array) => u.map((value, i) => (i < unknowns ? value : Math.exp(value)));
  let failure: SolveError | undefined;
  const bounds = { low: inward(low), high: inward(high), scale: likelihood.scale };
  const evaluateAt = (rtol: number) => (u: Float64Array) => {
    if (options.signal?.aborted) throw new InterruptedError('the estimation was interrupted');
    try {
      return likelihood.evaluate(outward(u), rtol);
    } catch (error) {
      if (!(error instanceof SolveError) || error instanceof InterruptedError) throw error;
      failure = error;
      return undefined;
    }
  };
  const search = (from: Float64Array, rtol: number, rest: { tolerance?: number; damping?: number }) =>
    minimizeLeastSquares<ScoringPoint>(
      {
        ...bounds,
        ...rest,
        maxIterations: options.maxIterations ?? 200,
        evaluate: evaluateAt(rtol),
      },
      from,
    );
  const coarse =
    likelihood.rtol < coarseTolerance
      ? search(inward(start), coarseTolerance, { tolerance: coarseReduction })
      : undefined;
  const polished =
    coarse === undefined || likelihood.leastSquares
      ? undefined
      : polishMinimum<ScoringPoint>(
          {
            ...bounds,
            tolerance: Math.max(polishedDistance, (options.tolerance ?? 0) * likelihood.count),
            evaluate: evaluateAt(likelihood.rtol),
          },
          coarse.x,
        );
  const fine =
    polished ??
    (coarse === undefined
      ? search(inward(start), likelihood.rtol, { tolerance: options.tolerance })
      : search(coarse.x, likelihood.rtol, { tolerance: options.tolerance, damping: 1e-9 }));
  if (fine === undefined) throw failure ?? new SolveError('the trajectory has no value at the start');
  const { point, stopped } = fine;
  return { x: point.x, point, iterations: (coarse?.iterations ?? 0) + fine.iterations, stopped };
}
