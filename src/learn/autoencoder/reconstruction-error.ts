/** How far reconstructions are from what they should be. */
import { ProblemError } from '../../errors.ts';

/**
 * Mean squared difference of all entries.
 *
 * @throws ProblemError where the two differ in length
 */
export function meanSquaredError(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length || found.length === 0)
    throw new ProblemError(`${found.length} numbers against ${wanted.length}`, { path: 'found' });
  let sum = 0;
  for (let i = 0; i < found.length; i++) sum += (found[i] - wanted[i]) ** 2;
  return sum / found.length;
}
