/** Unknown functions of time as penalised splines, estimated by shooting: the classical twin of a network. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { NotSupportedError, ProblemError, SolveError } from '../errors.ts';
import type { Problem } from '../problem/index.ts';
import { fieldRanges, scalingOf } from '../residual/index.ts';
import { meanSquareCurvature } from './cubic-spline.ts';
import type { Estimate } from './intervals.ts';
import { twoSidedNormal } from './normal-distribution.ts';
import { maximizePenalizedLikelihood, type PenalizedMaximum } from './penalized-likelihood.ts';
import { type SplineProblem, splineProblem } from './spline-problem.ts';
import { type TimeCurve, timeCurves } from './time-curves.ts';
import { type LikelihoodPoint, TrajectoryLikelihood } from './trajectory-likelihood.ts';

export type { TimeCurve } from './time-curves.ts';

export interface TimeVaryingOptions {
  /** Expressions in the problem's symbols to report as functions of time: { R: 'beta*S/(gamma*N)' }. */
  readonly report?: Readonly<Record<string, string>>;
  /** Times at which functions are reported; default 201, equidistant. */
  readonly times?: Float64Array;
  /** Intervals between the spline's knots; default 20. The penalty, not their number, sets the smoothness. */
  readonly intervals?: number;
  /**
   * Factor a of the penalty ½ a ∫ (û″)² dξ/2 in the negative log-likelihood, time mapped to [−1, 1] and û the
   * function over its scale; default: where the evidence is largest.
   */
  readonly smoothness?: number;
  /** Starting value of each unknown function; default: the best of a few constants. */
  readonly start?: Readonly<Record<string, number>>;
  /** Confidence level of intervals and bands; default 0.95. */
  readonly level?: number;
  /** For each factor of the penalty that is tried; default 60. */
  readonly maxIterations?: number;
  /** Relative tolerance of the integration; default 1e-7. */
  readonly rtol?: number;
  readonly signal?: AbortSignal;
}

export interface TimeVaryingResult {
  /** The unknown functions, the other fields, and what `report` names. */
  readonly curves: Readonly<Record<string, TimeCurve>>;
  /** The scalar unknowns, and the dispersions of the noise. */
  readonly estimates: Readonly<Record<string, Estimate>>;
  /** Every noise parameter that is estimated, standard deviations at their maximum likelihood. */
  readonly noise: Readonly<Record<string, number>>;
  readonly smoothness: number;
  /** What was tried: the logarithm of the evidence up to a constant, by factor of the penalty. */
  readonly evidence: readonly { readonly smoothness: number; readonly logEvidence: number }[];
  /** Trace of (F + S)⁻¹F, F the information and S the penalty: parameters that the data pay for. */
  readonly effectiveParameters: number;
  readonly negativeLogLikelihood: number;
  readonly level: number;
  readonly stopped: 'converged' | 'iterations';
  /** The problem with splines in place of the unknown functions, their coefficients among its unknowns. */
  readonly problem: Problem;
  /** Values of all its unknowns. */
  readonly values: Readonly<Record<string, number>>;
}

/** The first factor of the penalty: a function free enough to follow the data from a start that is far off. */
const middleFactor = 1e-2;
const ratioOfFactors = Math.sqrt(10);
/** Factors tried to either side of the first one. */
const factorsToASide = 10;

/** Gains of the logarithm of the penalised likelihood below which a fit ends: on the way, and the last one. */
const roughTolerance = 1e-3;
const fineTolerance = 1e-8;

/** A logarithm of the evidence this far below the best one ends the search in its direction. */
const clearlyWorse = 5;

/** Constants among which starts are sought, in units of the function's scale, of either sign. */
const startingConstants = Array.from({ length: 16 }, (_, i) => 0.05 * 1.4 ** i);
/** So many of the best constants begin a fit each. */
const startCount = 3;

interface Fit extends PenalizedMaximum<LikelihoodPoint> {
  readonly smoothness: number;
  readonly logEvidence: number;
}

/**
 * Estimates unknown fields that are functions of time: cubic splines on equidistant knots whose second derivative
 * is penalised, by maximum penalised likelihood over trajectories (P-splines: Eilers & Marx, Statistical Science
 * 11 (1996), 89–121). A function that must stay positive is written as the exponential of an unknown field.
 *
 * The penalty is a Gaussian prior on the second derivative; its factor is the one with the largest evidence,
 * the prior and the likelihood integrated over by Laplace's method (Wood, JRSS B 73 (2011), 3–36). Bands are
 * pointwise and of that prior (Wahba, JRSS B 45 (1983), 133–150), by the delta method; those of quantities that
 * are positive throughout on a logarithmic scale. They take the factor of the penalty for known.
 *
 * @throws ProblemError for bad options; NotSupportedError where the problem is no initial value problem with
 * observations and unknown functions of time; SolveError where no trajectory can be integrated
 * @example
 * const { curves } = timeVarying(outbreak, { report: { R: 'beta*S/(gamma*N)' } });
 */
export function timeVarying(problem: Problem, options: TimeVaryingOptions = {}): TimeVaryingResult {
  const { intervals = 20, level = 0.95, maxIterations = 60, rtol = 1e-7, signal } = options;
  if (!(Number.isInteger(intervals) && intervals >= 2))
    throw new ProblemError(`a spline cannot have ${intervals} intervals`, {
      path: 'intervals',
      hint: 'use a whole number from 2 on',
    });
  if (!(level > 0 && level < 1))
    throw new ProblemError(`${level} is no confidence level`, { path: 'level', hint: 'use 0.95' });
  const { smoothness } = options;
  if (smoothness !== undefined && !(smoothness > 0 && Number.isFinite(smoothness)))
    throw new ProblemError(`${smoothness} is no factor of a penalty`, {
      path: 'smoothness',
      hint: 'use a positive number, or leave it out',
    });
  if (!problem.fields.some((field) => field.unknown))
    throw new NotSupportedError('there is no unknown function', {
      path: 'fields',
      hint: 'declare one, e.g. { "beta": { "of": ["t"], "unknown": true } }',
    });
  const splines = splineProblem(problem, intervals);
  // A new one for each fit: after a trial rate that made the equations stiff it would stay with an implicit method.
  const anew = (): TrajectoryLikelihood => new TrajectoryLikelihood(splines.problem, { rtol });
  const likelihood = anew();
  const scales = scalesOf(problem);
  const penalty = penaltyOf(likelihood, splines, scales, intervals);
  const largestStep = largestSteps(likelihood, splines, scales);
  const rank = splines.functions.length * (intervals + 1);
  const tried = (factor: number, from: Float64Array, tolerance = roughTolerance): Fit => {
    const matrix = penalty.map((value) => factor * value);
    const settings = { maxIterations, tolerance, largestStep, signal };
    const maximum = maximizePenalizedLikelihood(anew(), matrix, from, settings);
    return { ...maximum, smoothness: factor, logEvidence: logEvidence(maximum, rank, factor) };
  };

  const middle = smoothness ?? middleFactor;
  const starts = startsOf(problem, likelihood, splines, scales, rtol, options.start);
  const first = starts
    .map((start) => tried(middle, start))
    .reduce((a, b) => (b.objective < a.objective ? b : a));
  const fits = smoothness === undefined ? searched(first, tried) : [first];
  const fit = refined(fits, tried);
  return resultOf(problem, splines, likelihood, fit, fits, penalty, { ...options, level, rtol });
}

/** The size of each field: that by which networks scale it, so that both penalties are in one unit. */
function scalesOf(problem: Problem): ReadonlyMap<string, number> {
  const scaling = scalingOf(problem, fieldRanges(problem));
  return new Map([...scaling.fields].map(([name, { scale }]) => [name, scale]));
}

/** The matrix S of the penalty with factor 1, over all parameters of the likelihood. */
function penaltyOf(
  likelihood: TrajectoryLikelihood,
  { functions }: SplineProblem,
  scales: ReadonlyMap<string, number>,
  intervals: number,
): Float64Array {
  const n = likelihood.names.length;
  const penalty = new Float64Array(n * n);
  const curvature = meanSquareCurvature(intervals);
  for (const { name, coefficients } of functions) {
    const places = coefficients.map((c) => likelihood.names.indexOf(c));
    places.forEach((i, a) => {
      places.forEach((j, b) => {
        penalty[i * n + j] = curvature[a * places.length + b] / scales.get(name)! ** 2;
      });
    });
  }
  return penalty;
}

/** In one step a function may change by its scale, a scalar unknown by a few times its own. */
function largestSteps(
  likelihood: TrajectoryLikelihood,
  { functions }: SplineProblem,
  scales: ReadonlyMap<string, number>,
): Float64Array {
  const steps = likelihood.names.map((_, i) =>
    i < likelihood.unknowns ? 5 * likelihood.scale[i] : Infinity,
  );
  for (const { name, coefficients } of functions)
    for (const c of coefficients) steps[likelihood.names.indexOf(c)] = scales.get(name)!;
  return Float64Array.from(steps);
}

/** The best constants for the unknown functions, the rest as the likelihood starts. */
function startsOf(
  problem: Problem,
  likelihood: TrajectoryLikelihood,
  { functions }: SplineProblem,
  scales: ReadonlyMap<string, number>,
  rtol: number,
  given: Readonly<Record<string, number>> = {},
): Float64Array[] {
  for (const name of Object.keys(given))
    if (!functions.some((f) => f.name === name))
      throw new ProblemError(`${name} is no unknown function of the problem`, {
        path: `start.${name}`,
        hint: `unknown functions are ${functions.map((f) => f.name).join(', ')}`,
      });
  const at = (constant: number, of: TrajectoryLikelihood, splines: SplineProblem['functions']) => {
    const x = of.start.slice();
    for (const { name, coefficients } of splines)
      for (const c of coefficients) x[of.names.indexOf(c)] = given[name] ?? constant * scales.get(name)!;
    return x;
  };
  // The fewer coefficients the sooner integrated: one interval holds the same constants.
  const coarse = splineProblem(problem, 1);
  const coarseLikelihood = new TrajectoryLikelihood(coarse.problem, { rtol });
  const open = functions.some(({ name }) => given[name] === undefined);
  const constants = open ? [...startingConstants, 0, ...startingConstants.map((c) => -c)] : [0];
  let failure: SolveError | undefined;
  const candidates = constants.flatMap((constant) => {
    try {
      const x = at(constant, coarseLikelihood, coarse.functions);
      const value = coarseLikelihood.evaluate(x).negativeLogLikelihood;
      return Number.isFinite(value) ? [{ constant, value }] : [];
    } catch (error) {
      if (!(error instanceof SolveError)) throw error;
      failure = error;
      return [];
    }
  });
  if (candidates.length === 0)
    throw failure ?? new SolveError('the likelihood has no finite value at the start');
  return candidates
    .sort((a, b) => a.value - b.value)
    .slice(0, startCount)
    .map(({ constant }) => at(constant, likelihood, functions));
}

/** Fits at larger and smaller factors, each from its neighbour, until the evidence is far below the best. */
function searched(first: Fit, tried: (factor: number, from: Float64Array) => Fit): Fit[] {
  const fits = [first];
  let best = first.logEvidence;
  for (const ratio of [ratioOfFactors, 1 / ratioOfFactors]) {
    let last = first;
    for (let i = 0; i < factorsToASide && last.logEvidence > best - clearlyWorse; i++) {
      last = tried(last.smoothness * ratio, last.x);
      best = Math.max(best, last.logEvidence);
      fits.push(last);
    }
  }
  return fits.sort((a, b) => b.smoothness - a.smoothness);
}

/** ln ∫ exp(ℓ − ½ a xᵀSx) dx · |aS|₊^½ by Laplace's method, up to a constant. */
function logEvidence(
  { objective, precision }: PenalizedMaximum<LikelihoodPoint>,
  rank: number,
  factor: number,
): number {
  const cholesky = choleskyOf(precision);
  let logDeterminant = 0;
  for (let i = 0; i < precision.rows; i++)
    logDeterminant += 2 * Math.log(cholesky.lower.get(i, i)) + Math.log(cholesky.diagonal[i]);
  return -objective + 0.5 * rank * Math.log(factor) - 0.5 * logDeterminant;
}

/** The Cholesky factor of the matrix scaled to a diagonal of 1, with that diagonal. */
function choleskyOf(precision: Matrix): { lower: Matrix; diagonal: number[]; solve(b: Matrix): Matrix } {
  const n = precision.rows;
  const diagonal = Array.from({ length: n }, (_, i) => precision.get(i, i) || 1);
  const scaled = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const value = precision.get(i, j) / Math.sqrt(diagonal[i] * diagonal[j]);
      scaled.set(i, j, value);
      scaled.set(j, i, value);
    }
  // What neither data nor penalty determine gets a variance that is large, not infinite.
  for (let i = 0; i < n; i++) scaled.set(i, i, 1 + 1e-12);
  const cholesky = new CholeskyDecomposition(scaled);
  if (!cholesky.isPositiveDefinite())
    throw new SolveError('the data and the penalty do not determine the unknowns');
  const scaleRows = (b: Matrix): Matrix => {
    const result = b.clone();
    for (let i = 0; i < n; i++) result.mulRow(i, 1 / Math.sqrt(diagonal[i]));
    return result;
  };
  return {
    lower: cholesky.lowerTriangularMatrix,
    diagonal,
    solve: (b) => scaleRows(cholesky.solve(scaleRows(b))),
  };
}

/** The maximum of the evidence between the factors tried, by a parabola through the three best. */
function refined(
  fits: readonly Fit[],
  tried: (factor: number, from: Float64Array, tolerance: number) => Fit,
): Fit {
  const rough = fits.reduce((a, b) => (b.logEvidence > a.logEvidence ? b : a));
  const best = tried(rough.smoothness, rough.x, fineTolerance);
  const i = fits.indexOf(rough);
  if (i === 0 || i === fits.length - 1) return best;
  const [left, right] = [fits[i - 1].logEvidence, fits[i + 1].logEvidence];
  const bend = left - 2 * best.logEvidence + right;
  if (!(bend < 0)) return best;
  const shift = Math.max(-0.5, Math.min(0.5, (0.5 * (left - right)) / bend));
  const ratio = fits[i + 1].smoothness / best.smoothness;
  const between = tried(best.smoothness * ratio ** shift, best.x, fineTolerance);
  return between.logEvidence > best.logEvidence ? between : best;
}

function resultOf(
  problem: Problem,
  splines: SplineProblem,
  likelihood: TrajectoryLikelihood,
  fit: Fit,
  fits: readonly Fit[],
  penalty: Float64Array,
  options: TimeVaryingOptions & { readonly level: number; readonly rtol: number },
): TimeVaryingResult {
  const { level } = options;
  const n = likelihood.names.length;
  const covariance = choleskyOf(fit.precision).solve(Matrix.eye(n, n));
  const z = twoSidedNormal(level);
  const coefficients = new Set(splines.functions.flatMap((f) => f.coefficients));
  const estimates = likelihood.names.flatMap((name, i): [string, Estimate][] => {
    if (coefficients.has(name)) return [];
    const value = fit.x[i];
    const standardError = Math.sqrt(covariance.get(i, i));
    return [
      [name, { value, standardError, low: value - z * standardError, high: value + z * standardError }],
    ];
  });
  let penalized = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) penalized += covariance.get(i, j) * fit.smoothness * penalty[j * n + i];
  return {
    curves: timeCurves(problem, splines, fit.x.slice(0, likelihood.unknowns), covariance, z, options),
    estimates: Object.fromEntries(estimates),
    noise: fit.point.noise,
    smoothness: fit.smoothness,
    evidence: fits.map(({ smoothness, logEvidence }) => ({ smoothness, logEvidence })),
    effectiveParameters: n - penalized,
    negativeLogLikelihood: fit.point.negativeLogLikelihood,
    level,
    stopped: fit.stopped,
    problem: splines.problem,
    values: Object.fromEntries(
      likelihood.names.slice(0, likelihood.unknowns).map((name, i) => [name, fit.x[i]]),
    ),
  };
}
