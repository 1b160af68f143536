/**
 * Charts: coordinates in which a solution is smooth where it is not, or varies fast, in those of the problem. A network
 * with a chart is taken at the place to which the chart moves a point. All in normalised coordinates.
 *
 * - `inversion` in an ellipsoid turns what lies around a hole inside out: what a solution has from singularities beyond
 *   the hole's edge is as smooth in it as what it has from outside is in the coordinates themselves. (For Laplace's
 *   equation the series of a multipole; Kelvin's transform.)
 * - `sector` straightens a corner: z → z^exponent about it, so that r^{kα} sin(kαθ) becomes a polynomial (the singular
 *   functions of Kondrat'ev 1967; Grisvard, Elliptic Problems in Nonsmooth Domains, 1985).
 * - `polar` has distance and angle about a corner, and a factor of the distance, where angles do not follow from powers.
 * - `layer` has the logarithm of the distance from a face in place of the distance: layers of any thickness down to its
 *   radius are about as wide in it (as in the meshes of Bakhvalov 1969).
 */
import {
  add,
  apply,
  coordinate,
  divide,
  field,
  multiply,
  number,
  power,
  subtract,
  sum,
} from '../expression/build.ts';
import { differentiate } from '../expression/differentiate.ts';
import { evaluateProgram } from '../expression/evaluate.ts';
import type { Expression, FieldNode, Place } from '../expression/expression.ts';
import { pointsAt, withPlacesAsColumns } from '../expression/place.ts';
import { compileProgram } from '../expression/program.ts';
import { type MultiIndex, multiIndexKey } from '../jet/multi-index.ts';

interface ChartPlacement {
  /** Positions of the coordinates of space among the problem's. */
  readonly coordinates: readonly number[];
  /** Of the hole, or the corner. */
  readonly center: readonly number[];
  /** Half axes of the hole; in a sector what is length 1. */
  readonly radii: readonly number[];
}

export interface InversionChart extends ChartPlacement {
  readonly kind: 'inversion';
  /** Whether the network counts times what a point source has around it: log r in the plane, 1/r^(d − 2) in space. */
  readonly source: boolean;
}

export interface SectorChart extends ChartPlacement {
  readonly kind: 'sector';
  /** Direction of the middle of the sector, from the first coordinate, where lengths are measured in `radii`. */
  readonly direction: number;
  readonly exponent: number;
}

export interface PolarChart extends ChartPlacement {
  readonly kind: 'polar';
  /** Direction of the middle of the sector, from the first coordinate, where lengths are measured in `radii`. */
  readonly direction: number;
  /** Of the sector. */
  readonly angle: number;
  /** The power of the distance that the network counts times; 0 stands for its logarithm. */
  readonly power: number;
  /** Fields that have it; all where absent. */
  readonly fields?: readonly string[];
}

/** Of one coordinate; the center is −1 or 1, the face, and the radius what is thin. */
export interface LayerChart extends ChartPlacement {
  readonly kind: 'layer';
}

export type NetworkChart = InversionChart | SectorChart | PolarChart | LayerChart;

/** The square of a distance at which it counts as zero: derivatives stay finite. */
const tiny = 1e-30;

/** Of a length in a chart. */
const rounding = 1e-13;

/** The place to which the chart moves a point, and a factor of what the network has there. */
interface Charted {
  readonly place: Place;
  readonly factor: Expression | undefined;
}

const known = new WeakMap<NetworkChart, Charted>();

function charted(chart: NetworkChart, dimension: number): Charted {
  const before = known.get(chart);
  if (before !== undefined) return before;
  const { coordinates, center, radii } = chart;
  const from = coordinates.map((c, i) =>
    multiply(number(1 / radii[i]), subtract(coordinate(`coordinate ${c}`, c), number(center[i]))),
  );
  if (chart.kind === 'layer') {
    const depth = add(number(1), multiply(number(-Math.sign(center[0])), from[0]));
    const moved = subtract(multiply(number(2 / layerLength(chart)), apply('log', [depth])), number(1));
    const place = Array.from({ length: dimension }, (_, c) => (c === coordinates[0] ? moved : null));
    const result = { place, factor: undefined };
    known.set(chart, result);
    return result;
  }
  const square = (x: Expression): Expression => power(x, number(2));
  const distance = add(sum(from.map(square)), number(tiny));
  let own: readonly Expression[];
  let factor: Expression | undefined;
  if (chart.kind === 'inversion') {
    own = from.map((x) => divide(x, distance));
    if (chart.source)
      factor = from.length === 2 ? apply('log', [distance]) : power(distance, number((2 - from.length) / 2));
  } else {
    const [cosine, sine] = [Math.cos(chart.direction), Math.sin(chart.direction)].map(number);
    const along = add(multiply(cosine, from[0]), multiply(sine, from[1]));
    const across = subtract(multiply(cosine, from[1]), multiply(sine, from[0]));
    if (chart.kind === 'polar') {
      const radius = power(distance, number(0.5));
      own = [
        subtract(multiply(number(2), radius), number(1)),
        // In the corner itself, up to rounding, the direction is that of the middle.
        multiply(number(2 / chart.angle), apply('atan2', [across, add(along, number(rounding))])),
      ];
      factor = chart.power === 0 ? apply('log', [distance]) : power(distance, number(chart.power / 2));
    } else {
      const radius = power(distance, number(chart.exponent / 2));
      const angle = multiply(number(chart.exponent), apply('atan2', [across, along]));
      own = [multiply(radius, apply('cos', [angle])), multiply(radius, apply('sin', [angle]))];
    }
  }
  const place = Array.from({ length: dimension }, (_, c) => own[coordinates.indexOf(c)] ?? null);
  const result = { place, factor };
  known.set(chart, result);
  return result;
}

/** Of the domain from the face, in the layer's coordinate. */
function layerLength({ radii }: LayerChart): number {
  return Math.log(1 + 2 / radii[0]);
}

const derivatives = new WeakMap<NetworkChart, Map<string, Expression>>();

/**
 * ∂^order of a field of a network with a chart, in the field at the chart's place, by the chain rule.
 *
 * @param of  positions of the coordinates of the network
 */
export function chartedDerivative(
  chart: NetworkChart,
  name: string,
  order: MultiIndex,
  of: readonly number[],
): Expression {
  const own = derivatives.get(chart) ?? new Map<string, Expression>();
  derivatives.set(chart, own);
  const key = `${name} ${multiIndexKey(order)}`;
  let result = own.get(key);
  if (result === undefined) {
    const axis = order.findIndex((k) => k > 0);
    if (axis >= 0)
      result = differentiate(
        chartedDerivative(
          chart,
          name,
          order.map((k, i) => (i === axis ? k - 1 : k)),
          of,
        ),
        axis,
      );
    else {
      const { place, factor } = charted(chart, order.length);
      const value = field(name, order, of, undefined, place);
      result = factor === undefined ? value : multiply(factor, value);
    }
    own.set(key, result);
  }
  return result;
}

/**
 * Derivatives of fields of a network with a chart at points (N, d).
 *
 * @param of  derivatives of the network's fields at points, by field and multi-index
 * @returns by field a column (N) for each of `indices`
 */
export function chartedDerivatives(
  chart: NetworkChart,
  fields: readonly string[],
  coordinates: readonly number[],
  points: Float64Array,
  indices: readonly MultiIndex[],
  of: (points: Float64Array, indices: readonly MultiIndex[]) => readonly (readonly Float64Array[])[],
): Float64Array[][] {
  const d = indices[0]?.length ?? 1;
  const count = points.length / d;
  const { place } = charted(chart, d);
  const forms = fields.map((name) =>
    indices.map((index) => withPlacesAsColumns(chartedDerivative(chart, name, index, coordinates))),
  );
  const leaves = new Map<string, { readonly leaf: FieldNode }>(
    forms.flat().flatMap(({ columns }) => [...columns]),
  );
  const orders = new Map([...leaves.values()].map(({ leaf: { order } }) => [multiIndexKey(order), order]));
  const keys = [...orders.keys()];
  const values = of(pointsAt(place, points), [...orders.values()]);
  const columnOf = (name: string): Float64Array => {
    const { leaf } = leaves.get(name)!;
    return values[fields.indexOf(leaf.name)][keys.indexOf(multiIndexKey(leaf.order))];
  };
  return forms.map((own) => {
    const program = compileProgram(own.map(({ expression }) => expression));
    const inputs = program.inputs.map((leaf) =>
      leaf.kind === 'coordinate'
        ? Float64Array.from({ length: count }, (_, n) => points[n * d + leaf.index])
        : columnOf(leaf.name),
    );
    return evaluateProgram(program, inputs, count).map((values) => Float64Array.from(values));
  });
}

/** Points, (N, d) row-major, that the chart moves to given ones; the other coordinates stay. */
export function uncharted(chart: NetworkChart, moved: Float64Array, dimension: number): Float64Array {
  const { coordinates, center, radii } = chart;
  const points = moved.slice();
  for (let n = 0; n < moved.length; n += dimension) {
    if (chart.kind === 'layer') {
      const depth = radii[0] * Math.expm1((layerLength(chart) * (moved[n + coordinates[0]] + 1)) / 2);
      points[n + coordinates[0]] = center[0] - Math.sign(center[0]) * Math.min(2, depth);
      continue;
    }
    const own = coordinates.map((c) => moved[n + c]);
    const distance = Math.hypot(...own) || 1;
    const from =
      chart.kind === 'inversion'
        ? own.map((y) => y / distance ** 2)
        : chart.kind === 'polar'
          ? fromPolar(Math.max(nearest, (own[0] + 1) / 2), (own[1] * chart.angle) / 2 + chart.direction)
          : fromPolar(
              distance ** (1 / chart.exponent),
              Math.atan2(own[1], own[0]) / chart.exponent + chart.direction,
            );
    coordinates.forEach((c, i) => {
      points[n + c] = center[i] + radii[i] * from[i];
    });
  }
  return points;
}

/** Closer to a corner equations weigh more than all else: terms that cancel are unbounded there. */
const nearest = 0.05;

function fromPolar(radius: number, angle: number): number[] {
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}
