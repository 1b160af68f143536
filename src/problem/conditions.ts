/** Conditions: where they hold, and what they say there. */
import type { z } from 'zod';
import { ProblemError } from '../errors.ts';
import { parseEquation } from '../expression/parse.ts';
import type { Scope } from '../expression/scope.ts';
import { type ConditionPlace, type PlaceContext, readPlace } from './condition-place.ts';
import type { definitionSchema } from './definition.ts';
import { assertInside } from './membership.ts';
import type { Condition, PeriodicCondition, PointCondition } from './problem.ts';
import { TraceReader } from './traces.ts';

type ConditionDefinition = NonNullable<z.output<typeof definitionSchema>['conditions']>[number];
type Periodic = Extract<ConditionDefinition, { periodic: string }>;
type OnPoints = Exclude<ConditionDefinition, Periodic> & { on: { points: number[][] } };

function periodicCondition(
  definition: Periodic,
  path: string,
  { domain: { coordinates, space } }: PlaceContext,
): PeriodicCondition {
  const coordinate = coordinates.findIndex((c) => c.name === definition.periodic);
  if (coordinate < 0)
    throw new ProblemError(`\`${definition.periodic}\` is not a coordinate`, {
      path: `${path}.periodic`,
      hint: `coordinates are ${coordinates.map((c) => c.name).join(', ')}`,
    });
  if (space?.coordinates.includes(coordinate))
    throw new ProblemError(`the geometry has no two opposite faces along ${definition.periodic}`, {
      path: `${path}.periodic`,
      hint: 'periodic conditions need a box: an interval for each coordinate',
    });
  return {
    kind: 'periodic',
    path,
    text: `periodic in ${definition.periodic}`,
    coordinate,
    order: definition.order ?? 1,
    weight: definition.weight ?? 1,
  };
}

function pointCondition(
  { on: { points }, equation: text, weight = 1 }: OnPoints,
  path: string,
  { domain }: PlaceContext,
  scope: Scope,
): PointCondition {
  const { left, right } = parseEquation(text, { ...scope, boundary: false }, `${path}.equation`);
  const { coordinates } = domain;
  points.forEach((point, i) => {
    const place = `${path}.on.points[${i}]`;
    if (point.length !== coordinates.length)
      throw new ProblemError(`the point has ${point.length} numbers`, {
        path: place,
        hint: `it needs one for each of ${coordinates.map((c) => c.name).join(', ')}`,
      });
    assertInside(point, domain, place);
  });
  const flat = Float64Array.from(points.flat());
  return { kind: 'points', path, text, points: flat, count: points.length, left, right, weight };
}

function placedCondition(
  place: ConditionPlace,
  text: string,
  weight: number,
  path: string,
  { domain: { coordinates }, time }: PlaceContext,
  scope: Scope,
): Condition {
  // The normal of a plane has a meaning on faces of space.
  const boundary =
    place.kind !== 'planes' ||
    place.planes.every(({ outward, coordinate }) => outward !== 0 && coordinate !== time);
  const own = { ...scope, boundary, interface: place.kind === 'interface' };
  const { left, right } = parseEquation(text, own, `${path}.equation`);
  if (place.kind !== 'interface') return { ...place, path, text, left, right, weight };
  const reader = new TraceReader(coordinates.map((c) => c.name));
  const sides = { left: reader.read(left), right: reader.read(right) };
  return { ...place, path, text, ...sides, traces: reader.traces, weight };
}

/**
 * Reads one condition.
 *
 * @throws ProblemError where the place or the equation is not well formed or lies outside the domain.
 */
export function readCondition(
  definition: ConditionDefinition,
  index: number,
  context: PlaceContext,
  scope: Scope,
): Condition {
  const path = `conditions[${index}]`;
  if ('periodic' in definition) return periodicCondition(definition, path, context);
  const hard = definition.hard === true ? { hard: true } : {};
  if (typeof definition.on !== 'string')
    return { ...pointCondition(definition as OnPoints, path, context, scope), ...hard };
  const place = readPlace(definition.on, context, `${path}.on`);
  const weight = definition.weight ?? 1;
  return { ...placedCondition(place, definition.equation, weight, path, context, scope), ...hard };
}
