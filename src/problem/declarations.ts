/** What a problem declares: constants, coordinates, fields, unknowns. */
import type { z } from 'zod';
import { NotSupportedError, ProblemError } from '../errors.ts';
import { evaluateConstant } from '../expression/evaluate.ts';
import { parseExpression } from '../expression/parse.ts';
import type { Scope } from '../expression/scope.ts';
import type { definitionSchema } from './definition.ts';
import type { Coordinate, Field, Unknown } from './problem.ts';

type Definition = z.output<typeof definitionSchema>;

/** An interval narrower than this share of its distance from zero cannot be resolved by doubles. */
const narrowest = 1e-12;

const mostCoordinates = 6;

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

export function readCoordinates(
  definition: Definition,
  constants: ReadonlyMap<string, number>,
): Coordinate[] {
  if (Object.hasOwn(definition.domain, 'geometry'))
    throw new NotSupportedError('geometries other than boxes are not yet supported', {
      path: 'domain.geometry',
      hint: 'give an interval for each coordinate',
    });
  const coordinates = Object.entries(definition.domain).map(([name, interval]) => {
    const path = `domain.${name}`;
    if (!Array.isArray(interval))
      throw new ProblemError('an object stands where an interval belongs', {
        path,
        hint: 'write [low, high]',
      });
    const [low, high] = interval.map((end, i) => constantValue(end, constants, `${path}[${i}]`));
    if (!(low < high && Number.isFinite(high - low)))
      throw new ProblemError(`[${low}, ${high}] is not an interval`, {
        path,
        hint: 'the first end must be below the second',
      });
    if (high - low < narrowest * Math.max(Math.abs(low), Math.abs(high)))
      throw new ProblemError(`[${low}, ${high}] is too narrow to be resolved in double precision`, {
        path,
        hint: 'measure the coordinate from one of its ends',
      });
    return { name, low, high };
  });
  if (coordinates.length === 0)
    throw new ProblemError('the domain has no coordinate', { path: 'domain', hint: 'write { "t": [0, 1] }' });
  if (coordinates.length > mostCoordinates)
    throw new NotSupportedError(`the domain has ${coordinates.length} coordinates`, {
      path: 'domain',
      hint: `at most ${mostCoordinates} are supported`,
    });
  return coordinates;
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
): Field[] {
  const all = coordinates.map((_, i) => i);
  if (Array.isArray(fields)) return fields.map((name) => ({ name, of: all, unknown: false }));
  return Object.entries(fields).map(([name, { of, unknown, smooth }]) => {
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
