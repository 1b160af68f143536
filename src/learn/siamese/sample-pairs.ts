/** Pairs of samples: of one class, or of two. */
import { ProblemError } from '../../errors.ts';
import { randomGenerator } from '../../random/generator.ts';

export interface SamplePairs {
  /** Positions of the two samples of each pair, (count). */
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** 1 where both are of one class, (count): every other pair. */
  readonly same: Uint8Array;
  readonly count: number;
}

/**
 * Half of the pairs are of two samples of one class, half of two classes; classes are drawn alike, however many samples
 * each has, and no sample is paired with itself.
 *
 * @param labels  class of each sample
 * @throws ProblemError where there are fewer than two classes, or a class has a single sample
 */
export function samplePairs(
  labels: ArrayLike<number>,
  { count, seed }: { readonly count: number; readonly seed: number },
): SamplePairs {
  const members = new Map<number, number[]>();
  for (let n = 0; n < labels.length; n++) {
    const own = members.get(labels[n]);
    if (own === undefined) members.set(labels[n], [n]);
    else own.push(n);
  }
  const classes = [...members.keys()].sort((a, b) => a - b);
  if (classes.length < 2)
    throw new ProblemError(`samples of ${classes.length} class`, {
      path: 'labels',
      hint: 'pairs want two or more',
    });
  const single = classes.find((own) => members.get(own)!.length < 2);
  if (single !== undefined)
    throw new ProblemError(`a single sample of class ${single}`, {
      path: 'labels',
      hint: 'pairs want two or more of each class',
    });
  const random = randomGenerator(seed);
  const [first, second] = [new Uint32Array(count), new Uint32Array(count)];
  const same = Uint8Array.from({ length: count }, (_, k) => (k + 1) % 2);
  /** One of `below` numbers that is not `taken`. */
  const another = (below: number, taken: number): number => {
    const draw = random.integer(below - 1);
    return draw >= taken ? draw + 1 : draw;
  };
  for (let k = 0; k < count; k++) {
    const kind = random.integer(classes.length);
    const own = members.get(classes[kind])!;
    const position = random.integer(own.length);
    first[k] = own[position];
    if (same[k] === 1) second[k] = own[another(own.length, position)];
    else {
      const others = members.get(classes[another(classes.length, kind)])!;
      second[k] = others[random.integer(others.length)];
    }
  }
  return { first, second, same, count };
}
