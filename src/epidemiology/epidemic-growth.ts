import { ProblemError } from '../errors.ts';
import type { Problem, ProblemDefinition } from '../problem/index.ts';
import { InfectionDynamics, type NextGenerationOptions } from './next-generation.ts';
import { withValues } from './problem-network.ts';

export interface GrowthOptions extends NextGenerationOptions {
  /** Growth in this state instead of the state without disease. */
  readonly state?: Readonly<Record<string, number>>;
}

/**
 * The rate at which an epidemic grows while it is small: the dominant eigenvalue of F − V, per unit of time.
 *
 * @param values of the unknowns
 * @throws as `nextGeneration`
 */
export function growthRate(
  source: Problem | ProblemDefinition,
  values: Readonly<Record<string, number>> = {},
  options: GrowthOptions = {},
): number {
  const { problem, values: unknowns } = withValues(source, values);
  const dynamics = new InfectionDynamics(problem, options);
  const { state } = options;
  if (state === undefined) return dynamics.diseaseFree(unknowns, options).growthRate;
  return dynamics.at({ state, unknowns, time: options.time ?? problem.coordinates[0].low }).growthRate;
}

/**
 * ln 2 over the growth rate. Negative where the epidemic decays: its magnitude is the halving time; infinite
 * where it neither grows nor decays.
 *
 * @throws as {@link growthRate}
 */
export function doublingTime(
  source: Problem | ProblemDefinition,
  values: Readonly<Record<string, number>> = {},
  options: GrowthOptions = {},
): number {
  const rate = growthRate(source, values, options);
  return rate === 0 ? Number.POSITIVE_INFINITY : Math.LN2 / rate;
}

/**
 * The share that must be immune for an infection not to spread, 1 − 1/R₀; 0 where it does not spread anyway.
 * Of people who meet alike, or immune alike in all groups. Anderson & May (1991), section 4.4.
 *
 * @throws ProblemError for a number that is no reproduction number
 */
export function herdImmunityThreshold(reproductionNumber: number): number {
  if (!(reproductionNumber >= 0))
    throw new ProblemError(`${reproductionNumber} is no reproduction number`, { hint: 'it is not negative' });
  return reproductionNumber <= 1 ? 0 : 1 - 1 / reproductionNumber;
}
