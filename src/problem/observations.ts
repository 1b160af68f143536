/** Observations: tables of data turned into points, values and the expression observed. */
import type { z } from 'zod';
import { ProblemError } from '../errors.ts';
import { parseExpression } from '../expression/parse.ts';
import type { Scope } from '../expression/scope.ts';
import type { Accumulation } from './accumulation.ts';
import type { definitionSchema } from './definition.ts';
import { isCount, type NoiseModel, readNoise } from './noise.ts';
import { placeRows } from './observation-times.ts';
import type { Coordinate, Observation, Space } from './problem.ts';
import { numericColumn, parseCsv, type Table, tableOfRows } from './table.ts';

type DataDefinition = NonNullable<z.output<typeof definitionSchema>['data']>[number];

/** Gives the text of a data file; its argument is the path as it stands in the problem. */
export type ReadText = (file: string) => string;

function tableOf(definition: DataDefinition, path: string, readText: ReadText | undefined) {
  if ((definition.file === undefined) === (definition.rows === undefined))
    throw new ProblemError('the data need either `file` or `rows`', { path });
  if (definition.rows !== undefined) return tableOfRows(definition.rows, `${path}.rows`);
  const file = definition.file!;
  if (readText === undefined)
    throw new ProblemError('a file cannot be read here', {
      path: `${path}.file`,
      hint: 'use loadProblem() of ansatz/node, or give the rows themselves',
    });
  return parseCsv(readText(file), file, `${path}.file`);
}

/** What readObservations needs of the problem that the data belong to. */
export interface ObservedProblem {
  readonly coordinates: readonly Coordinate[];
  readonly time: number | null;
  readonly space: Space | undefined;
  readonly scope: Scope;
  /** Whether people are counted: the problem is a compartment model. */
  readonly people: boolean;
  /** Value of a text in constants. */
  readonly evaluate: (text: string, path: string) => number;
  /** Takes up what is observed over spans of time; null where there is no time. */
  readonly accumulation: Accumulation | null;
}

/** The columns of the coordinates, in their order. */
function positionsOf(
  definition: DataDefinition,
  table: Table,
  path: string,
  coordinates: readonly Coordinate[],
): Float64Array[] {
  for (const name of Object.keys(definition.at))
    if (!coordinates.some((c) => c.name === name))
      throw new ProblemError(`\`${name}\` is not a coordinate`, {
        path: `${path}.at`,
        hint: `coordinates are ${coordinates.map((c) => c.name).join(', ')}`,
      });
  return coordinates.map(({ name }) => {
    if (!Object.hasOwn(definition.at, name))
      throw new ProblemError(`the column of coordinate \`${name}\` is not named`, {
        path: `${path}.at`,
        hint: `write "at": { "${name}": "its column" }`,
      });
    return numericColumn(table, definition.at[name], `${path}.at.${name}`, 'refused');
  });
}

function delayOf(definition: DataDefinition, path: string, evaluate: ObservedProblem['evaluate']): number {
  const { delay = 0 } = definition;
  const value = typeof delay === 'number' ? delay : evaluate(delay, `${path}.delay`);
  if (!(value >= 0 && Number.isFinite(value)))
    throw new ProblemError(`the delay is ${value}`, {
      path: `${path}.delay`,
      hint: 'a report follows what it reports: give zero or more, in units of time',
    });
  return value;
}

/** @throws ProblemError for a value that the noise model gives no probability. */
function checkValue(value: number, noise: NoiseModel, path: string): void {
  if (isCount(noise)) {
    if (value < 0)
      throw new ProblemError(`${value} is negative, and ${noise.distribution} observations are counts`, {
        path,
        hint: 'leave the cell empty where nothing was observed',
      });
    if (!Number.isInteger(value))
      throw new ProblemError(
        `${value} is no whole number, and ${noise.distribution} observations are counts`,
        {
          path,
          hint: 'give the counts themselves (not rates or means), or another noise model',
        },
      );
  }
  if (noise.distribution === 'log-normal' && !(value > 0))
    throw new ProblemError(`${value} is not above zero, as log-normal observations are`, {
      path,
      hint: 'leave the cell empty where nothing was observed, or give another noise model',
    });
}

/**
 * @throws ProblemError for a missing column, a text where a number belongs, a place outside the domain, a value
 * that the noise model does not allow, dates that are out of order or repeated.
 */
export function readObservations(
  definition: DataDefinition,
  index: number,
  problem: ObservedProblem,
  readText: ReadText | undefined,
): Observation[] {
  const path = `data[${index}]`;
  const { coordinates, space, time, scope, accumulation } = problem;
  const { over } = definition;
  for (const key of ['over', 'delay'] as const)
    if (definition[key] !== undefined && time === null)
      throw new ProblemError(`\`${key}\` needs a time coordinate`, {
        path: `${path}.${key}`,
        hint: 'name one t, or say which one is time',
      });
  const noise = readNoise(definition.noise, `${path}.noise`);
  const table = tableOf(definition, path, readText);
  const positions = positionsOf(definition, table, path, coordinates);
  const { points, before } = placeRows(table, positions, { coordinates, space }, time, {
    delay: delayOf(definition, path, problem.evaluate),
    over,
    dated: isCount(noise) || problem.people,
    column: time === null ? '' : definition.at[coordinates[time].name],
  });
  const observed = Object.entries(definition.observe);
  if (observed.length === 0)
    throw new ProblemError('nothing is observed', {
      path: `${path}.observe`,
      hint: 'name a field and its column',
    });
  return observed.map(([text, column]) => {
    const place = `${path}.observe.${text}`;
    const written = parseExpression(text, scope, place);
    const values = numericColumn(table, column, place, 'allowed');
    const present = [...values.keys()].filter((i) => !Number.isNaN(values[i]));
    if (present.length === 0) throw new ProblemError(`column \`${column}\` holds no number`, { path: place });
    for (const i of present) checkValue(values[i], noise, `${table.place(i)}.${column}`);
    return {
      path: place,
      text,
      expression: over === undefined ? written : accumulation!.integral(written, text, column, place),
      points: Float64Array.from(present.flatMap((i) => points[i])),
      before: before && Float64Array.from(present.flatMap((i) => before[i])),
      over,
      values: Float64Array.from(present, (i) => values[i]),
      count: present.length,
      missing: values.length - present.length,
      weight: definition.weight ?? 1,
      noise,
    };
  });
}
