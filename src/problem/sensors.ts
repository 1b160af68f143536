/** Sensors: the points at which a network sees an input function. */
import { ProblemError } from '../errors.ts';
import type { InputDefinition } from './input-options.ts';
import type { Coordinate, InputFunction } from './problem.ts';

const defaultCount = 100;

interface SensorPlace {
  /** For each coordinate its place in the points as they are written. */
  readonly order: readonly number[];
  /** Both ends are the same point, of which one is taken. */
  readonly periodic: boolean;
  readonly path: string;
}

/** Equidistant values from one end to the other. */
export function equidistant(
  { low, high }: Pick<Coordinate, 'low' | 'high'>,
  count: number,
  periodic = false,
): number[] {
  if (count === 1) return [periodic ? low : (low + high) / 2];
  const step = (high - low) / (periodic ? count : count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 && !periodic ? high : low + i * step));
}

/** All combinations of the values along each coordinate, (N, k), the last coordinate running fastest. */
export function gridPoints(axes: readonly (readonly number[])[]): Float64Array {
  const rows = axes.reduce<number[][]>(
    (prefixes, axis) => prefixes.flatMap((prefix) => axis.map((value) => [...prefix, value])),
    [[]],
  );
  return Float64Array.from(rows.flat());
}

type Sensors = Pick<InputFunction, 'sensors' | 'sensorCount' | 'sensorSides'>;

function grid(sides: readonly number[], coordinates: readonly Coordinate[], periodic: boolean): Sensors {
  const sensors = gridPoints(coordinates.map((c, i) => equidistant(c, sides[i], periodic)));
  return { sensors, sensorCount: sides.reduce((a, b) => a * b, 1), sensorSides: sides };
}

function side(count: number, dimension: number, path: string): number {
  const root = Math.round(count ** (1 / dimension));
  if (root ** dimension === count) return root;
  throw new ProblemError(`${count} sensors are no square grid`, {
    path,
    hint: `give ${root ** 2}, or a number for each coordinate, such as [${root}, ${Math.ceil(count / root)}], or a list of points`,
  });
}

/** @throws ProblemError for points outside the domain, of another dimension, or that stand there twice */
export function readSensors(
  definition: InputDefinition['sensors'],
  coordinates: readonly Coordinate[],
  { order, periodic, path }: SensorPlace,
): Sensors {
  const k = coordinates.length;
  if (k === 0) {
    if (definition !== undefined && definition !== 1)
      throw new ProblemError('a number has no sensors', { path, hint: 'leave them out' });
    return { sensors: new Float64Array(0), sensorCount: 1, sensorSides: undefined };
  }
  if (definition === undefined || typeof definition === 'number')
    return grid(new Array(k).fill(side(definition ?? defaultCount, k, path)), coordinates, periodic);
  if (k === 2 && definition.length === 2 && definition.every((n) => Number.isInteger(n) && (n as number) > 1))
    return grid(
      order.map((place) => definition[place] as number),
      coordinates,
      periodic,
    );
  const names = coordinates.map(({ name }) => name).join(', ');
  const rows = definition.map((entry, i) => {
    const point = typeof entry === 'number' ? [entry] : entry;
    const place = `${path}[${i}]`;
    if (point.length !== k)
      throw new ProblemError(`the sensor has ${point.length} number${point.length === 1 ? '' : 's'}`, {
        path: place,
        hint: `it needs one for each of ${names}`,
      });
    return order.map((from, axis) => {
      const { name, low, high } = coordinates[axis];
      const value = point[from];
      if (!(value >= low && value <= high))
        throw new ProblemError(`the sensor lies outside the domain: ${name} = ${value}`, {
          path: place,
          hint: `${name} runs from ${low} to ${high}`,
        });
      return value;
    });
  });
  const seen = new Map<string, number>();
  rows.forEach((row, i) => {
    const first = seen.get(row.join());
    if (first !== undefined)
      throw new ProblemError(`the sensor stands there twice, at ${first} and ${i}`, {
        path: `${path}[${i}]`,
      });
    seen.set(row.join(), i);
  });
  return { sensors: Float64Array.from(rows.flat()), sensorCount: rows.length, sensorSides: undefined };
}
