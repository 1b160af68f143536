import { NotSupportedError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { faceParities } from '../mirror-symmetry.ts';
import type { AvailableReference } from '../reference-result.ts';
import { MirrorSystem } from './mirror-system.ts';
import { periodicForm } from './periodic-form.ts';
import { refinedEvolution } from './refined-evolution.ts';

/** Points along each space coordinate to begin with, by their number. */
const firstPoints = [48, 32, 16];

/**
 * The reference of an evolution equation on a box whose fields, or their slopes, vanish on the faces and go on beyond them
 * as what is reflected: sines and cosines in space, exponential time differencing of order four in time.
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function mirrorReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const form = periodicForm(problem, p, true);
  const dimension = form.space.length;
  const first = firstPoints[dimension - 1];
  const parities = first === undefined ? undefined : faceParities(problem, form.space);
  if (parities === undefined)
    throw new NotSupportedError('the solution does not go on beyond the faces as an odd or even function');
  const begun = new MirrorSystem(
    problem,
    form,
    parities,
    form.space.map(() => first),
  );
  const { system, steps, errorEstimate, evaluate } = refinedEvolution(problem, form, begun, target, deadline);
  return {
    available: true,
    method: `sines and cosines on ${system.size} points, ETDRK4 in time, ${steps} steps`,
    errorEstimate,
    evaluate,
  };
}
