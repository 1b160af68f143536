import { ProblemError } from '../errors.ts';
import type { Problem, ProblemDefinition } from '../problem/index.ts';
import type { InfectionOptions } from './infected-compartments.ts';
import { InfectionDynamics, type NextGenerationOptions, nextGeneration } from './next-generation.ts';
import { withValues } from './problem-network.ts';

/**
 * R₀: the spectral radius of the next-generation matrix at the state without disease. Infinite where an
 * infection never ends (SI).
 *
 * @param values of the unknowns
 * @throws as {@link nextGeneration}
 */
export function reproductionNumber(
  source: Problem | ProblemDefinition,
  values: Readonly<Record<string, number>> = {},
  options: NextGenerationOptions = {},
): number {
  return nextGeneration(source, values, options).reproductionNumber;
}

export interface EffectiveOptions extends InfectionOptions {
  /** For rates that change with time; default: the start. */
  readonly time?: number;
}

/**
 * R in a given state: what the next-generation matrix is while the uninfected are as many as they are (for
 * SIR, R₀ S/N). A state without the dead or the recovered will not do: name every compartment that a rate of
 * the infected depends on, and unknown functions such as β.
 *
 * @throws as {@link nextGeneration}
 */
export function effectiveReproductionNumber(
  source: Problem | ProblemDefinition,
  state: Readonly<Record<string, number>>,
  values: Readonly<Record<string, number>> = {},
  options: EffectiveOptions = {},
): number {
  const { problem, values: unknowns } = withValues(source, values);
  const time = options.time ?? problem.coordinates[0].low;
  checkState(state);
  return new InfectionDynamics(problem, options).at({ state, unknowns, time }).reproductionNumber;
}

/**
 * R(t) along a trajectory, at each of the times.
 *
 * @param trajectory the state at a time, as `shoot().trajectory.at` gives it
 * @throws as {@link nextGeneration}
 */
export function effectiveReproductionNumbers(
  source: Problem | ProblemDefinition,
  trajectory: (time: number) => Readonly<Record<string, number>>,
  times: ArrayLike<number>,
  values: Readonly<Record<string, number>> = {},
  options: InfectionOptions = {},
): Float64Array {
  const { problem, values: unknowns } = withValues(source, values);
  const dynamics = new InfectionDynamics(problem, options);
  return Float64Array.from(times, (time) => {
    const state = trajectory(time);
    checkState(state);
    return dynamics.at({ state, unknowns, time }).reproductionNumber;
  });
}

function checkState(state: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(state))
    if (!Number.isFinite(value))
      throw new ProblemError(`${value} is no value of \`${name}\``, { path: 'state' });
}
