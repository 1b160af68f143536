/** Observations: tables of data turned into points, values and the expression observed. */
import type { z } from 'zod';
import { ProblemError } from '../errors.ts';
import { parseExpression } from '../expression/parse.ts';
import type { Scope } from '../expression/scope.ts';
import { assertInside } from './conditions.ts';
import type { definitionSchema } from './definition.ts';
import { readNoise } from './noise.ts';
import type { Coordinate, Observation } from './problem.ts';
import { numericColumn, parseCsv, tableOfRows } from './table.ts';

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

/** @throws ProblemError for a missing column, a text where a number belongs, a point outside the domain. */
export function readObservations(
  definition: DataDefinition,
  index: number,
  coordinates: readonly Coordinate[],
  scope: Scope,
  readText: ReadText | undefined,
): Observation[] {
  const path = `data[${index}]`;
  const table = tableOf(definition, path, readText);
  for (const name of Object.keys(definition.at))
    if (!coordinates.some((c) => c.name === name))
      throw new ProblemError(`\`${name}\` is not a coordinate`, {
        path: `${path}.at`,
        hint: `coordinates are ${coordinates.map((c) => c.name).join(', ')}`,
      });
  const positions = coordinates.map(({ name }) => {
    if (!Object.hasOwn(definition.at, name))
      throw new ProblemError(`the column of coordinate \`${name}\` is not named`, {
        path: `${path}.at`,
        hint: `write "at": { "${name}": "its column" }`,
      });
    return numericColumn(table, definition.at[name], `${path}.at.${name}`, 'refused');
  });
  table.rows.forEach((_, i) => {
    assertInside(
      positions.map((column) => column[i]),
      coordinates,
      table.place(i),
    );
  });
  const observed = Object.entries(definition.observe);
  if (observed.length === 0)
    throw new ProblemError('nothing is observed', {
      path: `${path}.observe`,
      hint: 'name a field and its column',
    });
  return observed.map(([text, column]) => {
    const place = `${path}.observe.${text}`;
    const expression = parseExpression(text, scope, place);
    const values = numericColumn(table, column, place, 'allowed');
    const present = [...values.keys()].filter((i) => !Number.isNaN(values[i]));
    if (present.length === 0) throw new ProblemError(`column \`${column}\` holds no number`, { path: place });
    return {
      path: place,
      text,
      expression,
      points: Float64Array.from(present.flatMap((i) => positions.map((p) => p[i]))),
      values: Float64Array.from(present, (i) => values[i]),
      count: present.length,
      missing: values.length - present.length,
      weight: definition.weight ?? 1,
      noise: readNoise(definition.noise, `${path}.noise`),
      over: undefined,
      before: undefined,
    };
  });
}
