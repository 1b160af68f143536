/** Holes and re-entrant corners of a geometry, around which random features have coordinates of their own. */
import { hasPlaces } from '../../expression/place.ts';
import { haltonPoints } from '../../geometry/halton.ts';
import { type Shape, type ShapeDefinition, shapeOf } from '../../geometry/shape.ts';
import type { NetworkChart } from '../../network/chart.ts';
import type { Problem } from '../../problem/index.ts';
import { startsWithLayers } from '../windows/initial-layers.ts';
import { type Corner, contradictsCorner, multipliers } from './flow-corners.ts';
import { layersAtOutlets } from './flow-outlets.ts';

type Point = readonly [number, number];

interface Hole {
  readonly center: readonly number[];
  readonly radius: number;
}

/** Of the size of the shape: so near to a corner there is nothing else. */
const nearby = 1e-3;

/** A corner of less than this above a straight angle is none. */
const leastReentrance = 0.05;

function primitives(definition: ShapeDefinition): ShapeDefinition[] {
  if ('union' in definition) return definition.union.flatMap(primitives);
  if ('difference' in definition) return definition.difference.flatMap(primitives);
  if ('intersection' in definition) return definition.intersection.flatMap(primitives);
  return [definition];
}

/** Beyond the edge of a hole, over its radius, at places spread over it: some of them belong to the shape. */
const aroundHole = 1.02;
const placesAround = 48;

/** Points on the unit sphere of a number of dimensions. */
function directions(dimension: number): number[][] {
  const points = haltonPoints(placesAround, dimension, 1);
  return Array.from({ length: placesAround }, (_, n) => {
    const x = Array.from({ length: dimension }, (_, i) => 2 * points[n * dimension + i] - 1);
    const length = Math.hypot(...x) || 1;
    return x.map((value) => value / length);
  });
}

/** Disks and balls whose center the shape does not hold, and whose edge is an edge of it. */
function holesOf(shape: Shape): Hole[] {
  const around = directions(shape.dimension);
  const beside = ({ center, radius }: Hole): boolean =>
    around.some((direction) => shape.contains(center.map((x, i) => x + aroundHole * radius * direction[i])));
  return primitives(shape.definition).flatMap((primitive): Hole[] => {
    const hole = 'disk' in primitive ? primitive.disk : 'ball' in primitive ? primitive.ball : undefined;
    return hole === undefined || shape.contains(hole.center) || !beside(hole) ? [] : [hole];
  });
}

function verticesOf(primitive: ShapeDefinition): readonly Point[] {
  if ('polygon' in primitive) return primitive.polygon;
  if (!('box' in primitive) || primitive.box.length !== 2) return [];
  const [[x0, x1], [y0, y1]] = primitive.box;
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

/** The corners of the polygons and rectangles that the shape has. */
function cornersOf(shape: Shape): Corner[] {
  const size = Math.max(...shape.bounds.map(({ low, high }) => high - low));
  const filled = ([x, y]: Point, angle: number): boolean =>
    shape.contains([x + nearby * size * Math.cos(angle), y + nearby * size * Math.sin(angle)]);
  return primitives(shape.definition).flatMap((primitive) => {
    const vertices = verticesOf(primitive);
    return vertices.flatMap((at, i): Corner[] => {
      const toward = ([x, y]: Point): number => Math.atan2(y - at[1], x - at[0]);
      const next = toward(vertices[(i + 1) % vertices.length]);
      const last = toward(vertices.at(i - 1)!);
      const turn = (((last - next) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI);
      const arcs = [
        { start: next, angle: turn },
        { start: last, angle: 2 * Math.PI - turn },
      ];
      const sector = arcs.find(
        ({ start, angle }) =>
          [0.05, 0.35, 0.65, 0.95].every((share) => filled(at, start + share * angle)) &&
          ![0.1, 0.5, 0.9].some((share) => filled(at, start + angle + share * (2 * Math.PI - angle))),
      );
      if (sector === undefined) return [];
      const { start, angle } = sector;
      return [{ at, direction: start + angle / 2, angle }];
    });
  });
}

/** The space of the problem; where that is a box, only of a problem whose corners may matter. */
function spaceOf(problem: Problem): Problem['space'] {
  const { space, coordinates, time } = problem;
  if (space !== undefined || coordinates.length !== 2 || time !== null || multipliers(problem).length === 0)
    return space;
  const box = coordinates.map(({ low, high }) => [low, high]);
  return { shape: shapeOf({ box }, 'domain'), coordinates: [0, 1] };
}

/** Whether fields are taken at plain points of space alone. */
function isPlain({
  coordinates,
  time,
  space,
  fields,
  conditions,
  equations,
  observations,
}: Problem): boolean {
  const own = space?.coordinates ?? coordinates.flatMap((_, c) => (c === time ? [] : [c]));
  return (
    fields.every(({ of, pieces }) => pieces === undefined && own.every((c) => of.includes(c))) &&
    conditions.every(({ kind }) => kind !== 'periodic' && kind !== 'interface') &&
    observations.every(({ before }) => before === undefined) &&
    !hasPlaces(equations.flatMap(({ left, right }) => [left, right])) &&
    !hasPlaces(conditions.flatMap((c) => (c.kind === 'periodic' ? [] : [c.left, c.right])))
  );
}

/** Charts of the problem, in normalised coordinates; none where fields are not taken at plain points alone. */
export function chartsOfGeometry(problem: Problem): NetworkChart[] {
  return isPlain(problem) ? [...chartsOfSpace(problem), ...layersAtOutlets(problem)] : [];
}

function chartsOfSpace(problem: Problem): NetworkChart[] {
  const { coordinates: all } = problem;
  const space = spaceOf(problem);
  if (space === undefined || space.coordinates.length < 2) return [];
  const { shape, coordinates } = space;
  const own = coordinates.map((c) => all[c]);
  const halfWidths = own.map(({ low, high }) => (high - low) / 2);
  const placed = (center: readonly number[], length: number) => ({
    coordinates,
    center: center.map((x, i) => (x - (own[i].low + own[i].high) / 2) / halfWidths[i]),
    radii: halfWidths.map((halfWidth) => length / halfWidth),
  });
  const around = holesOf(shape).flatMap(({ center, radius }) =>
    [false, true].map((source): NetworkChart => ({ kind: 'inversion', ...placed(center, radius), source })),
  );
  if (coordinates.length !== 2) return around;
  const size = Math.max(...halfWidths);
  const lower = multipliers(problem);
  const into = cornersOf(shape).flatMap((corner): NetworkChart[] => {
    const { at, direction, angle } = corner;
    const reentrant = angle > Math.PI + leastReentrance;
    if (reentrant) return [{ kind: 'sector', ...placed(at, size), direction, exponent: Math.PI / angle }];
    if (lower.length === 0 || all.length > 2 || !contradictsCorner(problem, corner)) return [];
    const polar = { kind: 'polar', ...placed(at, 2 * size), direction, angle } as const;
    return [
      { ...polar, power: 1 },
      { ...polar, power: 0, fields: lower },
    ];
  });
  return [...around, ...into];
}

/** By number of coordinates of space: features of a chart, and their scale over count^(1/d), so that they are twice too many. */
const inPlane = { least: 40, most: 80, scale: 0.4 };
const inSpace = { least: 80, most: 160, scale: 0.65 };

/** Layers around a hole, which are there from the start, vary faster across them. */
const inLayers = { plane: { count: 100, scale: 6 }, space: { count: 200, scale: 5 } };

/** What a source around a hole is multiplied by varies little. */
const sourceFeatures = { count: 20, scale: 1.8 };

/** In distance and angle a corner has few waves, what goes to infinity there fewer. */
const polarFeatures = { count: 50, scale: 3 };
const unboundedFeatures = { count: 12, scale: 2 };

/** The logarithm of a distance: one wave over a layer, many layers' widths in the domain. */
const layerFeatures = { count: 100, scale: 9 };

/** What beside the features of all of space, `count`, each chart of a problem gets. */
export function chartFeatures(
  problem: Problem,
  chart: NetworkChart,
  count: number,
): { readonly count: number; readonly scale: number } {
  if (chart.kind === 'inversion' && chart.source) return sourceFeatures;
  if (chart.kind === 'layer') return layerFeatures;
  if (chart.kind === 'polar') return chart.fields === undefined ? polarFeatures : unboundedFeatures;
  const d = chart.coordinates.length;
  if (chart.kind === 'inversion' && startsWithLayers(problem))
    return d === 2 ? inLayers.plane : inLayers.space;
  const { least, most, scale } = d === 2 ? inPlane : inSpace;
  const own = Math.round(Math.min(most, Math.max(least, count / 10)));
  return { count: own, scale: scale * own ** (1 / d) };
}

/** How many features all charts of a problem have together. */
export function chartFeatureCount(problem: Problem, count: number): number {
  return chartsOfGeometry(problem).reduce(
    (sum, chart) => sum + chartFeatures(problem, chart, count).count + 1,
    0,
  );
}
