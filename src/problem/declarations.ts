/** What a problem declares: constants, fields, unknowns. */
import type { z } from 'zod';
import { ProblemError } from '../errors.ts';
import { evaluateConstant } from '../expression/evaluate.ts';
import { parseExpression } from '../expression/parse.ts';
import type { Scope } from '../expression/scope.ts';
import type { definitionSchema } from './definition.ts';
import type { DeclaredField } from './pieces.ts';
import type { Coordinate, Region, Unknown } from './problem.ts';
import { regionNamed } from './regions.ts';

type Definition = z.output<typeof definitionSchema>;

/** A scope without names but constants. */
export function constantScope(constants: ReadonlyMap<string, number>): Scope {
  return {
    coordinates: [],
    time: null,
    fields: new Map(),
    constants,
    unknowns: new Set(),
    functions: new Map(),
    boundary: false,
  };
}

/** A number as it stands, or the value of a text in constants. */
export function constantValue(
  value: number | string,
  constants: ReadonlyMap<string, number>,
  path: string,
): number {
  if (typeof value === 'number') return value;
  return evaluateConstant(parseExpression(value, constantScope(constants), path));
}

export function readConstants(definition: Definition): Map<string, number> {
  const constants = new Map<string, number>();
  for (const [name, value] of Object.entries(definition.constants ?? {}))
    constants.set(name, constantValue(value, constants, `constants.${name}`));
  return constants;
}

function readDependence(
  names: readonly string[],
  coordinates: readonly Coordinate[],
  path: string,
): number[] {
  return names
    .map((name, i) => {
      const place = `${path}[${i}]`;
      const position = coordinates.findIndex((c) => c.name === name);
      if (position < 0)
        throw new ProblemError(`\`${name}\` is not a coordinate`, {
          path: place,
          hint: `coordinates are ${coordinates.map((c) => c.name).join(', ')}`,
        });
      if (names.indexOf(name) !== i) throw new ProblemError(`\`${name}\` is named twice`, { path: place });
      return position;
    })
    .sort((a, b) => a - b);
}

export function readFields(
  fields: NonNullable<Definition['fields']>,
  coordinates: readonly Coordinate[],
  regions: ReadonlyMap<string, Region>,
): DeclaredField[] {
  const all = coordinates.map((_, i) => i);
  if (Array.isArray(fields)) return fields.map((name) => ({ name, of: all, unknown: false }));
  return Object.entries(fields).map(([name, { of, pieces, unknown, smooth }]) => {
    if (smooth !== undefined && unknown !== true)
      throw new ProblemError('only an unknown field is smoothed', {
        path: `fields.${name}.smooth`,
        hint: 'declare it { "unknown": true }, or leave `smooth` out',
      });
    return {
      name,
      unknown: unknown ?? false,
      of: of === undefined ? all : readDependence(of, coordinates, `fields.${name}.of`),
      ...(smooth === undefined ? {} : { smooth }),
      ...(pieces === undefined
        ? {}
        : { pieces: pieces.map((region, i) => regionNamed(region, regions, `fields.${name}.pieces[${i}]`)) }),
    };
  });
}

export function readUnknowns(definition: Definition): Unknown[] {
  return Object.entries(definition.unknowns ?? {}).map(([name, { initial, min, max, scale }]) => {
    const path = `unknowns.${name}`;
    if (min !== undefined && max !== undefined && !(min < max))
      throw new ProblemError(`min = ${min} is not below max = ${max}`, { path });
    if ((min !== undefined && initial < min) || (max !== undefined && initial > max))
      throw new ProblemError(`the bounds exclude the initial value ${initial}`, {
        path,
        hint: `bounds are ${min ?? '−∞'} and ${max ?? '∞'}`,
      });
    return { name, initial, min, max, scale };
  });
}
