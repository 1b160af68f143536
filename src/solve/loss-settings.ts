/** What counts in the loss, where and when: options checked, with what stands in for those not given. */
import { ProblemError } from '../errors.ts';
import type { Problem, SolveSettings } from '../problem/index.ts';
import { startOfTime } from './time-direction.ts';

/** How the terms of the loss are weighed; `every` undefined: by the optimizer. */
export type Weighting =
  | { readonly kind: 'fixed' }
  | { readonly kind: 'gradient-norm' | 'ntk'; readonly every: number | undefined; readonly average: number }
  | { readonly kind: 'self-adaptive'; readonly every: number | undefined; readonly rate: number };

export interface CausalSettings {
  /** From loose to strict. */
  readonly epsilons: readonly number[];
  readonly slabs: number;
  readonly every: number | undefined;
  /** The end of normalised time, −1 or 1, from which the weights fall. */
  readonly from: -1 | 1;
}

export type Resampling =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'rad';
      readonly every: number | undefined;
      readonly k: number;
      readonly c: number;
      readonly candidates: number | undefined;
    }
  | {
      readonly kind: 'rar';
      readonly every: number | undefined;
      readonly add: number | undefined;
      readonly candidates: number | undefined;
    };

export interface LossSettings {
  /** Factors of the terms of the loss, as far as given. */
  readonly weights: NonNullable<SolveSettings['weights']>;
  readonly weighting: Weighting;
  readonly causal: CausalSettings | undefined;
  /** Parts of time; 1: all of it at once; undefined: not said. */
  readonly curriculum: number | undefined;
  /** Windows of time; 1: none. */
  readonly windows: number;
  /** Undefined: by the optimizer. */
  readonly resampling: Resampling | undefined;
}

/** Parts of time where a curriculum is asked for without their number, and by default. */
export const curriculumParts = 10;

/**
 * The ladder of Wang, Sankaran & Perdikaris runs from 0.01 to 100 for residuals in the problem's own units. Here they
 * are divided by the equation's largest term: their squares are smaller by one or two orders of magnitude.
 */
const defaultEpsilons = [1, 10, 100, 1e3, 1e4];
const defaultSlabs = 32;

/** Of Wang, Teng & Perdikaris (2021). */
const defaultAverage = 0.9;

function weightingOf(given: SolveSettings['weighting']): Weighting {
  const options = typeof given === 'string' ? { kind: given } : (given ?? { kind: 'fixed' as const });
  if (options.kind === 'fixed') return { kind: 'fixed' };
  const every = 'every' in options ? options.every : undefined;
  if (options.kind === 'self-adaptive')
    return { kind: options.kind, every, rate: ('rate' in options ? options.rate : undefined) ?? 0.1 };
  return {
    kind: options.kind,
    every,
    average: ('average' in options ? options.average : undefined) ?? defaultAverage,
  };
}

function resamplingOf(given: SolveSettings['resampling']): Resampling | undefined {
  if (given === undefined) return undefined;
  const options = typeof given === 'string' ? { kind: given } : given;
  switch (options.kind) {
    case 'none':
      return { kind: 'none' };
    case 'rad':
      return { every: undefined, k: 1, c: 1, candidates: undefined, ...options, kind: 'rad' };
    case 'rar':
      return { every: undefined, add: undefined, candidates: undefined, ...options, kind: 'rar' };
  }
}

/** Whether second-order steps draw their points anew where nothing is said: in space and time, without data. */
export function drawsAnew(problem: Problem): boolean {
  return problem.coordinates.length > 1 && problem.observations.length === 0;
}

/**
 * Whether the loss at held-out points is to decide on the number of points. A horizon, or weights that change, would
 * have to be carried over to other points.
 */
export function judgesPoints(
  problem: Problem,
  { weighting, causal, curriculum, resampling }: LossSettings,
): boolean {
  return (
    drawsAnew(problem) &&
    weighting.kind === 'fixed' &&
    causal === undefined &&
    (curriculum ?? 1) === 1 &&
    resampling === undefined
  );
}

function causalOf(given: SolveSettings['causal'], problem: Problem): CausalSettings | undefined {
  if (given === undefined || given === false) return undefined;
  if (problem.time === null)
    throw new ProblemError('causal weights need a time coordinate', {
      path: 'solve.causal',
      hint: 'name one t, or say with `time` which one is time',
    });
  const { epsilons = defaultEpsilons, slabs = defaultSlabs, every } = given === true ? {} : given;
  return { epsilons, slabs, every, from: startOfTime(problem) };
}

function curriculumOf(given: SolveSettings['curriculum'], problem: Problem): number | undefined {
  if (given === undefined) return undefined;
  if (given === false) return 1;
  if (problem.time === null)
    throw new ProblemError('a curriculum in time needs a time coordinate', {
      path: 'solve.curriculum',
      hint: 'name one t, or say with `time` which one is time',
    });
  if (problem.observations.length > 0)
    throw new ProblemError('data reach over all of time: there is no curriculum for inverse problems', {
      path: 'solve.curriculum',
      hint: 'leave it out',
    });
  return given === true ? curriculumParts : given.parts;
}

/** @throws ProblemError for options that do not fit the problem or each other. */
export function resolveLossSettings(problem: Problem, given: SolveSettings): LossSettings {
  const weighting = weightingOf(given.weighting);
  const resampling = resamplingOf(given.resampling);
  if (weighting.kind === 'self-adaptive' && resampling !== undefined && resampling.kind !== 'none')
    throw new ProblemError('self-adaptive weights belong to points, which resampling exchanges', {
      path: 'solve.resampling',
      hint: 'use "none", or the weighting "gradient-norm" or "ntk"',
    });
  return {
    weights: given.weights ?? {},
    weighting,
    causal: causalOf(given.causal, problem),
    curriculum: curriculumOf(given.curriculum, problem),
    windows: given.windows ?? 1,
    resampling: weighting.kind === 'self-adaptive' ? { kind: 'none' } : resampling,
  };
}
