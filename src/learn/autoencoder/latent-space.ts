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
