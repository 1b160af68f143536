/** Which samples are trained on, and which are held out. */
import { ProblemError } from '../../errors.ts';
import { randomGenerator } from '../../random/generator.ts';

/** A random order of 0 … count − 1 (Fisher & Yates; Durstenfeld, Commun. ACM 7 (1964)). */
export function permutation(count: number, seed: number): Uint32Array {
  const random = randomGenerator(seed);
  const order = Uint32Array.from({ length: count }, (_, n) => n);
  for (let n = count - 1; n > 0; n--) {
    const other = random.integer(n + 1);
    [order[n], order[other]] = [order[other], order[n]];
  }
  return order;
}

/**
 * Splits 0 … count − 1 at random: `share` of them to train on, the rest held out.
 *
 * @throws ProblemError where one of the two would be empty
 */
export function trainingSplit(
  count: number,
  { share = 0.8, seed }: { readonly share?: number; readonly seed: number },
): { readonly training: Uint32Array; readonly heldOut: Uint32Array } {
  const trained = Math.round(share * count);
  if (!(trained > 0 && trained < count))
    throw new ProblemError(`a share of ${share} of ${count} samples leaves one side empty`, {
      path: 'share',
    });
  const order = permutation(count, seed);
  return { training: order.subarray(0, trained), heldOut: order.subarray(trained) };
}

/**
 * The folds of a cross-validation: every sample is held out once.
 *
 * @throws ProblemError for fewer than two folds, or more than samples
 */
export function folds(
  count: number,
  { folds: number, seed }: { readonly folds: number; readonly seed: number },
): readonly { readonly training: Uint32Array; readonly heldOut: Uint32Array }[] {
  if (!Number.isInteger(number) || number < 2 || number > count)
    throw new ProblemError(`${number} folds of ${count} samples`, {
      path: 'folds',
      hint: `give 2 to ${count}`,
    });
  const order = permutation(count, seed);
  return Array.from({ length: number }, (_, k) => ({
    training: order.filter((_, n) => n % number !== k),
    heldOut: order.filter((_, n) => n % number === k),
  }));
}
