/** Problems as plain data alone, to be kept or sent to a worker. */
import { type Problem, type ProblemDefinition, problem as readProblem } from './index.ts';

/** Observations as rows, so that the definition needs no file. */
export function selfContained(problem: Problem): ProblemDefinition {
  const { data, ...rest } = problem.definition;
  if (data === undefined) return rest;
  const rowsOf = (index: number) => {
    const own = problem.observations.filter((o) => o.path.startsWith(`data[${index}].`));
    const d = problem.coordinates.length;
    const { at, observe } = data[index];
    const rows = new Map<string, Record<string, number>>();
    for (const o of own) {
      const repetitions = new Map<string, number>();
      for (let n = 0; n < o.count; n++) {
        const point = [...o.points.subarray(n * d, (n + 1) * d)];
        const repetition = (repetitions.get(point.join()) ?? 0) + 1;
        repetitions.set(point.join(), repetition);
        const key = `${point.join()} ${repetition}`;
        const row =
          rows.get(key) ?? Object.fromEntries(problem.coordinates.map((c, i) => [at[c.name], point[i]]));
        row[observe[o.text]] = o.values[n];
        rows.set(key, row);
      }
    }
    const all = [...rows.values()];
    // Dates ascend, whichever column they come from.
    const [only] = problem.coordinates;
    return d === 1 ? all.sort((a, b) => a[at[only.name]] - b[at[only.name]]) : all;
  };
  return {
    ...rest,
    // The points hold the delay already.
    data: data.map(({ file, delay, ...entry }, i) =>
      file === undefined
        ? { ...entry, ...(delay === undefined ? {} : { delay }) }
        : { ...entry, rows: rowsOf(i) },
    ),
  };
}

/** What a worker makes a problem of. */
export type SentProblem =
  | { readonly problem: Problem }
  | { readonly definition: ProblemDefinition; readonly observations: Problem['observations'] };

/** Shapes cannot be copied from thread to thread: a problem that holds some is read again. */
export function sentProblem(problem: Problem): SentProblem {
  if (problem.space === undefined && problem.regions.size === 0) return { problem };
  return { definition: selfContained(problem), observations: problem.observations };
}

export function receivedProblem(sent: SentProblem): Problem {
  if ('problem' in sent) return sent.problem;
  return { ...readProblem(sent.definition), observations: sent.observations };
}
