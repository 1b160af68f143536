/** The domain of a problem: intervals, a geometry, and named parts of space. */
import type { z } from 'zod';
import { NotSupportedError, ProblemError } from '../errors.ts';
import { coordinate } from '../expression/build.ts';
import { type Shape, type ShapeDefinition, shapeOf } from '../geometry/shape.ts';
import { constantValue } from './declarations.ts';
import type { definitionSchema } from './definition.ts';
import { indicatorOf } from './indicator.ts';
import type { Coordinate, Region, Space } from './problem.ts';

type Definition = z.output<typeof definitionSchema>;

/** An interval narrower than this share of its distance from zero cannot be resolved by doubles. */
const narrowest = 1e-12;

const mostCoordinates = 6;

/** Of the coordinates of a geometry that says nothing else. */
const usualNames = ['x', 'y', 'z'];

export interface Domain {
  readonly coordinates: readonly Coordinate[];
  readonly space: Space | undefined;
  /** A geometry that is a lone box became intervals: its name, and the positions of its coordinates. */
  readonly box: { readonly name: string | undefined; readonly coordinates: readonly number[] } | undefined;
}

function readInterval(
  name: string,
  ends: readonly unknown[],
  constants: ReadonlyMap<string, number>,
  path: string,
): Coordinate {
  const [low, high] = ends.map((end, i) => constantValue(end as number | string, constants, `${path}[${i}]`));
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
}

/** Texts in a geometry are expressions in constants, but for names. */
function withNumbers(value: unknown, constants: ReadonlyMap<string, number>, path: string): unknown {
  if (typeof value === 'string') return constantValue(value, constants, path);
  if (Array.isArray(value)) return value.map((item, i) => withNumbers(item, constants, `${path}[${i}]`));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'name' || key === 'coordinates' ? item : withNumbers(item, constants, `${path}.${key}`),
    ]),
  );
}

function namesOf(definition: ShapeDefinition, dimension: number, path: string): readonly string[] {
  const { coordinates } = definition;
  if (coordinates === undefined) {
    if (dimension > usualNames.length)
      throw new ProblemError(`the ${dimension} coordinates of the geometry have no names`, {
        path,
        hint: 'give "coordinates": ["x1", "x2", …] beside the shape',
      });
    return usualNames.slice(0, dimension);
  }
  return coordinates;
}

/** A bound such as 0.2 + 0.7 as it would be written, 0.9, where rounding alone is between them. */
function withoutRounding(value: number): number {
  const written = Number(value.toPrecision(14));
  return String(written).length < 12 ? written : value;
}

/** @throws ProblemError for what is no interval, no shape, or named twice. */
export function readDomain(definition: Definition, constants: ReadonlyMap<string, number>): Domain {
  const coordinates: Coordinate[] = [];
  let space: Space | undefined;
  let box: Domain['box'];
  for (const [name, given] of Object.entries(definition.domain)) {
    const path = `domain.${name}`;
    if (Array.isArray(given)) {
      coordinates.push(readInterval(name, given, constants, path));
      continue;
    }
    if (name !== 'geometry')
      throw new ProblemError('an object stands where an interval belongs', {
        path,
        hint: 'write [low, high]; a shape stands under the key `geometry`',
      });
    const shape = shapeOf(withNumbers(given, constants, path), path);
    const names = namesOf(shape.definition, shape.dimension, path);
    const positions = names.map((_, i) => coordinates.length + i);
    const isBox = 'box' in shape.definition || 'interval' in shape.definition;
    names.forEach((coordinateName, i) => {
      const { low, high } = shape.bounds[i];
      const ends: [number, number] = isBox ? [low, high] : [withoutRounding(low), withoutRounding(high)];
      coordinates.push(readInterval(coordinateName, ends, constants, path));
    });
    if (isBox) box = { name: shape.name, coordinates: positions };
    else space = { shape, coordinates: positions };
  }
  const twice = coordinates.find(({ name }, i) => coordinates.findIndex((c) => c.name === name) !== i);
  if (twice !== undefined)
    throw new ProblemError(`\`${twice.name}\` is a coordinate of the geometry and has an interval besides`, {
      path: `domain.${twice.name}`,
      hint: 'take the interval out',
    });
  if (coordinates.length === 0)
    throw new ProblemError('the domain has no coordinate', { path: 'domain', hint: 'write { "t": [0, 1] }' });
  if (coordinates.length > mostCoordinates)
    throw new NotSupportedError(`the domain has ${coordinates.length} coordinates`, {
      path: 'domain',
      hint: `at most ${mostCoordinates} are supported`,
    });
  return { coordinates, space, box };
}

/** Every name in a geometry, its own and those of its parts. */
function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'name' && typeof item === 'string' ? [item] : namesIn(item),
  );
}

/** Names by which parts of the geometry's boundary are found. */
export function partNames({ space, box }: Domain): string[] {
  if (space !== undefined) return [...new Set(namesIn(space.shape.definition))];
  return box?.name === undefined ? [] : [box.name];
}

/**
 * The regions that are declared, and the named parts of the geometry.
 *
 * @throws ProblemError for a shape of another dimension than space, or a name that is taken
 */
export function readRegions(
  definition: Definition,
  domain: Domain,
  time: number | null,
  constants: ReadonlyMap<string, number>,
): Map<string, Region> {
  const { space } = domain;
  const positions =
    space?.coordinates ??
    domain.box?.coordinates ??
    domain.coordinates.flatMap((_, i) => (i === time ? [] : [i]));
  const own = positions.map((i) => coordinate(domain.coordinates[i].name, i));
  const regions = new Map<string, Region>();
  const add = (name: string, shape: Shape): void => {
    regions.set(name, { name, shape, coordinates: positions, indicator: indicatorOf(shape.definition, own) });
  };
  if (space !== undefined)
    for (const name of partNames(domain)) {
      const shape = space.shape.region(name);
      if (shape !== undefined) add(name, shape);
    }
  for (const [name, given] of Object.entries(definition.regions ?? {})) {
    const path = `regions.${name}`;
    if (!/^[^\s|="'`]+$/.test(name) || name === 'boundary')
      throw new ProblemError(`\`${name}\` is no name of a region`, {
        path,
        hint: 'use a word without |, = and quotes, other than "boundary"',
      });
    if (regions.has(name) || partNames(domain).includes(name))
      throw new ProblemError(`\`${name}\` is a part of the geometry already`, {
        path,
        hint: 'choose another name',
      });
    const shape = shapeOf(withNumbers(given, constants, path), path);
    if (shape.dimension !== positions.length)
      throw new ProblemError(
        `the region has ${shape.dimension} coordinate${shape.dimension === 1 ? '' : 's'}, space has ${positions.length}`,
        { path, hint: `give a shape in ${own.map((c) => c.name).join(', ')}` },
      );
    add(name, shape);
  }
  return regions;
}
