/** estimate(): the unknowns of a problem by a network, by shooting, or by both, one result whatever the way. */
import { AnsatzError, InterruptedError, SolveError } from '../errors.ts';
import type { Problem, SolveSettings } from '../problem/index.ts';
import type { TrainingCallback } from '../solve/callbacks.ts';
import { solve } from '../solve/solve.ts';
import {
  type EstimationMethod,
  type EstimationResult,
  estimationResult,
  type FoundStage,
  type StageName,
} from './estimation-result.ts';
import { explainedShare } from './explained-share.ts';
import { maximizeLikelihood } from './maximum-likelihood.ts';
import { searchByNetwork } from './network-search.ts';
import { fitAt, type ShootingResult, shoot } from './shoot.ts';
import { declaredStart, scatteredStarts, type UnknownValues, withStart } from './starting-values.ts';
import { TrajectoryLikelihood } from './trajectory-likelihood.ts';

export type {
  EstimatedValue,
  EstimationMethod,
  EstimationResult,
  EstimationStage,
  StageName,
} from './estimation-result.ts';

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

/** At most this share of the time limit: the network is to come near, not to the end. */
const networkShare = 0.5;

/**
 * From elsewhere a maximum is first sought roughly: on flat ground steps are many and lead nowhere. Where the
 * log-likelihood is lower than the best by more than `hopeless`, that is the end of it.
 */
const rough = { maxIterations: 60, tolerance: 1e-7, rtol: 1e-7, hopeless: 20 };

/** Starts drawn, and those of them from which shooting is tried: likelihoods may have several maxima. */
const further = { count: 40, tried: 4, spread: 10 };

/** Seconds. */
const leastLook = 1;

const now = (): number => performance.now() / 1000;

/**
 * Estimates the unknowns of a problem from its observations.
 *
 * Shooting reaches the optimum to all digits but may be led astray by a bad start; the network, which need not satisfy
 * the equations while it learns, seldom is, and takes longer. Together: the network is trained until the classical
 * trajectory of its unknowns follows the data; shooting goes on from there, from the start, and from the most promising
 * of further starts drawn around it, since a likelihood may have several maxima. The most likely end counts. Where
 * there is no initial value problem to shoot at, 'both' is the network alone.
 *
 * @throws ProblemError for bad options, NotSupportedError where there is nothing to estimate or, for 'shooting', no
 * initial value problem; SolveError where no stage found anything; InterruptedError once the signal is aborted
 */
export async function estimate(problem: Problem, options: EstimateOptions = {}): Promise<EstimationResult> {
  const { method = 'both', level = 0.95 } = options;
  const started = withStart(problem, options.start ?? {});
  const run = new EstimationRun(started, options);
  if (method === 'shooting') {
    run.shootFrom('shooting from the start', declaredStart(started));
    return estimationResult(method, level, run.stages, undefined);
  }
  const share = method === 'both' ? explainedShareOf(started) : undefined;
  if (share !== undefined) await run.together(share);
  const solution = share === undefined ? await run.train() : undefined;
  return estimationResult(method, level, run.stages, solution);
}

/** How much of the data trajectories explain; undefined where there are none. */
function explainedShareOf(problem: Problem): ((values: UnknownValues) => number) | undefined {
  try {
    return explainedShare(problem);
  } catch (error) {
    if (!(error instanceof AnsatzError)) throw error;
    return undefined;
  }
}

const nothing = { values: undefined, negativeLogLikelihood: undefined, sumOfSquares: undefined };

function reached(fit: ShootingResult) {
  const { negativeLogLikelihood, sumOfSquares, estimates } = fit;
  const values = Object.fromEntries(Object.entries(estimates).map(([name, { value }]) => [name, value]));
  return { values, negativeLogLikelihood, sumOfSquares };
}

/** Parameters of a likelihood at values of the unknowns. */
function vectorOf(likelihood: TrajectoryLikelihood, values: UnknownValues): Float64Array {
  return likelihood.start.map((value, i) => values[likelihood.names[i]] ?? value);
}

/** The stages of an estimation, one after another. */
class EstimationRun {
  readonly stages: FoundStage[] = [];
  private readonly start: UnknownValues;
  private readonly ends: number;

  /** @param problem  with the starting values asked for */
  constructor(
    private readonly problem: Problem,
    private readonly options: EstimateOptions,
  ) {
    this.start = declaredStart(problem);
    this.ends = now() + this.timeLimit;
  }

  private get timeLimit(): number {
    return this.options.timeLimit ?? 60;
  }

  private solveOptions(timeLimit: number) {
    const { network, seed = 0, signal, callbacks } = this.options;
    return { ...network, seed, timeLimit, signal, callbacks };
  }

  /** Shooting leaves no turn for a timer to fire: the clock is asked at every step. */
  private get deadline(): Pick<AbortSignal, 'aborted'> {
    const { ends, options } = this;
    return {
      get aborted() {
        return options.signal?.aborted === true || now() > ends;
      },
    };
  }

  /** The network to its end; intervals at its values, and shooting beside it, where there is a trajectory. */
  async train() {
    const begun = now();
    const solution = await solve(this.problem, this.solveOptions(this.timeLimit));
    this.assertNotInterrupted();
    const { iterations, stopped } = solution.run;
    let fit: ShootingResult | undefined;
    let failure: string | undefined;
    try {
      fit = fitAt(this.problem, solution.unknowns, this.options);
    } catch (error) {
      if (!(error instanceof AnsatzError)) throw error;
      failure = `no intervals: ${error.message}`;
    }
    const { unknowns: values } = solution;
    const at = fit === undefined ? { ...nothing, values } : reached(fit);
    const seconds = now() - begun;
    this.stages.push({
      stage: 'network',
      from: this.start,
      ...at,
      fit,
      seconds,
      iterations,
      stopped,
      failure,
    });
    if (fit !== undefined) this.compareWithShooting(values);
    return solution;
  }

  /** Where shooting ends from the network's values: the result stays the network's. */
  private compareWithShooting(from: UnknownValues): void {
    this.shootFrom('shooting from the network', from);
    this.stages.push({ ...this.stages.pop()!, fit: undefined });
  }

  /** The network until it is near, shooting from there and from elsewhere. */
  async together(share: (values: UnknownValues) => number): Promise<void> {
    const begun = now();
    const search = await searchByNetwork(
      this.problem,
      share,
      this.solveOptions(networkShare * this.timeLimit),
    );
    this.assertNotInterrupted();
    const { values } = search;
    const at = { ...nothing, ...search, ...this.pointAt(values) };
    const seconds = now() - begun;
    this.stages.push({ stage: 'network', from: this.start, fit: undefined, seconds, ...at });
    if (values !== undefined) this.shootFrom('shooting from the network', values);
    const roughly = new TrajectoryLikelihood(this.problem, rough);
    this.shootFrom('shooting from the start', this.start, roughly);
    // Where trajectories are slow, or explode, looking at many would take longer than all the rest.
    for (const elsewhere of this.furtherStarts(share, Math.max(leastLook, now() - begun)))
      this.shootFrom('shooting from a further start', elsewhere, roughly);
  }

  private furtherStarts(share: (values: UnknownValues) => number, seconds: number): UnknownValues[] {
    const { problem } = this;
    const until = Math.min(this.ends, now() + seconds);
    return scatteredStarts(problem, { ...further, seed: this.options.seed ?? 0 })
      .map((values) => ({ values, explained: now() > until ? Number.NaN : share(values) }))
      .filter(({ explained }) => Number.isFinite(explained))
      .sort((a, b) => b.explained - a.explained)
      .slice(0, further.tried)
      .map(({ values }) => values);
  }

  /** @param roughly  where given, the way to the maximum is first sought with this */
  shootFrom(stage: StageName, from: UnknownValues, roughly?: TrajectoryLikelihood): void {
    const begun = now();
    const { problem, deadline: signal } = this;
    const { level, rtol, method } = this.options;
    const done = (found: Omit<FoundStage, 'stage' | 'from' | 'seconds'>) =>
      this.stages.push({ stage, from, seconds: now() - begun, ...found });
    try {
      let start = from;
      let before = 0;
      if (roughly !== undefined) {
        const { x, point, iterations } = maximizeLikelihood(roughly, {
          ...rough,
          start: vectorOf(roughly, from),
          signal,
        });
        const { negativeLogLikelihood, sumOfSquares } = point;
        const values = Object.fromEntries(problem.unknowns.map(({ name }, i) => [name, x[i]]));
        const best = Math.min(...this.stages.map(({ fit }) => fit?.negativeLogLikelihood ?? Infinity));
        if (negativeLogLikelihood > best + rough.hopeless) {
          const end = { stopped: 'far below the best', failure: undefined, fit: undefined, iterations };
          done({ values, negativeLogLikelihood, sumOfSquares, ...end });
          return;
        }
        [start, before] = [values, iterations];
      }
      const fit = shoot(problem, { start, level, rtol, signal });
      const { iterations, stopped } = fit;
      done({ ...reached(fit), fit, iterations: before + iterations, stopped, failure: undefined });
    } catch (error) {
      if (!(error instanceof AnsatzError) || this.options.signal?.aborted === true) throw error;
      if (method === 'shooting' && !(error instanceof SolveError)) throw error;
      const failure = error instanceof InterruptedError ? 'out of time' : error.message;
      done({ ...nothing, fit: undefined, iterations: 0, stopped: 'failed', failure });
    }
  }

  /** The likelihood at values that a network came to; nothing where there is no trajectory. */
  private pointAt(values: UnknownValues | undefined) {
    if (values === undefined) return nothing;
    try {
      return reached(fitAt(this.problem, values));
    } catch (error) {
      if (!(error instanceof SolveError)) throw error;
      return undefined;
    }
  }

  private assertNotInterrupted(): void {
    if (this.options.signal?.aborted === true) throw new InterruptedError('the estimation was interrupted');
  }
}
