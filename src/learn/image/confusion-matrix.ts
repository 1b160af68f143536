/** Which class is taken for which. */
import { ProblemError } from '../../errors.ts';

export interface ConfusionMatrix {
  readonly classes: number;
  /** (classes, classes), row-major: row the true class, column what it was taken for. */
  readonly counts: Uint32Array;
  /** Share of all samples that are on the diagonal. */
  readonly accuracy: number;
  /** Of each class the share that was recognized, (classes); 0 for a class without samples. */
  readonly recall: Float64Array;
  /** Of those taken for each class the share that are of it, (classes); 0 where there are none. */
  readonly precision: Float64Array;
}

/**
 * @param truth  class of each sample, 0 … classes − 1
 * @param found  class that each was taken for
 * @throws ProblemError where the two differ in length, or a class is out of range
 */
export function confusionMatrix(
  truth: ArrayLike<number>,
  found: ArrayLike<number>,
  classes: number,
): ConfusionMatrix {
  if (truth.length !== found.length || truth.length === 0)
    throw new ProblemError(`${truth.length} true classes against ${found.length} found`, { path: 'found' });
  const counts = new Uint32Array(classes * classes);
  for (let n = 0; n < truth.length; n++) {
    for (const own of [truth[n], found[n]])
      if (!(Number.isInteger(own) && own >= 0 && own < classes))
        throw new ProblemError(`class ${own} of ${classes}`, {
          path: `sample ${n}`,
          hint: `classes go from 0 to ${classes - 1}`,
        });
    counts[truth[n] * classes + found[n]] += 1;
  }
  const all = Array.from({ length: classes }, (_, k) => k);
  const entry = (row: number, column: number): number => counts[row * classes + column];
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    classes,
    counts,
    accuracy: sum(all.map((k) => entry(k, k))) / truth.length,
    recall: Float64Array.from(all, (k) => share(entry(k, k), sum(all.map((j) => entry(k, j))))),
    precision: Float64Array.from(all, (k) => share(entry(k, k), sum(all.map((j) => entry(j, k))))),
  };
}
