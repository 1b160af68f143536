/** What several classifiers, each with an input of its own, say together. */
import { ProblemError } from '../../errors.ts';

/**
 * p(y | x₁, …, x_K) ∝ p(y)^(1−K) Π p(y | xₖ), which is Bayes' rule where the inputs are independent given the class
 * (Hinton, Products of experts, ICANN 1999).
 *
 * @param experts  probabilities (N, classes) of each classifier, row-major
 * @param prior  p(y), (classes); default: all classes alike
 * @throws ProblemError where the shapes differ
 */
export function productOfExperts(
  experts: readonly ArrayLike<number>[],
  classes: number,
  prior?: ArrayLike<number>,
): Float64Array {
  const size = experts[0]?.length ?? 0;
  if (size === 0 || size % classes !== 0 || experts.some(({ length }) => length !== size))
    throw new ProblemError(
      `probabilities of ${experts.map(({ length }) => length).join(', ')} numbers for ${classes} classes`,
      { path: 'experts' },
    );
  if (prior !== undefined && prior.length !== classes)
    throw new ProblemError(`${prior.length} priors for ${classes} classes`, { path: 'prior' });
  const floor = 1e-12;
  const result = Float64Array.from({ length: size }, (_, i) => {
    const before = prior === undefined ? 0 : (1 - experts.length) * Math.log(prior[i % classes]);
    return experts.reduce((sum, own) => sum + Math.log(Math.max(own[i], floor)), before);
  });
  for (let row = 0; row < size; row += classes) {
    const own = result.subarray(row, row + classes);
    const largest = Math.max(...own);
    const powers = own.map((value) => Math.exp(value - largest));
    const sum = powers.reduce((a, b) => a + b, 0);
    own.set(powers.map((power) => power / sum));
  }
  return result;
}
