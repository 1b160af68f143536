import { AnsatzError, SolveError } from '../errors.ts';
import { shoot } from '../estimate/index.ts';
import type { Problem } from '../problem/index.ts';
import { reference } from '../reference/index.ts';
import { whereInside } from '../solve/error-norms.ts';
import { resolveProblemFile } from './catalogue.ts';
import { failingInJson } from './failure-json.ts';
import { columnsOf, placesOf, writeColumns } from './places.ts';
import { loadProblem } from './problem-file.ts';

/** Values for the unknowns: the classical fit where data allow it, else the initial values. */
function unknownsOf(problem: Problem): { values: Record<string, number>; from: string } {
  try {
    if (problem.observations.length > 0 && problem.coordinates.length === 1) {
      const fit = shoot(problem);
      return {
        values: Object.fromEntries(Object.entries(fit.estimates).map(([name, e]) => [name, e.value])),
        from: problem.observations.every(({ noise }) => noise.distribution === 'gaussian')
          ? 'least squares by shooting'
          : 'maximum likelihood by shooting',
      };
    }
  } catch (error) {
    if (!(error instanceof AnsatzError)) throw error;
  }
  return {
    values: Object.fromEntries(problem.unknowns.map((u) => [u.name, u.initial])),
    from: 'initial values',
  };
}

/** `ansatz reference FILE`. */
export async function referenceCommand(file: string, flags: { at?: string; json?: boolean }): Promise<void> {
  const problem = await loadProblem(resolveProblemFile(file));
  const places = placesOf(flags.at ?? 'grid', problem);
  const unknowns = problem.unknowns.length === 0 ? undefined : unknownsOf(problem);
  const begun = performance.now();
  const result = await failingInJson(flags.json === true, problem, async () => {
    const found = await reference(problem, { unknowns: unknowns?.values, timeLimit: 60 });
    if (!found.available) throw new SolveError(`no classical solution: ${found.reason}`);
    return found;
  });
  const fields = whereInside(problem, places.points, result.evaluate);
  const seconds = Number(((performance.now() - begun) / 1000).toFixed(3));
  const columns = columnsOf(problem, places.points);
  if (flags.json === true) {
    const output = {
      problem: problem.name,
      method: result.method,
      errorEstimate: result.errorEstimate,
      seconds,
      ...(unknowns === undefined ? {} : { unknowns: unknowns.values, unknownsFrom: unknowns.from }),
      ...(places.sides === undefined ? {} : { grid: places.sides }),
      points: Object.fromEntries(columns),
      fields: Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, [...values]])),
    };
    process.stdout.write(`${JSON.stringify(output)}\n`);
    return;
  }
  process.stderr.write(
    `${problem.name}: ${result.method}, estimated relative error ${result.errorEstimate.toExponential(1)}, ${seconds} s\n`,
  );
  if (unknowns !== undefined)
    process.stderr.write(
      `at ${Object.entries(unknowns.values)
        .map(([name, value]) => `${name} = ${value}`)
        .join(', ')} (${unknowns.from})\n`,
    );
  writeColumns(columns, fields);
}
