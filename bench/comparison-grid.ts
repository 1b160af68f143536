/**
 * Points and values against which errors are taken: of the exact solution, or else of the classical reference.
 *
 *   npx tsx bench/comparison-grid.ts PROBLEM OUT [--sides 256x100] [--upper t=0.99]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadProblem, resolveProblemFile } from '../src/node.ts';
import type { Problem } from '../src/problem/index.ts';
import { reference } from '../src/reference/index.ts';
import { comparisonSides, evaluateExact, fieldError } from '../src/solve/error-norms.ts';
import type { Solution } from '../src/solve/index.ts';

export interface ComparisonGrid {
  readonly coordinates: readonly string[];
  /** (N, d) row-major. */
  readonly points: Float64Array;
  readonly fields: Readonly<Record<string, Float64Array>>;
  readonly method: string;
  /** Relative L² error of the values themselves; 0 where they are exact. */
  readonly errorEstimate: number;
}

/** By path, by its name among the benchmarks' own problems, or by its name in the catalogue. */
export async function benchmarkProblem(name: string): Promise<Problem> {
  const own = `${import.meta.dirname}/problems/${name}.json`;
  try {
    readFileSync(own);
    return await loadProblem(own);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return loadProblem(resolveProblemFile(name));
  }
}

/**
 * @param upper  upper ends in place of the domain's, where a peer solves up to there only
 * @returns undefined where there is nothing to compare with
 */
export async function comparisonGrid(
  problem: Problem,
  sides: readonly number[] = comparisonSides(problem),
  upper: Readonly<Record<string, number>> = {},
): Promise<ComparisonGrid | undefined> {
  const d = problem.coordinates.length;
  const total = sides.reduce((product, side) => product * side, 1);
  const points = new Float64Array(total * d);
  for (let n = 0; n < total; n++) {
    let rest = n;
    for (let i = d - 1; i >= 0; i--) {
      const { name, low, high } = problem.coordinates[i];
      points[n * d + i] = low + ((upper[name] ?? high) - low) * ((rest % sides[i]) / (sides[i] - 1));
      rest = Math.floor(rest / sides[i]);
    }
  }
  const coordinates = problem.coordinates.map(({ name }) => name);
  if (problem.fields.every(({ name }) => problem.exact.has(name)))
    return {
      coordinates,
      points,
      fields: evaluateExact(problem, points, {}),
      method: 'exact',
      errorEstimate: 0,
    };
  const classical = await reference(problem, { timeLimit: 120 });
  if (!classical.available) return undefined;
  const { method, errorEstimate } = classical;
  return { coordinates, points, fields: classical.evaluate(points), method, errorEstimate };
}

/** The largest relative L² error over the fields. */
export function errorOn(grid: ComparisonGrid, solution: Solution): number {
  const values = solution.evaluateFields(grid.points);
  return Math.max(
    ...Object.entries(grid.fields).map(([name, truth]) => fieldError(values[name], truth).relativeL2),
  );
}

export function writeGrid(grid: ComparisonGrid, path: string): void {
  const plain = Object.fromEntries(Object.entries(grid.fields).map(([name, v]) => [name, [...v]]));
  writeFileSync(path, JSON.stringify({ ...grid, points: [...grid.points], fields: plain }));
}

export function readGrid(path: string): ComparisonGrid {
  const plain = JSON.parse(readFileSync(path, 'utf8')) as Omit<ComparisonGrid, 'points' | 'fields'> & {
    points: number[];
    fields: Record<string, number[]>;
  };
  return {
    ...plain,
    points: Float64Array.from(plain.points),
    fields: Object.fromEntries(Object.entries(plain.fields).map(([n, v]) => [n, Float64Array.from(v)])),
  };
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { sides: { type: 'string' }, upper: { type: 'string', multiple: true } },
  });
  const [name, out] = positionals;
  const upper = Object.fromEntries(
    (values.upper ?? []).map((text) => {
      const [coordinate, value] = text.split('=');
      return [coordinate, Number(value)];
    }),
  );
  const grid = await comparisonGrid(
    await benchmarkProblem(name),
    values.sides?.split('x').map(Number),
    upper,
  );
  if (grid === undefined) throw new Error(`there is nothing to compare ${name} with`);
  writeGrid(grid, out);
}
