/** How many windows of time an initial value problem is solved in where nothing is said of it. */
import { ProblemError } from '../../errors.ts';
import type { Problem, SolveSettings } from '../../problem/index.ts';
import type { AvailableReference } from '../../reference/index.ts';
import type { ResolvedSettings } from '../settings.ts';
import { assertMarchable, type Interval, timeWindows } from './window-problem.ts';

/** One network learns what so many Chebyshev polynomials hold; beyond that, training begins to fail. */
const mostCoefficients = 32;
/** Where there are windows: what goes wrong in one of them spoils all that follow. */
const mostInWindow = 20;
/** What the coefficients leave, over how much a field varies. */
const accuracy = 1e-3;
const counts = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

/**
 * Settings of a network's training with as many windows of time as `windowCount` finds, where nothing was asked for that
 * they would change the meaning of.
 *
 * @param march  a coarse classical solution, where there is one
 */
export function withWindows(
  problem: Problem,
  settings: ResolvedSettings,
  given: SolveSettings,
  march: AvailableReference | undefined,
): ResolvedSettings {
  const { windows, curriculum, causal, weighting, network } = given;
  const asked = [windows, curriculum, causal, weighting].some((option) => option !== undefined);
  if (march === undefined || asked || typeof network === 'object') return settings;
  if (settings.optimizers.join() !== 'lm' || settings.randomFeatures !== undefined) return settings;
  return { ...settings, windows: windowCount(problem, march) };
}

/**
 * The smallest number of equal windows in each of which every field is simple. One where there is no such number, as
 * with a layer at the start: windows of equal length do not help there.
 *
 * @param march  a coarse classical solution
 */
export function windowCount(problem: Problem, march: Pick<AvailableReference, 'evaluate'>): number {
  if (problem.coordinates.length !== 1) return 1;
  try {
    assertMarchable(problem);
  } catch (error) {
    if (error instanceof ProblemError) return 1;
    throw error;
  }
  const simple = (window: Interval, most: number): boolean =>
    problem.fields.every(({ name }) => isSimple((points) => march.evaluate(points)[name], window, most));
  const found = counts.find((count) =>
    timeWindows(problem, count).every((window) =>
      simple(window, count === 1 ? mostCoefficients : mostInWindow),
    ),
  );
  return found ?? 1;
}

/** Whether so many Chebyshev polynomials leave no more of a function than `accuracy`. */
function isSimple(
  values: (points: Float64Array) => Float64Array,
  { low, high }: Interval,
  most: number,
): boolean {
  const count = 8 * mostCoefficients;
  const angles = Float64Array.from({ length: count }, (_, i) => (Math.PI * (i + 0.5)) / count);
  const samples = values(angles.map((angle) => (low + high) / 2 + ((high - low) / 2) * Math.cos(angle)));
  const squares = Array.from({ length: count - 1 }, (_, k) => {
    const c = samples.reduce((sum, value, i) => sum + value * Math.cos((k + 1) * angles[i]), 0);
    return c * c;
  });
  const total = squares.reduce((sum, square) => sum + square, 0);
  const rest = squares.slice(most).reduce((sum, square) => sum + square, 0);
  return rest <= accuracy ** 2 * total;
}
