/**
 * What an engine trains: a trial solution, unknowns, and blocks of residuals, all of order one.
 *
 * Everything here is in normalised variables: coordinates in [−1, 1], fields divided by their scale,
 * unknowns in their raw (unbounded) form. Bringing a problem to that form, and back, is the business of
 * `scaling.ts`; engines do not know of units.
 *
 * The loss is  L(θ) = Σ_blocks weight · (1/N) Σ_n w_n Σ_o r_no(θ)²  with r the block's residuals at its N
 * points and w_n the point weights (1 where absent).
 */
import type { Expression, Place } from '../expression/expression.ts';
import type { TrialSolution } from '../network/trial-solution.ts';
import type { NoiseModel } from '../problem/noise.ts';
import type { Subset } from './collocation.ts';

/** How the values of a data block scatter, and what its weight is made of. */
export interface BlockNoise {
  readonly model: NoiseModel;
  /** (N), in the unit observed. */
  readonly observed: Float64Array;
  /** What a residual of 1 is in that unit, before precision. */
  readonly size: number;
  /** How many times its observations count. */
  readonly weight: number;
  /** The block's weight in the loss where its observations are the most precise ones. */
  readonly factor: number;
}

export interface ResidualBlock {
  /** Its place in the problem: `equations[0]`, `conditions[2]`, `data[0].observe.I`. */
  readonly path: string;
  readonly kind: 'equation' | 'condition' | 'data';
  /**
   * Point sets, each (N, d) row-major. One set, two for conditions that tie two faces together, and one more for
   * each of `places`: a field node with side s is evaluated in set s; coordinate nodes are those of set 0.
   */
  readonly points: readonly Float64Array[];
  /** Where the last of the point sets lie, in normalised coordinates of set 0: they move with it. */
  readonly places?: readonly Place[];
  /** N. */
  readonly count: number;
  /** Values that column nodes stand for, each (N). */
  readonly columns: Readonly<Record<string, Float64Array>>;
  /** Zero where the trial solution satisfies the problem. Leaves are in normalised variables. */
  readonly residuals: readonly Expression[];
  /** Its equations hold in the whole domain: the points may be drawn anew anywhere in it. */
  readonly everywhere?: boolean;
  /** What the whole domain is for this block; absent: all of the cube. */
  readonly within?: Subset;
  /** Factor of this block's mean square in the loss. */
  readonly weight: number;
  /** (N), non-negative; absent means 1 everywhere. */
  readonly pointWeights?: Float64Array;
  /** Of observations. */
  readonly noise?: BlockNoise;
}

export interface ResidualSystem {
  readonly trial: TrialSolution;
  /** Names of the unknowns; their raw values stand in θ after the networks' parameters, in this order. */
  readonly unknowns: readonly string[];
  readonly blocks: readonly ResidualBlock[];
}
