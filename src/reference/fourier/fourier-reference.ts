import { NotSupportedError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import type { AvailableReference } from '../reference-result.ts';
import { periodicForm } from './periodic-form.ts';
import { PeriodicSystem } from './periodic-system.ts';
import { refinedEvolution } from './refined-evolution.ts';

/** Points along each space coordinate to begin with, by their number. */
const firstPoints = [64, 32, 16];

/**
 * The reference of an evolution equation on a periodic box: Fourier pseudo-spectral in space, exponential time
 * differencing of order four in time. Trefethen (2000), Spectral Methods in MATLAB; Kassam & Trefethen (2005).
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function fourierReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const form = periodicForm(problem, p);
  const dimension = form.space.length;
  if (dimension > 3)
    throw new NotSupportedError(`there is no classical solver here for ${dimension} space coordinates`);
  const first = new PeriodicSystem(problem, form, firstPoints[dimension - 1]);
  const { system, steps, errorEstimate, evaluate } = refinedEvolution(problem, form, first, target, deadline);
  return {
    available: true,
    method: `Fourier pseudo-spectral on ${system.size} points, ETDRK4 in time, ${steps} steps`,
    errorEstimate,
    evaluate,
  };
}
