/** Conditions: where they hold, and what they say there. */
import type { z } from 'zod';
import { NotSupportedError, ProblemError } from '../errors.ts';
import { parseEquation } from '../expression/parse.ts';
import type { Scope } from '../expression/scope.ts';
import type { definitionSchema } from './definition.ts';
import type { Condition, Coordinate, Plane } from './problem.ts';

type ConditionDefinition = NonNullable<z.output<typeof definitionSchema>['conditions']>[number];

/**
 * How close a value must be to an end of the interval to be taken for that end: a share of the interval, or
 * what rounding leaves of it where the interval is narrow and far from zero.
 */
function faceTolerance({ low, high }: Coordinate): number {
  return Math.max(1e-12 * (high - low), 4 * Number.EPSILON * Math.max(Math.abs(low), Math.abs(high)));
}

function planeOf(
  text: string,
  coordinates: readonly Coordinate[],
  evaluate: (text: string, path: string) => number,
  path: string,
): Plane {
  const match = /^\s*(\p{L}[\p{L}\p{N}_]*)\s*=(?!=)(.+)$/u.exec(text);
  if (match === null)
    throw new ProblemError(`\`${text}\` names no part of the domain`, {
      path,
      hint: `write a face such as "${coordinates[0].name} = ${coordinates[0].low}", "boundary", or { "points": [[…]] }`,
    });
  const position = coordinates.findIndex((c) => c.name === match[1]);
  if (position < 0)
    throw new ProblemError(`\`${match[1]}\` is not a coordinate`, {
      path,
      hint: `coordinates are ${coordinates.map((c) => c.name).join(', ')}`,
    });
  const { name, low, high } = coordinates[position];
  const value = evaluate(match[2].trim(), path);
  const tolerance = faceTolerance(coordinates[position]);
  if (Math.abs(value - low) <= tolerance) return { coordinate: position, value: low, outward: -1 };
  if (Math.abs(value - high) <= tolerance) return { coordinate: position, value: high, outward: 1 };
  if (!(value > low && value < high))
    throw new ProblemError(`${name} = ${value} lies outside the domain`, {
      path,
      hint: `${name} runs from ${low} to ${high}`,
    });
  return { coordinate: position, value, outward: 0 };
}

/**
 * Reads one condition.
 *
 * @param evaluate  value of a text in constants
 * @throws ProblemError where the place or the equation is not well formed or lies outside the domain.
 */
export function readCondition(
  definition: ConditionDefinition,
  index: number,
  coordinates: readonly Coordinate[],
  time: number | null,
  scope: Scope,
  evaluate: (text: string, path: string) => number,
): Condition {
  const path = `conditions[${index}]`;
  const weight = definition.weight ?? 1;
  if (definition.hard === true)
    throw new NotSupportedError('hard conditions are not yet supported', {
      path: `${path}.hard`,
      hint: 'leave `hard` out: the condition then enters the loss',
    });
  if ('periodic' in definition) {
    const coordinate = coordinates.findIndex((c) => c.name === definition.periodic);
    if (coordinate < 0)
      throw new ProblemError(`\`${definition.periodic}\` is not a coordinate`, {
        path: `${path}.periodic`,
        hint: `coordinates are ${coordinates.map((c) => c.name).join(', ')}`,
      });
    return {
      kind: 'periodic',
      path,
      text: `periodic in ${definition.periodic}`,
      coordinate,
      order: definition.order ?? 1,
      weight,
    };
  }
  const equationPath = `${path}.equation`;
  const text = definition.equation;
  if (typeof definition.on !== 'string') {
    const { left, right } = parseEquation(text, { ...scope, boundary: false }, equationPath);
    const points = definition.on.points;
    points.forEach((point, i) => {
      const place = `${path}.on.points[${i}]`;
      if (point.length !== coordinates.length)
        throw new ProblemError(`the point has ${point.length} numbers`, {
          path: place,
          hint: `it needs one for each of ${coordinates.map((c) => c.name).join(', ')}`,
        });
      assertInside(point, coordinates, place);
    });
    return {
      kind: 'points',
      path,
      text,
      points: Float64Array.from(points.flat()),
      count: points.length,
      left,
      right,
      weight,
    };
  }
  const onPath = `${path}.on`;
  const planes: Plane[] =
    definition.on.trim() === 'boundary'
      ? coordinates.flatMap(({ low, high }, coordinate): Plane[] =>
          coordinate === time
            ? []
            : [
                { coordinate, value: low, outward: -1 },
                { coordinate, value: high, outward: 1 },
              ],
        )
      : [planeOf(definition.on, coordinates, evaluate, onPath)];
  if (planes.length === 0)
    throw new ProblemError('there is no boundary: the only coordinate is time', {
      path: onPath,
      hint: `name a face such as "${coordinates[0].name} = ${coordinates[0].low}"`,
    });
  const onFace = planes.every((plane) => plane.outward !== 0 && plane.coordinate !== time);
  const { left, right } = parseEquation(text, { ...scope, boundary: onFace }, equationPath);
  return { kind: 'planes', path, text, planes, left, right, weight };
}

/** @throws ProblemError for a point that is not in the domain. */
export function assertInside(
  point: ArrayLike<number>,
  coordinates: readonly Coordinate[],
  path: string,
): void {
  coordinates.forEach((coordinate, i) => {
    const { name, low, high } = coordinate;
    const tolerance = faceTolerance(coordinate);
    if (!(point[i] >= low - tolerance && point[i] <= high + tolerance))
      throw new ProblemError(`${name} = ${point[i]} lies outside the domain`, {
        path,
        hint: `${name} runs from ${low} to ${high}`,
      });
  });
}
