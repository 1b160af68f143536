import { AnsatzError, ProblemError, SolveError } from '../errors.ts';
import { shoot } from '../estimate/index.ts';
import type { Problem } from '../problem/index.ts';
import { assertInside } from '../problem/membership.ts';
import { reference } from '../reference/index.ts';
import { domainGrid, whereInside } from '../solve/error-norms.ts';
import { resolveProblemFile } from './catalogue.ts';
import { loadProblem } from './problem-file.ts';

interface Places {
  readonly points: Float64Array;
  /** Points along each coordinate of a grid, or undefined for a single point. */
  readonly sides: readonly number[] | undefined;
}

const defaultSide = [101, 41, 15, 9, 6, 5];

/** Reads `--at`: "grid", "grid:21x11", "x=0.5,t=1". */
function placesOf(text: string, problem: Problem): Places {
  const { coordinates } = problem;
  const d = coordinates.length;
  const grid = /^grid(?::(\d+(?:x\d+)*))?$/.exec(text.trim());
  if (grid !== null) {
    const sides =
      grid[1] === undefined ? new Array<number>(d).fill(defaultSide[d - 1]) : grid[1].split('x').map(Number);
    if (sides.length !== d || sides.some((side) => side < 1))
      throw new ProblemError(`the grid ${grid[1]} does not fit ${d} coordinates`, {
        path: '--at',
        hint: `write grid:${coordinates.map(() => '21').join('x')}`,
      });
    return { points: domainGrid(problem, sides), sides };
  }
  const point = new Map(
    text.split(',').map((part): [string, number] => {
      const [name, value] = part.split('=').map((s) => s.trim());
      const number = value === undefined || value === '' ? Number.NaN : Number(value);
      if (!coordinates.some((c) => c.name === name) || !Number.isFinite(number))
        throw new ProblemError(`\`${part}\` is no coordinate with a value`, {
          path: '--at',
          hint: 'write "grid" or "x=0.5,t=1"',
        });
      return [name, number];
    }),
  );
  const row = coordinates.map(({ name, low, high }) => {
    const value = point.get(name);
    if (value === undefined || value < low || value > high)
      throw new ProblemError(
        value === undefined ? `${name} is missing` : `${name} = ${value} lies outside the domain`,
        { path: '--at', hint: `${name} runs from ${low} to ${high}` },
      );
    return value;
  });
  assertInside(row, problem, '--at');
  return { points: Float64Array.from(row), sides: undefined };
}

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
  const result = await reference(problem, { unknowns: unknowns?.values, timeLimit: 60 });
  if (!result.available) throw new SolveError(`no classical solution: ${result.reason}`);
  const fields = whereInside(problem, places.points, result.evaluate);
  const seconds = Number(((performance.now() - begun) / 1000).toFixed(3));
  const d = problem.coordinates.length;
  const columns = problem.coordinates.map(
    ({ name }, i) => [name, [...places.points].filter((_, k) => k % d === i)] as const,
  );
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
  const names = [...columns.map(([name]) => name), ...Object.keys(fields)];
  const values = [...columns.map(([, column]) => column), ...Object.values(fields).map((v) => [...v])];
  process.stdout.write(`${names.join(',')}\n`);
  for (let n = 0; n < values[0].length; n++)
    process.stdout.write(`${values.map((column) => column[n]).join(',')}\n`);
}
