/** estimate(): the unknowns of a problem by a network, by shooting, or by both, one result whatever the way. */
import { AnsatzError, InterruptedError, SolveError } from '../errors.ts';
import type { Problem, SolveSettings } from '../problem/index.ts';
import type { TrainingCallback } from '../solve/callbacks.ts';
import type { Solution } from '../solve/solution.ts';
import { solve } from '../solve/solve.ts';
import { explainedShare } from './explained-share.ts';
import type { Estimate } from './intervals.ts';
import { searchByNetwork } from './network-search.ts';
import { fitAt, type ShootingResult, shoot } from './shoot.ts';
import { declaredStart, scatteredStarts, type UnknownValues, withStart } from './starting-values.ts';

/**
 * 'pinn': trajectory and unknowns together, by a network. 'shooting': maximum likelihood over classical trajectories,
 * from the start alone. 'both': a network first, for as long as it takes to come near, and shooting from there.
 */
export type EstimationMethod = 'pinn' | 'shooting' | 'both';

export interface EstimateOptions {
  /** Default 'both'. */
  readonly method?: EstimationMethod;
  /** Starting values; default: each unknown's `initial`. */
  readonly start?: UnknownValues;
  /** Of the network and of further starts; default 0. */
  readonly seed?: number;
  /** Of the intervals; default 0.95. */
  readonly level?: number;
  /** Seconds, for all stages together; default 60. */
  readonly timeLimit?: number;
  /** Relative tolerance of the trajectories; default 1e-10. */
  readonly rtol?: number;
  /** Of the network: engine, size, optimizer, … as for `solve`. */
  readonly network?: Omit<SolveSettings, 'seed' | 'timeLimit'>;
  readonly signal?: AbortSignal;
  /** Called after every step of the network's training. */
  readonly callbacks?: readonly TrainingCallback[];
}

export type StageName =
  | 'network'
  | 'shooting from the network'
  | 'shooting from the start'
  | 'shooting from further starts';

/** What one stage of an estimation found. */
export interface EstimationStage {
  readonly stage: StageName;
  readonly from: UnknownValues;
  /** Where it ended; undefined where it found nothing. */
  readonly values: UnknownValues | undefined;
  /** Of the classical trajectory at those values. */
  readonly negativeLogLikelihood: number | undefined;
  readonly sumOfSquares: number | undefined;
  /** The largest distance of one of its values from the estimate, in standard errors of the estimate. */
  readonly distance: number | undefined;
  readonly seconds: number;
  readonly iterations: number;
  /** Why it ended. */
  readonly stopped: string;
  /** Why it failed; undefined where it did not. */
  readonly failure: string | undefined;
}

/** An estimate; without its interval where none could be found. */
export interface EstimatedValue {
  readonly value: number;
  readonly standardError: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface EstimationResult {
  readonly method: EstimationMethod;
  readonly level: number;
  readonly parameters: Readonly<Record<string, EstimatedValue>>;
  readonly derived: Readonly<Record<string, EstimatedValue>>;
  /** Of the noise, where it is estimated: dispersion, standard deviation. */
  readonly noise: Readonly<Record<string, EstimatedValue>>;
  readonly sumOfSquares: number | undefined;
  readonly negativeLogLikelihood: number | undefined;
  readonly aic: number | undefined;
  /** Unknowns that ended at one of their bounds. */
  readonly atBounds: readonly string[];
  /** The stage that the result is from. */
  readonly from: StageName;
  readonly stages: readonly EstimationStage[];
  /** Whether the stages agree, in words. */
  readonly agreement: string;
  /** The classical fit, or the classical trajectory at the network's values; where the problem has one. */
  readonly fit: ShootingResult | undefined;
  /** The trained network, where it alone was asked for. */
  readonly solution: Solution | undefined;
}

/** The network is to come near, not to the end. */
const networkShare = 0.5;

/** From the declared start a good fit is reached in fewer steps, and a bad one not in more. */
const stepsFromStart = 60;

/** A fit that leaves more of the data's variance than this may not be the best one. */
const doubtful = 0.5;

const further = { count: 40, tried: 4, spread: 10 };

/** A likelihood that is larger by less than this is no better. */
const sameLikelihood = 1e-6;

const now = (): number => performance.now() / 1000;

interface Fitted {
  readonly stage: StageName;
  readonly fit: ShootingResult;
}

/**
 * Estimates the unknowns of a problem from its observations.
 *
 * Shooting reaches the optimum to all digits but may be led astray by a bad start; the network, which need not satisfy
 * the equations while it learns, seldom is, and takes longer. Together: the network is trained until the classical
 * trajectory of its unknowns follows the data, shooting goes on from there and from the start as well, and the more
 * likely of the two counts. If neither explains the data, further starts are drawn around the declared one.
 *
 * @throws ProblemError for bad options, NotSupportedError where there is nothing to estimate or, for 'shooting', no
 * initial value problem; SolveError where no stage found anything
 */
export async function estimate(problem: Problem, options: EstimateOptions = {}): Promise<EstimationResult> {
  const { method = 'both', seed = 0, level = 0.95, timeLimit = 60, rtol, signal, callbacks = [] } = options;
  const started = withStart(problem, options.start ?? {});
  const ends = now() + timeLimit;
  const start = declaredStart(started);
  const stages: Omit<EstimationStage, 'distance'>[] = [];
  const fits: Fitted[] = [];
  let solution: Solution | undefined;
  const settings = (seconds: number) => ({ ...options.network, seed, timeLimit: seconds, signal, callbacks });

  const shootFrom = (stage: StageName, from: UnknownValues, maxIterations?: number): void => {
    const begun = now();
    const limit = deadline(ends, signal);
    try {
      const fit = shoot(started, { start: from, level, rtol, maxIterations, signal: limit });
      fits.push({ stage, fit });
      const { iterations, stopped } = fit;
      stages.push({
        stage,
        from,
        ...reached(fit),
        seconds: now() - begun,
        iterations,
        stopped,
        failure: undefined,
      });
    } catch (error) {
      if (!(error instanceof AnsatzError) || signal?.aborted === true) throw error;
      if (method === 'shooting' && !(error instanceof SolveError)) throw error;
      const failure = error instanceof InterruptedError ? 'out of time' : error.message;
      stages.push({
        stage,
        from,
        ...nothing,
        seconds: now() - begun,
        iterations: 0,
        stopped: 'failed',
        failure,
      });
    }
  };

  const trainAlone = async (): Promise<void> => {
    const begun = now();
    solution = await solve(started, settings(timeLimit));
    const { unknowns: values, run } = solution;
    let fit: ShootingResult | undefined;
    let failure: string | undefined;
    try {
      fit = fitAt(started, values, { level, rtol });
      fits.push({ stage: 'network', fit });
    } catch (error) {
      if (!(error instanceof AnsatzError)) throw error;
      failure = `no intervals: ${error.message}`;
    }
    const { iterations, stopped } = run;
    const at = fit === undefined ? { ...nothing, values } : reached(fit);
    stages.push({
      stage: 'network',
      from: start,
      ...at,
      seconds: now() - begun,
      iterations,
      stopped,
      failure,
    });
  };

  const share = method === 'both' ? shootable(started) : undefined;
  if (method === 'pinn' || (method === 'both' && share === undefined)) await trainAlone();
  else if (method === 'shooting') shootFrom('shooting from the start', start);
  else {
    const begun = now();
    const search = await searchByNetwork(started, share!, settings(networkShare * timeLimit));
    if (signal?.aborted === true) throw new InterruptedError('the estimation was interrupted');
    const { values, iterations, stopped, failure } = search;
    const at = { ...nothing, values, ...pointAt(started, values) };
    stages.push({
      stage: 'network',
      from: start,
      ...at,
      seconds: now() - begun,
      iterations,
      stopped,
      failure,
    });
    if (values !== undefined) shootFrom('shooting from the network', values);
    shootFrom('shooting from the start', start, stepsFromStart);
    if (!fits.some(({ fit }) => share!(valuesOf(fit)) > doubtful))
      for (const values of mostPromising(scatteredStarts(started, { ...further, seed }), share!))
        shootFrom('shooting from further starts', values, stepsFromStart);
  }
  return resultOf({ method, level, stages, fits, solution });
}

const nothing = { values: undefined, negativeLogLikelihood: undefined, sumOfSquares: undefined };

/** A signal that is aborted with another, or when a time has come: shooting leaves no turn for a timer to fire. */
function deadline(ends: number, signal: AbortSignal | undefined): Pick<AbortSignal, 'aborted'> {
  return {
    get aborted() {
      return signal?.aborted === true || now() > ends;
    },
  };
}

/** How much of the data trajectories explain; undefined where there are none. */
function shootable(problem: Problem): ((values: UnknownValues) => number) | undefined {
  try {
    return explainedShare(problem);
  } catch (error) {
    if (!(error instanceof AnsatzError)) throw error;
    return undefined;
  }
}

function mostPromising(
  starts: readonly UnknownValues[],
  share: (values: UnknownValues) => number,
): UnknownValues[] {
  return starts
    .map((values) => ({ values, explained: share(values) }))
    .filter(({ explained }) => Number.isFinite(explained))
    .sort((a, b) => b.explained - a.explained)
    .slice(0, further.tried)
    .map(({ values }) => values);
}

function valuesOf({ estimates }: ShootingResult): Record<string, number> {
  return Object.fromEntries(Object.entries(estimates).map(([name, { value }]) => [name, value]));
}

/** The likelihood at values that a network came to; nothing where there is no trajectory. */
function pointAt(problem: Problem, values: UnknownValues | undefined) {
  if (values === undefined) return nothing;
  try {
    return reached(fitAt(problem, values));
  } catch (error) {
    if (!(error instanceof SolveError)) throw error;
    return undefined;
  }
}

function reached(fit: ShootingResult) {
  const { negativeLogLikelihood, sumOfSquares } = fit;
  return { values: valuesOf(fit), negativeLogLikelihood, sumOfSquares };
}

function resultOf(found: {
  readonly method: EstimationMethod;
  readonly level: number;
  readonly stages: readonly Omit<EstimationStage, 'distance'>[];
  readonly fits: readonly Fitted[];
  readonly solution: Solution | undefined;
}): EstimationResult {
  const { method, level, solution } = found;
  const best = found.fits.reduce<Fitted | undefined>(
    (a, b) =>
      a === undefined || b.fit.negativeLogLikelihood < a.fit.negativeLogLikelihood - sameLikelihood ? b : a,
    undefined,
  );
  if (best === undefined && solution === undefined)
    throw new SolveError(
      `no estimate was found: ${found.stages.map(({ stage, failure }) => `${stage}: ${failure ?? 'nothing found'}`).join('; ')}`,
    );
  const fit = best?.fit;
  const bare = (values: UnknownValues): Record<string, EstimatedValue> =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        { value, standardError: null, low: null, high: null },
      ]),
    );
  const stages = found.stages.map((stage) => ({
    ...stage,
    distance: distanceOf(stage.values, fit?.estimates),
  }));
  return {
    method,
    level,
    parameters: fit?.estimates ?? bare(solution!.unknowns),
    derived: fit?.derived ?? bare(solution!.derived),
    noise: fit?.noise ?? {},
    sumOfSquares: fit?.sumOfSquares,
    negativeLogLikelihood: fit?.negativeLogLikelihood,
    aic: fit?.aic,
    atBounds: fit?.atBounds ?? [],
    from: best?.stage ?? 'network',
    stages,
    agreement: agreementOf(stages, best),
    fit,
    solution,
  };
}

function distanceOf(
  values: UnknownValues | undefined,
  estimates: Readonly<Record<string, Estimate>> | undefined,
): number | undefined {
  if (values === undefined || estimates === undefined) return undefined;
  return Math.max(
    ...Object.entries(estimates).map(([name, { value, standardError }]) =>
      values[name] === value ? 0 : Math.abs(values[name] - value) / standardError,
    ),
  );
}

/** Closer than this share of a standard error: the same optimum. */
const sameOptimum = 0.01;

function agreementOf(stages: readonly EstimationStage[], best: Fitted | undefined): string {
  if (best === undefined) return 'there is no classical trajectory to compare with';
  const others = stages.filter(({ stage }) => stage !== best.stage);
  if (others.length === 0) return 'there was one way alone';
  const say = ({ stage, distance, failure }: EstimationStage): string => {
    if (distance === undefined)
      return `${stage} ${failure === undefined ? 'found nothing' : `failed: ${failure}`}`;
    if (distance < sameOptimum) return `${stage} came to the same values`;
    return `${stage} ended ${distance.toPrecision(2)} standard errors away`;
  };
  return `the estimates are those of ${best.stage}; ${others.map(say).join('; ')}`;
}
