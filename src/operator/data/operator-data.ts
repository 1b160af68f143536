/** Operator data: what solutions of an operator problem belong to which input functions. */
import { ProblemError } from '../../errors.ts';
import type { Problem, ProblemDefinition } from '../../problem/index.ts';

/** A draw for which the reference found no solution, and why. */
export interface FailedDraw {
  readonly draw: number;
  readonly reason: string;
}

export interface OperatorData {
  /** The operator problem as it was written. */
  readonly problem: ProblemDefinition;
  /** Functions. */
  readonly count: number;
  /** Values of every input function at its sensors, (count, sensors) each. */
  readonly inputs: Readonly<Record<string, Float64Array>>;
  /** True where all functions have the same output points. */
  readonly aligned: boolean;
  /** Output points for each function. */
  readonly pointCount: number;
  /** (pointCount, d) where aligned, else (count, pointCount, d); in the problem's coordinates. */
  readonly points: Float64Array;
  /** Points along each coordinate where they are an equidistant grid, the last coordinate running fastest. */
  readonly sides?: readonly number[];
  /** Every field at the output points, (count, pointCount) each. */
  readonly fields: Readonly<Record<string, Float64Array>>;
  /** Estimated relative error of each function's solution, (count); NaN where it is not known. */
  readonly errorEstimates: Float64Array;
  /** Of the draws. */
  readonly seed?: number;
  /** Number of each function's draw under this seed, (count). */
  readonly draws?: Float64Array;
  readonly failures: readonly FailedDraw[];
  /** How many functions it will have when it is finished. */
  readonly wanted: number;
}

/** What a person gives: rows of numbers, or the numbers one after the other. */
export type Rows = readonly ArrayLike<number>[] | Float64Array;

export interface GivenData {
  /** Values of every input function at its sensors: a row for each function. */
  readonly inputs: Readonly<Record<string, Rows>>;
  /** Output points, a row for each; where not aligned those of all functions, one function after the other. */
  readonly points: Rows;
  /** Whether all functions have the same output points; default: as the number of points says. */
  readonly aligned?: boolean;
  /** Values of every field: a row for each function. */
  readonly fields: Readonly<Record<string, Rows>>;
}

function flat(rows: Rows, width: number | undefined, path: string): { values: Float64Array; rows: number } {
  if (rows instanceof Float64Array) {
    if (width === undefined || rows.length % width !== 0)
      throw new ProblemError(`${rows.length} numbers are no rows of ${width ?? 'a known length'}`, { path });
    return { values: rows, rows: rows.length / width };
  }
  const length = width ?? rows[0]?.length ?? 0;
  rows.forEach((row, i) => {
    if (row.length !== length)
      throw new ProblemError(`a row of ${row.length} stands where one of ${length} belongs`, {
        path: `${path}[${i}]`,
      });
  });
  return { values: Float64Array.from(rows.flatMap((row) => Array.from(row))), rows: rows.length };
}

function finite(values: Float64Array, width: number, path: string): Float64Array {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new ProblemError(`${values[bad]} is no value`, {
      path: `${path}[${Math.floor(bad / width)}][${bad % width}]`,
    });
  return values;
}

function named<T>(record: Readonly<Record<string, T>>, names: readonly string[], path: string): void {
  for (const name of names)
    if (record[name] === undefined)
      throw new ProblemError(`\`${name}\` is missing`, { path, hint: `give ${names.join(', ')}` });
  for (const name of Object.keys(record))
    if (!names.includes(name))
      throw new ProblemError(`the problem has no \`${name}\``, { path, hint: `give ${names.join(', ')}` });
}

/**
 * A data set from numbers that come from elsewhere.
 *
 * @throws ProblemError where the numbers do not fit the problem: another number of sensors, points outside the
 * domain, a set that is said to be aligned and is not
 */
export function operatorDataFrom(problem: Problem, given: GivenData): OperatorData {
  const d = problem.coordinates.length;
  const fields = problem.fields.map(({ name }) => name);
  named(
    given.inputs,
    problem.inputs.map(({ name }) => name),
    'inputs',
  );
  named(given.fields, fields, 'fields');
  let count: number | undefined;
  const agree = (rows: number, path: string): void => {
    count ??= rows;
    if (rows !== count || rows === 0)
      throw new ProblemError(`there are ${rows} functions here and ${count} elsewhere`, { path });
  };
  const inputs = Object.fromEntries(
    problem.inputs.map(({ name, sensorCount }) => {
      const path = `inputs.${name}`;
      const { values, rows } = flat(given.inputs[name], sensorCount, path);
      agree(rows, path);
      return [name, finite(values, sensorCount, path)];
    }),
  );
  const functions = count!;
  const { values: points, rows } = flat(given.points, d, 'points');
  const first = given.fields[fields[0]];
  const pointCount = first instanceof Float64Array ? first.length / functions : (first[0]?.length ?? 0);
  const aligned = given.aligned ?? rows === pointCount;
  if (rows !== (aligned ? pointCount : functions * pointCount))
    throw new ProblemError(
      aligned
        ? `an aligned data set has the same output points for every function: ${pointCount} values stand beside ${rows} points`
        : `${functions} functions with ${pointCount} values each have ${functions * pointCount} points, not ${rows}`,
      { path: 'points', hint: aligned ? 'give one set of points, or "aligned": false' : undefined },
    );
  finite(points, d, 'points').forEach((value, k) => {
    const { name, low, high } = problem.coordinates[k % d];
    if (value < low - 1e-9 * (high - low) || value > high + 1e-9 * (high - low))
      throw new ProblemError(`${name} = ${value} lies outside the domain`, {
        path: `points[${Math.floor(k / d)}]`,
      });
  });
  const values = Object.fromEntries(
    fields.map((name) => {
      const path = `fields.${name}`;
      const found = flat(given.fields[name], pointCount, path);
      agree(found.rows, path);
      return [name, finite(found.values, pointCount, path)];
    }),
  );
  return {
    problem: problem.definition,
    count: functions,
    inputs,
    aligned,
    pointCount,
    points,
    fields: values,
    errorEstimates: new Float64Array(functions).fill(Number.NaN),
    failures: [],
    wanted: functions,
  };
}
