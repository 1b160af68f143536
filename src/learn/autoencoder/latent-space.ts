/** Walks through the space of codes. */
import { ProblemError } from '../../errors.ts';

/**
 * Codes along the straight line from one to another, both included: (count, latent).
 *
 * @throws ProblemError where the two differ in length, or for fewer than two
 */
export function latentLine(from: ArrayLike<number>, to: ArrayLike<number>, count: number): Float32Array {
  if (from.length !== to.length)
    throw new ProblemError(`codes of ${from.length} and ${to.length} numbers`, { path: 'to' });
  if (!Number.isInteger(count) || count < 2)
    throw new ProblemError(`a line of ${count} codes`, { path: 'count', hint: 'give 2 or more' });
  return Float32Array.from({ length: count * from.length }, (_, i) => {
    const [step, j] = [Math.floor(i / from.length), i % from.length];
    return from[j] + ((to[j] - from[j]) * step) / (count - 1);
  });
}

/**
 * Codes of two numbers over a rectangle, (down · across, 2), row by row from its upper left corner, as pictures are
 * laid out: the first number grows to the right, the second upwards.
 */
export function latentGrid(
  horizontal: readonly [number, number],
  vertical: readonly [number, number],
  [across, down]: readonly [number, number],
): Float32Array {
  if (![across, down].every((count) => Number.isInteger(count) && count >= 2))
    throw new ProblemError(`a grid of ${across} × ${down} codes`, {
      path: 'counts',
      hint: 'give 2 or more each way',
    });
  const codes = new Float32Array(2 * across * down);
  for (let row = 0; row < down; row++)
    for (let column = 0; column < across; column++) {
      const at = 2 * (row * across + column);
      codes[at] = horizontal[0] + ((horizontal[1] - horizontal[0]) * column) / (across - 1);
      codes[at + 1] = vertical[1] - ((vertical[1] - vertical[0]) * row) / (down - 1);
    }
  return codes;
}

/**
 * How codes change, on average, where a measured property grows by one: the slopes of least squares of each number of
 * the code on the property, among samples of one class, so that what differs between classes plays no part.
 *
 * @param codes  (N, latent), row-major
 * @param property  one number for each sample, (N)
 * @param labels  class of each sample, (N)
 * @returns (latent)
 * @throws ProblemError where the property does not vary within a class, or lengths differ
 */
export function latentDirection(
  codes: ArrayLike<number>,
  property: ArrayLike<number>,
  labels: ArrayLike<number>,
): Float64Array {
  const count = property.length;
  const latent = codes.length / count;
  if (!Number.isInteger(latent) || labels.length !== count)
    throw new ProblemError(
      `${codes.length} numbers of codes, ${count} of a property, ${labels.length} labels`,
      {
        path: 'codes',
      },
    );
  const means = new Map<number, { count: number; property: number }>();
  for (let n = 0; n < count; n++) {
    const own = means.get(labels[n]) ?? { count: 0, property: 0 };
    means.set(labels[n], own);
    own.count += 1;
    own.property += property[n];
  }
  const direction = new Float64Array(latent);
  let variance = 0;
  for (let n = 0; n < count; n++) {
    const own = means.get(labels[n])!;
    const apart = property[n] - own.property / own.count;
    variance += apart ** 2;
    // The mean code of a class adds up to nothing, as what it is multiplied by does.
    for (let j = 0; j < latent; j++) direction[j] += apart * codes[n * latent + j];
  }
  if (!(variance > 0))
    throw new ProblemError('the property does not vary within a class', { path: 'property' });
  return direction.map((sum) => sum / variance);
}
