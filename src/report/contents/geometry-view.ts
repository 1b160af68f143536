/** The geometry of a problem as a report draws it. */
import { type BoundaryPart, type Shape, shapeOf } from '../../geometry/shape.ts';
import { domainPoints } from '../../problem/domain-points.ts';
import type { Problem } from '../../problem/index.ts';
import type { Solution } from '../../solve/solution.ts';
import type { Columns, GeometryPart, GeometryView } from '../geometry-view.ts';
import { problemTex } from './problem-tex.ts';

/** Points that draw a whole boundary: a line of dots in the plane, a haze on surfaces. */
const outlinePoints = [0, 0, 1200, 3000] as const;

/** Normals on a whole boundary. */
const normalCount = 48;

/** More points inside hide the boundary. */
const mostPoints = 1000;

function columnsOf(points: ArrayLike<number>, width: number, dimension = width): Columns {
  const count = points.length / width;
  return Array.from({ length: dimension }, (_, i) =>
    Float64Array.from({ length: count }, (_, n) => points[n * width + i]),
  );
}

function partView(part: BoundaryPart, whole: number, dimension: number, name: string): GeometryPart {
  const share = part.measure / whole;
  const outline = part.sample('grid', Math.max(2, Math.round(share * outlinePoints[dimension])), 0);
  const some = part.sample(
    dimension === 2 ? 'grid' : 'sobol',
    Math.max(3, Math.round(share * normalCount)),
    0,
  );
  // Both ends of a part are corners: its normals stand between them.
  const inner = dimension === 2 && some.count > 3 ? [1, some.count - 1] : [0, some.count];
  const pick = (values: Float64Array): Float64Array =>
    values.subarray(inner[0] * dimension, inner[1] * dimension);
  return {
    name,
    outline: columnsOf(outline.points, dimension),
    feet: columnsOf(pick(some.points), dimension),
    normals: columnsOf(pick(some.normals), dimension),
  };
}

function partsOf(shape: Pick<Shape, 'boundary' | 'dimension'>, otherwise: string): GeometryPart[] {
  const whole = shape.boundary.reduce((sum, { measure }) => sum + measure, 0);
  return shape.boundary.map((part) => partView(part, whole, shape.dimension, part.name ?? otherwise));
}

/** Interfaces of the problem's conditions, each once. */
function interfaceParts({ conditions }: Problem): GeometryPart[] {
  const seen = new Set<string>();
  return conditions.flatMap((condition) => {
    if (condition.kind !== 'interface' || seen.has(condition.region.name)) return [];
    seen.add(condition.region.name);
    const { dimension } = condition.region.shape;
    return partsOf({ boundary: condition.parts, dimension }, condition.region.name).map((part) => ({
      ...part,
      name: condition.region.name,
      inside: true,
    }));
  });
}

function boxOf({ coordinates }: Problem, positions: readonly number[]): Shape {
  const box = positions.map((i): [number, number] => [coordinates[i].low, coordinates[i].high]);
  return shapeOf({ box }, 'domain');
}

/** Undefined for boxes without interfaces, and for spaces of one and of more than three dimensions. */
export function geometryView({ problem, run }: Solution): GeometryView | undefined {
  const interfaces = interfaceParts(problem);
  const region = problem.conditions.find((c) => c.kind === 'interface')?.region;
  const positions = problem.space?.coordinates ?? region?.coordinates;
  if (positions === undefined || positions.length < 2 || positions.length > 3) return undefined;
  const tex = problemTex(problem);
  const trained = run.blocks.reduce((sum, { kind, points }) => sum + (kind === 'equation' ? points : 0), 0);
  const drawn = domainPoints(problem, Math.min(mostPoints, Math.max(trained, 1)));
  const all = columnsOf(drawn, problem.coordinates.length);
  return {
    coordinates: positions.map((i) => tex.label(problem.coordinates[i].name)),
    parts: [
      ...(problem.space === undefined
        ? partsOf(boxOf(problem, positions), 'boundary')
        : partsOf(problem.space.shape, 'without a name')),
      ...interfaces,
    ],
    ...(trained === 0
      ? {}
      : {
          points: positions.map((i) => all[i]),
          pointWords:
            trained > mostPoints
              ? `${mostPoints} of some ${trained} on which the equations were trained`
              : `${trained}, spread as those on which the equations were trained`,
        }),
  };
}
