/** Which kinds of samples come out of a generator, in the eyes of a classifier. */
import { ProblemError } from '../../errors.ts';
import type { Classification } from '../image/classification.ts';

export interface ModeCoverage {
  /** Share of the samples taken for each class, (classes). */
  readonly shares: Float64Array;
  /** −Σ p ln p of the shares: ln(classes) if all are equally frequent, 0 if there is one. */
  readonly entropy: number;
  /** e^entropy: how many equally frequent classes it is worth. */
  readonly effectiveClasses: number;
  /** Share of the samples of whose class the classifier is sure. */
  readonly sure: number;
  /** Samples of each class of which it is sure, (classes). */
  readonly sureCounts: Uint32Array;
  /** Classes of which there is a sure sample. */
  readonly present: number;
  /**
   * e^(mean of KL(p(y|x) ‖ p(y))), from 1 to the number of classes: high if each sample is sure and all together are
   * diverse (Salimans et al., Improved techniques for training GANs, NeurIPS 2016, there with the Inception network).
   */
  readonly score: number;
}

const entropyOf = (shares: ArrayLike<number>): number =>
  Array.from(shares).reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);

/**
 * A generator that has lost modes makes good samples of few kinds: that is seen in the shares of the classes, not in any
 * single sample.
 *
 * @param sureFrom  probability from which the classifier is sure; default 0.9
 * @throws ProblemError where there are no samples
 */
export function modeCoverage(
  { probabilities, classes, certainty }: Classification,
  { sureFrom = 0.9 } = {},
): ModeCoverage {
  const count = classes.length;
  if (count === 0) throw new ProblemError('there are no samples', { path: 'classes' });
  const kinds = probabilities.length / count;
  const shares = new Float64Array(kinds);
  const marginal = new Float64Array(kinds);
  const sureCounts = new Uint32Array(kinds);
  let conditional = 0;
  for (let n = 0; n < count; n++) {
    const row = probabilities.subarray(n * kinds, (n + 1) * kinds);
    shares[classes[n]] += 1 / count;
    if (certainty[n] >= sureFrom) sureCounts[classes[n]] += 1;
    for (let k = 0; k < kinds; k++) marginal[k] += row[k] / count;
    conditional += entropyOf(row) / count;
  }
  const entropy = entropyOf(shares);
  return {
    shares,
    entropy,
    effectiveClasses: Math.exp(entropy),
    sure: sureCounts.reduce((a, b) => a + b, 0) / count,
    sureCounts,
    present: sureCounts.filter((own) => own > 0).length,
    score: Math.exp(entropyOf(marginal) - conditional),
  };
}
