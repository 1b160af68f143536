/** All that an outbreak's data say of its model: estimates, how sure they are, and on what they depend. */
import { AnsatzError, ProblemError } from '../errors.ts';
import { type AssumptionResult, compareAssumptions } from '../estimate/assumptions.ts';
import type { Band } from '../estimate/band.ts';
import { type Bootstrap, type BootstrapProgress, bootstrap } from '../estimate/bootstrap.ts';
import { type EstimateOptions, type EstimationResult, estimate } from '../estimate/estimate.ts';
import type { Estimate } from '../estimate/intervals.ts';
import { twoSidedNormal } from '../estimate/normal-distribution.ts';
import { predictionBands } from '../estimate/prediction-bands.ts';
import type { ProfileCurve } from '../estimate/profile-curve.ts';
import { profileLikelihood } from '../estimate/profile-likelihood.ts';
import type { ShootingResult } from '../estimate/shoot.ts';
import { twoSidedStudentT } from '../estimate/student-t.ts';
import { TrajectoryLikelihood } from '../estimate/trajectory-likelihood.ts';
import type { Observation, Problem } from '../problem/index.ts';
import { herdImmunityThreshold } from './epidemic-growth.ts';
import { effectiveReproductionNumbers } from './reproduction-number.ts';
import { reproductionNumberInterval } from './reproduction-uncertainty.ts';

export interface OutbreakAnalysisOptions extends EstimateOptions {
  /** Observations up to this time are fitted to; later ones are held out. Default: all are fitted to. */
  readonly fitUntil?: number;
  /** Bootstrap replicates; default 0: none. */
  readonly replicates?: number;
  readonly threads?: number;
  /** Default true; they take as long as some tens of fits. */
  readonly profiles?: boolean;
  /** Whether the data are fitted under other assumptions too; default true. */
  readonly assumptions?: boolean;
  /** Initial values to be tried among them, by field. */
  readonly initial?: Readonly<Record<string, readonly number[]>>;
  readonly onBootstrap?: (progress: BootstrapProgress) => void;
}

export interface ReproductionCurve {
  /** At the state without disease, by the next-generation matrix. */
  readonly basic: Estimate;
  /** 1 − 1/R0; undefined where R0 is not above 1. */
  readonly herdImmunityThreshold: number | undefined;
  /** R(t) along the fitted trajectory, with its band by the delta method. */
  readonly t: Float64Array;
  readonly value: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface HeldOutScore {
  /** The observation's text. */
  readonly observed: string;
  readonly count: number;
  /** How many of them lie in the prediction band. */
  readonly covered: number;
  /** Root mean square of predicted less observed. */
  readonly rootMeanSquare: number;
}

export interface OutbreakAnalysis {
  /** What was fitted: the problem with the observations up to `fitUntil`. */
  readonly problem: Problem;
  readonly heldOut: readonly Observation[];
  readonly estimation: EstimationResult;
  readonly profiles: readonly ProfileCurve[];
  readonly bootstrap: Bootstrap | undefined;
  readonly bands: readonly Band[];
  readonly assumptions: readonly AssumptionResult[];
  /** Where the problem is a compartment model with an infection. */
  readonly reproduction: ReproductionCurve | undefined;
  readonly scores: readonly HeldOutScore[];
  /** What could not be had, and why. */
  readonly notes: readonly string[];
  readonly seed: number;
  readonly seconds: number;
}

const curvePoints = 201;

/**
 * Estimates, profiles, bands, reproduction numbers and what other assumptions change, of a problem with unknowns and
 * observations over time.
 *
 * @throws as `estimate()`; ProblemError where no observation is left to be fitted
 */
export async function analyzeOutbreak(
  whole: Problem,
  options: OutbreakAnalysisOptions = {},
): Promise<OutbreakAnalysis> {
  const begun = performance.now();
  const { fitUntil, replicates = 0, threads, initial, onBootstrap, ...estimation } = options;
  const { level = 0.95, signal, seed = 0 } = estimation;
  const { fitted: problem, later: heldOut } = splitObservations(whole, fitUntil);
  const notes: string[] = [];
  const attempt = async <T>(subject: string, run: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof AnsatzError) || signal?.aborted === true) throw error;
      notes.push(`${subject}: ${error.message}`);
      return undefined;
    }
  };

  const result = await estimate(problem, estimation);
  const { fit } = result;
  const beyond = problem.unknowns.filter(({ name, min, max }) => {
    const { low, high } = result.parameters[name];
    return (
      (min !== undefined && low !== null && low < min) || (max !== undefined && high !== null && high > max)
    );
  });
  if (beyond.length > 0)
    notes.push(
      `the intervals of ${beyond.map(({ name }) => name).join(', ')} by the likelihood's curvature reach beyond what is allowed: the likelihood is far from a parabola there, and the profile's intervals are those to go by`,
    );
  const bands =
    fit === undefined
      ? []
      : ((await attempt('no bands', () => predictionBands(problem, fit, { level, times: times(problem) }))) ??
        []);
  const profiles =
    fit === undefined || options.profiles === false
      ? []
      : ((await attempt('no profiles', () => profileLikelihood(problem, { fit, level, signal }))) ?? []);
  const resampled =
    fit === undefined || replicates === 0
      ? undefined
      : await attempt('no bootstrap', () =>
          bootstrap(problem, { fit, replicates, threads, level, seed, signal, onProgress: onBootstrap }),
        );
  const assumptions =
    fit === undefined || options.assumptions === false
      ? []
      : ((await attempt('other assumptions', () =>
          compareAssumptions(problem, { initial, level, signal, start: valuesOf(fit) }),
        )) ?? []);
  const reproduction = fit === undefined ? undefined : reproductionCurve(problem, fit, level);
  return {
    problem,
    heldOut,
    estimation: result,
    profiles,
    bootstrap: resampled,
    bands,
    assumptions,
    reproduction,
    scores: heldOut.map((observation) => scoreOf(observation, bands)),
    notes,
    seed,
    seconds: (performance.now() - begun) / 1000,
  };
}

function valuesOf({ estimates }: ShootingResult): Record<string, number> {
  return Object.fromEntries(Object.entries(estimates).map(([name, { value }]) => [name, value]));
}

function times({ coordinates: [{ low, high }] }: Problem): Float64Array {
  return Float64Array.from({ length: curvePoints }, (_, i) => low + ((high - low) * i) / (curvePoints - 1));
}

/** The observations up to a time, and those after it. */
function splitObservations(
  problem: Problem,
  until: number | undefined,
): { fitted: Problem; later: Observation[] } {
  if (until === undefined) return { fitted: problem, later: [] };
  if (problem.coordinates.length !== 1)
    throw new ProblemError('observations are held out along time alone', {
      path: 'fitUntil',
      hint: 'leave it out for problems with further coordinates',
    });
  const part = (observation: Observation, wanted: (t: number) => boolean): Observation => {
    const kept = [...observation.points.keys()].filter((n) => wanted(observation.points[n]));
    const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (n) => values[n]);
    return {
      ...observation,
      points: pick(observation.points),
      before: observation.before === undefined ? undefined : pick(observation.before),
      values: pick(observation.values),
      count: kept.length,
    };
  };
  const split = (wanted: (t: number) => boolean): Observation[] =>
    problem.observations.map((observation) => part(observation, wanted)).filter(({ count }) => count > 0);
  const observations = split((t) => t <= until);
  if (observations.length === 0)
    throw new ProblemError(`no observation lies at or before ${problem.coordinates[0].name} = ${until}`, {
      path: 'fitUntil',
      hint: 'name a later time',
    });
  return { fitted: { ...problem, observations }, later: split((t) => t > until) };
}

/** R0 and R(t) with intervals; undefined for a problem that is no model of an infection. */
function reproductionCurve(
  problem: Problem,
  fit: ShootingResult,
  level: number,
): ReproductionCurve | undefined {
  const names = problem.unknowns.map(({ name }) => name);
  const x = Float64Array.from(names, (name) => fit.estimates[name].value);
  const t = times(problem);
  const likelihood = new TrajectoryLikelihood(problem);
  const curveAt = (at: Float64Array): Float64Array =>
    effectiveReproductionNumbers(
      problem,
      likelihood.evaluate(Float64Array.of(...at, ...noiseOf(fit, likelihood))).trajectory.at,
      t,
      Object.fromEntries(names.map((name, i) => [name, at[i]])),
    );
  try {
    const basic = reproductionNumberInterval(problem, fit, { level });
    const value = curveAt(x);
    const slopes = names.map((_, i) => {
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = problem.unknowns[i];
      const step = 1e-4 * (Math.abs(x[i]) || 1);
      const [down, up] = [Math.max(min, x[i] - step), Math.min(max, x[i] + step)];
      const [low, high] = [down, up].map((place) => curveAt(x.map((v, k) => (k === i ? place : v))));
      return high.map((v, n) => (v - low[n]) / (up - down));
    });
    const quantile = likelihood.leastSquares
      ? twoSidedStudentT(level, fit.degreesOfFreedom)
      : twoSidedNormal(level);
    const width = value.map((_, n) => {
      let variance = 0;
      slopes.forEach((a, i) => {
        slopes.forEach((b, j) => {
          if (a[n] !== 0 && b[n] !== 0) variance += a[n] * b[n] * fit.covariance[i][j];
        });
      });
      return quantile * Math.sqrt(Math.max(0, variance));
    });
    return {
      basic,
      herdImmunityThreshold: basic.value > 1 ? herdImmunityThreshold(basic.value) : undefined,
      t,
      value,
      low: value.map((v, n) => Math.max(0, v - width[n])),
      high: value.map((v, n) => v + width[n]),
    };
  } catch (error) {
    // A predator and its prey have no reproduction number, and need none.
    if (error instanceof AnsatzError) return undefined;
    throw error;
  }
}

function noiseOf({ noise }: ShootingResult, { names, unknowns }: TrajectoryLikelihood): number[] {
  return names.slice(unknowns).map((name) => noise[name].value);
}

/** How the forecast did on what it had not seen. */
function scoreOf({ text, points, values, count }: Observation, bands: readonly Band[]): HeldOutScore {
  const band = bands.find(({ name, kind }) => name === text.trim() && kind === 'prediction');
  if (band === undefined) return { observed: text, count, covered: 0, rootMeanSquare: Number.NaN };
  const at = (curve: Float64Array, time: number): number => {
    const { t } = band;
    const place = ((time - t[0]) / (t[t.length - 1] - t[0])) * (t.length - 1);
    const i = Math.max(0, Math.min(t.length - 2, Math.floor(place)));
    return curve[i] + (place - i) * (curve[i + 1] - curve[i]);
  };
  const covered = [...points].filter(
    (time, n) => at(band.low, time) <= values[n] && values[n] <= at(band.high, time),
  );
  const squares = points.reduce((sum, time, n) => sum + (at(band.value, time) - values[n]) ** 2, 0);
  return { observed: text, count, covered: covered.length, rootMeanSquare: Math.sqrt(squares / count) };
}
