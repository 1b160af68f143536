import { ProblemError } from '../errors.ts';
import type { Problem } from '../problem/problem.ts';

/**
 * The same problem with other observed values, as for a bootstrap. Its definition stays as it was written.
 *
 * @param values (N) for each observation
 */
export function withObservedValues(problem: Problem, values: readonly Float64Array[]): Problem {
  const observations = problem.observations.map((observation, o) => {
    if (values[o]?.length !== observation.count)
      throw new ProblemError(`${values[o]?.length ?? 0} values for ${observation.count} observations`, {
        path: observation.path,
      });
    return { ...observation, values: values[o] };
  });
  return { ...problem, observations };
}
