/** What an estimation found, by whatever way, and how far its stages agree. */
import { SolveError } from '../errors.ts';
import type { Solution } from '../solve/solution.ts';
import type { Estimate } from './intervals.ts';
import type { ShootingResult } from './shoot.ts';
import type { UnknownValues } from './starting-values.ts';

/**
 * 'pinn': trajectory and unknowns together, by a network. 'shooting': maximum likelihood over classical trajectories,
 * from the start alone. 'both': a network first, for as long as it takes to come near, and shooting from there.
 */
export type EstimationMethod = 'pinn' | 'shooting' | 'both';

export type StageName =
  | 'network'
  | 'shooting from the network'
  | 'shooting from the start'
  | 'shooting from a further start';

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
  /** How far the stages agree, in words; other maxima of the likelihood are named. */
  readonly agreement: string;
  /** The classical fit, or the classical trajectory at the network's values; where the problem has one. */
  readonly fit: ShootingResult | undefined;
  /** The trained network, where it alone was asked for. */
  readonly solution: Solution | undefined;
}

/** A stage, and its classical fit where it has one. */
export interface FoundStage extends Omit<EstimationStage, 'distance'> {
  readonly fit: ShootingResult | undefined;
}

/** A likelihood that is larger by less than this is no better. */
const sameLikelihood = 1e-6;

/** Closer than this share of a standard error: the same optimum. */
const sameOptimum = 0.01;

/** In standard errors: no more is said than that. */
const far = 100;

/** @throws SolveError where no stage found anything */
export function estimationResult(
  method: EstimationMethod,
  level: number,
  found: readonly FoundStage[],
  solution: Solution | undefined,
): EstimationResult {
  const best = found.reduce<FoundStage | undefined>((a, b) => (isBetter(b, a) ? b : a), undefined);
  if (best === undefined && solution === undefined)
    throw new SolveError(
      `no estimate was found: ${found.map(({ stage, failure }) => `${stage}: ${failure ?? 'nothing found'}`).join('; ')}`,
    );
  const fit = best?.fit;
  const stages = found.map(({ fit: own, ...stage }) => ({
    ...stage,
    distance: own !== undefined && own === fit ? 0 : distanceOf(stage.values, fit?.estimates),
  }));
  return {
    method,
    level,
    parameters: fit?.estimates ?? withoutIntervals(solution!.unknowns),
    derived: fit?.derived ?? withoutIntervals(solution!.derived),
    noise: fit?.noise ?? {},
    sumOfSquares: fit?.sumOfSquares,
    negativeLogLikelihood: fit?.negativeLogLikelihood,
    aic: fit?.aic,
    atBounds: fit?.atBounds ?? [],
    from: best?.stage ?? 'network',
    stages,
    agreement: best === undefined ? noTrajectory : agreementOf(stages, found.indexOf(best)),
    fit,
    solution,
  };
}

const noTrajectory = 'there is no classical trajectory to compare with';

function isBetter(stage: FoundStage, than: FoundStage | undefined): boolean {
  if (stage.fit === undefined) return false;
  if (than?.fit === undefined) return true;
  return stage.fit.negativeLogLikelihood < than.fit.negativeLogLikelihood - sameLikelihood;
}

function withoutIntervals(values: UnknownValues): Record<string, EstimatedValue> {
  const none = { standardError: null, low: null, high: null };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, ...none }]));
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

/** "shooting from the start, shooting from a further start (3 times)". */
function listed(stages: readonly EstimationStage[]): string {
  const names = stages.map(({ stage }) => stage);
  return [...new Set(names)]
    .map((name) => {
      const times = names.filter((other) => other === name).length;
      return times === 1 ? name : `${name} (${times} times)`;
    })
    .join(', ');
}

/** Two digits; 140, not 1.4e+2. */
const rough = (value: number): string => String(Number(value.toPrecision(2)));

function agreementOf(stages: readonly EstimationStage[], best: number): string {
  const found = stages[best];
  const others = stages.filter((_, i) => i !== best);
  if (others.length === 0) return 'there was one way alone';
  const agreeing = others.filter(({ distance }) => distance !== undefined && distance < sameOptimum);
  const remarks: string[] = [];
  const maxima = new Map<string, EstimationStage[]>();
  for (const stage of others.filter((other) => !agreeing.includes(other))) {
    const { stage: name, distance, failure, stopped, values, negativeLogLikelihood } = stage;
    if (distance === undefined)
      remarks.push(`${name} ${failure === undefined ? 'found nothing' : `failed: ${failure}`}`);
    else if (name === 'network')
      remarks.push(
        `the network was left ${distance < far ? rough(distance) : `more than ${far}`} standard errors away`,
      );
    else if (negativeLogLikelihood !== undefined) {
      const difference = negativeLogLikelihood - found.negativeLogLikelihood!;
      const lost = rough(Math.abs(difference));
      if (found.stage === 'network') {
        const side = difference > 0 ? 'lower' : 'higher';
        remarks.push(
          `${name} ended ${rough(distance)} standard errors away, where the log-likelihood is ${side} by ${lost}`,
        );
        continue;
      }
      if (stopped !== 'converged') {
        remarks.push(`${name} ended where the log-likelihood is lower by ${lost}`);
        continue;
      }
      const at = Object.entries(values!).map(([unknown, value]) => `${unknown} = ${value.toPrecision(4)}`);
      const key = `another maximum, of a log-likelihood lower by ${lost}, lies at ${at.join(', ')}`;
      maxima.set(key, [...(maxima.get(key) ?? []), stage]);
    }
  }
  for (const [text, from] of maxima) remarks.push(`${text}: ${listed(from)}`);
  const same = agreeing.length === 0 ? '' : `; the same values: ${listed(agreeing)}`;
  const source = found.stage === 'network' ? 'the network' : found.stage;
  return [`the estimates are those of ${source}${same}`, ...new Set(remarks)].join('; ');
}
