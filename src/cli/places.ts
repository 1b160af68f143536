/** Where solutions are printed: `--at`, and columns of numbers. */
import { ProblemError } from '../errors.ts';
import type { Problem } from '../problem/index.ts';
import { assertInside } from '../problem/membership.ts';
import { domainGrid } from '../solve/error-norms.ts';

export interface Places {
  readonly points: Float64Array;
  /** Points along each coordinate of a grid, or undefined for a single point. */
  readonly sides: readonly number[] | undefined;
}

const defaultSide = [101, 41, 15, 9, 6, 5];

/** Reads `--at`: "grid", "grid:21x11", "x=0.5,t=1". */
export function placesOf(text: string, problem: Problem): Places {
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

/** The coordinates of points (N, d), by name. */
export function columnsOf(
  { coordinates }: Problem,
  points: Float64Array,
): (readonly [name: string, values: readonly number[]])[] {
  const d = coordinates.length;
  return coordinates.map(({ name }, i) => [name, [...points].filter((_, k) => k % d === i)] as const);
}

/** CSV with a header on stdout. */
export function writeColumns(
  columns: readonly (readonly [name: string, values: readonly number[]])[],
  fields: Readonly<Record<string, Float64Array>>,
): void {
  const names = [...columns.map(([name]) => name), ...Object.keys(fields)];
  const values = [...columns.map(([, column]) => column), ...Object.values(fields).map((v) => [...v])];
  process.stdout.write(`${names.join(',')}\n`);
  for (let n = 0; n < values[0].length; n++)
    process.stdout.write(`${values.map((column) => column[n]).join(',')}\n`);
}
