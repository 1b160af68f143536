/** Where a condition holds, read from the text of `on`. */
import { ProblemError } from '../errors.ts';
import { nearestName } from '../expression/suggestion.ts';
import type { BoundaryPart, Shape } from '../geometry/shape.ts';
import { faceTolerance } from './membership.ts';
import { partWhere } from './partial-boundary.ts';
import type { Coordinate, Plane, Region } from './problem.ts';
import { regionNamed } from './regions.ts';
import { type Domain, partNames } from './space.ts';

export type ConditionPlace =
  | { readonly kind: 'planes'; readonly planes: readonly Plane[] }
  | { readonly kind: 'parts'; readonly parts: readonly BoundaryPart[] }
  | {
      readonly kind: 'interface';
      readonly region: Region;
      readonly other: Region | undefined;
      readonly parts: readonly BoundaryPart[];
    };

export interface PlaceContext {
  readonly domain: Domain;
  readonly time: number | null;
  readonly regions: ReadonlyMap<string, Region>;
  /** Names of the regions that were declared apart from the geometry. */
  readonly declared: ReadonlySet<string>;
  /** Value of a text in constants. */
  readonly evaluate: (text: string, path: string) => number;
}

function unknownPlace(text: string, { domain, declared }: PlaceContext, path: string): ProblemError {
  const [{ name, low }] = domain.coordinates;
  const names = [...partNames(domain), ...declared];
  const near = nearestName(text, [...names, 'boundary']);
  const named = names.length === 0 ? '' : `named parts are ${names.join(', ')}; `;
  return new ProblemError(`\`${text}\` names no part of the domain`, {
    path,
    hint:
      near !== undefined
        ? `did you mean "${near}"?`
        : `${named}write a face such as "${name} = ${low}", "boundary", or { "points": [[…]] }`,
  });
}

/** The two faces of each of the coordinates. */
function facesOf(positions: readonly number[], coordinates: readonly Coordinate[]): Plane[] {
  return positions.flatMap((coordinate): Plane[] => [
    { coordinate, value: coordinates[coordinate].low, outward: -1 },
    { coordinate, value: coordinates[coordinate].high, outward: 1 },
  ]);
}

/** A plane of one coordinate; of a geometry, what lies of its boundary on that plane. */
function planeOf(name: string, valueText: string, context: PlaceContext, path: string): ConditionPlace {
  const { coordinates, space } = context.domain;
  const position = coordinates.findIndex((c) => c.name === name);
  if (position < 0)
    throw new ProblemError(`\`${name}\` is not a coordinate`, {
      path,
      hint: `coordinates are ${coordinates.map((c) => c.name).join(', ')}`,
    });
  const { low, high } = coordinates[position];
  const value = context.evaluate(valueText.trim(), path);
  const tolerance = faceTolerance(coordinates[position]);
  const axis = space?.coordinates.indexOf(position) ?? -1;
  if (space !== undefined && axis >= 0) {
    const parts = space.shape.boundary.filter(
      ({ plane }) => plane?.axis === axis && Math.abs(plane.value - value) <= tolerance,
    );
    if (parts.length > 0) return { kind: 'parts', parts };
  }
  const end = Math.abs(value - low) <= tolerance ? low : Math.abs(value - high) <= tolerance ? high : value;
  if (!(value > low - tolerance && value < high + tolerance))
    throw new ProblemError(`${name} = ${value} lies outside the domain`, {
      path,
      hint: `${name} runs from ${low} to ${high}`,
    });
  if (axis >= 0 && (end === low || end === high)) return noFace(name, value, context, path);
  const outward = end === low ? -1 : end === high ? 1 : 0;
  return { kind: 'planes', planes: [{ coordinate: position, value: end, outward }] };
}

/** The geometry reaches the plane in a point or not at all. */
function noFace(name: string, value: number, { domain }: PlaceContext, path: string): never {
  const names = partNames(domain);
  const planes = (domain.space?.shape.boundary ?? []).flatMap(({ plane }) =>
    plane === undefined
      ? []
      : [`${domain.coordinates[domain.space!.coordinates[plane.axis]].name} = ${plane.value}`],
  );
  const there = [...new Set(planes)].map((text) => `"${text}"`).concat(names.map((text) => `"${text}"`));
  throw new ProblemError(`no part of the geometry's boundary lies on ${name} = ${value}`, {
    path,
    hint: `conditions may stand on ${['"boundary"', ...there].join(', ')}`,
  });
}

/** A part of a region's boundary within this share of space's size of the domain's boundary lies on that. */
const onBoundary = 1e-9;

/** The boundary of a region as far as it lies inside the domain, and next to the other region. */
function interfaceOf(
  region: Region,
  other: Region | undefined,
  { domain }: PlaceContext,
  path: string,
): ConditionPlace {
  const { coordinates, space } = domain;
  const own = region.coordinates.map((i) => coordinates[i]);
  const slack = onBoundary * Math.max(...own.map(({ low, high }) => high - low));
  const isInside = (point: ArrayLike<number>): boolean =>
    space === undefined
      ? own.every(({ low, high }, i) => point[i] > low + slack && point[i] < high - slack)
      : space.shape.signedDistance(point) < -slack;
  const parts = region.shape.boundary.flatMap((part) => {
    const left = partWhere(
      part,
      (point) => isInside(point) && (other === undefined || other.shape.signedDistance(point) <= slack),
    );
    return left === undefined ? [] : [left];
  });
  if (parts.length === 0)
    throw new ProblemError(
      other === undefined
        ? `the boundary of the region \`${region.name}\` does not lie inside the domain`
        : `the regions \`${region.name}\` and \`${other.name}\` have no boundary in common inside the domain`,
      { path },
    );
  return { kind: 'interface', region, other, parts };
}

const knownParts = new WeakMap<Shape, Map<string, readonly BoundaryPart[]>>();

/** The named parts, the same ones each time: conditions on them then share their points. */
function partsOf(shape: Shape, name: string): readonly BoundaryPart[] {
  const known = knownParts.get(shape) ?? new Map<string, readonly BoundaryPart[]>();
  knownParts.set(shape, known);
  const parts = known.get(name) ?? shape.partsNamed(name);
  known.set(name, parts);
  return parts;
}

/** @throws ProblemError for a text that names no part of the domain. */
export function readPlace(text: string, context: PlaceContext, path: string): ConditionPlace {
  const { domain, time, regions, declared } = context;
  const { coordinates, space, box } = domain;
  const trimmed = text.trim();
  if (trimmed === 'boundary' && space !== undefined) return { kind: 'parts', parts: space.shape.boundary };
  if (trimmed === 'boundary') {
    const positions = box?.coordinates ?? coordinates.map((_, i) => i).filter((i) => i !== time);
    if (positions.length === 0)
      throw new ProblemError('there is no boundary: the only coordinate is time', {
        path,
        hint: `name a face such as "${coordinates[0].name} = ${coordinates[0].low}"`,
      });
    return { kind: 'planes', planes: facesOf(positions, coordinates) };
  }
  const face = /^\s*(\p{L}[\p{L}\p{N}_]*)\s*=(?!=)(.+)$/u.exec(text);
  if (face !== null) return planeOf(face[1], face[2], context, path);
  const sides = trimmed.split('|').map((side) => side.trim());
  if (sides.length === 2) {
    const [region, other] = sides.map((name) => regionNamed(name, regions, path));
    if (region === other)
      throw new ProblemError(`\`${region.name}\` has no boundary with itself`, {
        path,
        hint: `"${region.name}" is its boundary inside the domain; "${region.name}|other" that with another region`,
      });
    return interfaceOf(region, other, context, path);
  }
  if (box?.name !== undefined && trimmed === box.name)
    return { kind: 'planes', planes: facesOf(box.coordinates, coordinates) };
  if (declared.has(trimmed)) return interfaceOf(regions.get(trimmed)!, undefined, context, path);
  if (space === undefined || !partNames(domain).includes(trimmed)) throw unknownPlace(trimmed, context, path);
  const parts = partsOf(space.shape, trimmed);
  if (parts.length === 0)
    throw new ProblemError(`nothing of the boundary of \`${trimmed}\` is left in the geometry's boundary`, {
      path,
      hint: `for what lies inside the domain write "${trimmed}|other" with the region beyond`,
    });
  return { kind: 'parts', parts };
}
