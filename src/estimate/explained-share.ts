import { SolveError } from '../errors.ts';
import type { Problem } from '../problem/problem.ts';
import type { UnknownValues } from './starting-values.ts';
import { TrajectoryLikelihood } from './trajectory-likelihood.ts';

/** Whether a trajectory follows the data takes few digits. */
const rtol = 1e-5;

/**
 * The share of the observations' variance that the classical trajectory explains, at values of the unknowns: 1 where
 * it meets every one, 0 where their mean would do as well, −∞ where there is no trajectory. The mean over the
 * observed quantities.
 *
 * @throws NotSupportedError where the problem is no initial value problem with observations
 */
export function explainedShare(problem: Problem): (values: UnknownValues) => number {
  const likelihood = new TrajectoryLikelihood(problem, { rtol });
  const spreads = problem.observations.map(({ values }) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  });
  const vary = spreads.filter((spread) => spread > 0).length;
  return (values) => {
    const x = likelihood.start.slice();
    problem.unknowns.forEach(({ name }, i) => {
      x[i] = values[name];
    });
    try {
      const { predicted } = likelihood.evaluate(x);
      const missed = problem.observations.reduce((sum, observation, o) => {
        const squares = observation.values.reduce((s, value, n) => s + (value - predicted[o][n]) ** 2, 0);
        return spreads[o] > 0 ? sum + squares / spreads[o] : sum;
      }, 0);
      return vary === 0 ? 0 : 1 - missed / vary;
    } catch (error) {
      if (error instanceof SolveError) return Number.NEGATIVE_INFINITY;
      throw error;
    }
  };
}
