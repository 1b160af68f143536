/**
 * Problems on a circle that look the same from each of its points: a shifted input function has the shifted solution,
 * so that one solution is as good as many.
 */
import { leavesOf } from '../../expression/expression.ts';
import type { Condition, Problem } from '../../problem/problem.ts';
import { randomGenerator } from '../../random/generator.ts';
import type { OperatorData } from '../data/operator-data.ts';

/** Rows in all, shifted ones included. */
export const mostRows = 2400;

function expressionsOf(condition: Condition): Parameters<typeof leavesOf>[0] {
  return condition.kind === 'periodic' ? [] : [condition.left, condition.right];
}

/** The coordinate along which solutions may be shifted, undefined where there is none. */
export function shiftedCoordinate(problem: Problem): number | undefined {
  const { coordinates, conditions, equations, space, time, inputs } = problem;
  if (space !== undefined || problem.regions.size > 0) return undefined;
  const expressions = [
    ...equations.flatMap(({ left, right, where }) => [left, right, ...(where === undefined ? [] : [where])]),
    ...conditions.flatMap(expressionsOf),
  ];
  const leaves = leavesOf(expressions);
  // What is taken at other places may not move along with the point.
  if (leaves.some((leaf) => leaf.kind === 'field' && leaf.at !== undefined)) return undefined;
  const found = coordinates.findIndex(
    (_, i) =>
      i !== time &&
      conditions.some((c) => c.kind === 'periodic' && c.coordinate === i) &&
      conditions.every(
        (c) =>
          c.kind === 'periodic' ||
          (c.kind === 'planes' && c.planes.every(({ coordinate }) => coordinate !== i)),
      ) &&
      !leaves.some((leaf) => leaf.kind === 'coordinate' && leaf.index === i) &&
      inputs.every(({ of }) => !of.includes(i) || of.length === 1),
  );
  return found < 0 ? undefined : found;
}

/**
 * The set with shifted functions beside its own, undefined where its points or sensors are no equidistant ones along
 * the coordinate.
 */
export function withShifts(
  problem: Problem,
  data: OperatorData,
  coordinate: number,
  seed: number,
): OperatorData | undefined {
  if (!data.aligned) return undefined;
  const { low, high } = problem.coordinates[coordinate];
  const d = problem.coordinates.length;
  const places = (points: Float64Array, width: number, axis: number): Map<string, number> =>
    new Map(
      Array.from({ length: points.length / width }, (_, n) => [
        keyOf(points.subarray(n * width, (n + 1) * width), axis, low, high, 0),
        n,
      ]),
    );
  const steps = distinctValues(data.points, d, coordinate, low, high);
  const shifts = steps - 1;
  const copies = Math.min(shifts, Math.floor(mostRows / data.count) - 1);
  if (copies < 1) return undefined;
  const moved = (points: Float64Array, width: number, axis: number, step: number): number[] | undefined => {
    const known = places(points, width, axis);
    const from = Array.from({ length: points.length / width }, (_, n) =>
      known.get(keyOf(points.subarray(n * width, (n + 1) * width), axis, low, high, -step / steps)),
    );
    return from.every((n) => n !== undefined) ? (from as number[]) : undefined;
  };
  const maps = Array.from({ length: steps }, (_, step) => ({
    points: moved(data.points, d, coordinate, step),
    sensors: problem.inputs.map((input) =>
      input.of[0] === coordinate
        ? moved(input.sensors, 1, 0, step)
        : Array.from({ length: input.sensorCount }, (_, n) => n),
    ),
  }));
  if (maps.some(({ points, sensors }) => points === undefined || sensors.includes(undefined)))
    return undefined;
  const random = randomGenerator(seed);
  const rows = Array.from({ length: data.count }, (_, n) => {
    const others = Array.from({ length: shifts }, (_, k) => ({ step: k + 1, key: random.uniform() }));
    others.sort((a, b) => a.key - b.key);
    return [{ n, step: 0 }, ...others.slice(0, copies).map(({ step }) => ({ n, step }))];
  }).flat();
  const gathered = (values: Float64Array, map: (step: number) => readonly number[]): Float64Array => {
    const width = values.length / data.count;
    const all = new Float64Array(rows.length * width);
    rows.forEach(({ n, step }, i) => {
      const from = map(step);
      for (let k = 0; k < width; k++) all[i * width + k] = values[n * width + from[k]];
    });
    return all;
  };
  const { draws: _, seed: __, ...rest } = data;
  return {
    ...rest,
    count: rows.length,
    wanted: rows.length,
    inputs: Object.fromEntries(
      problem.inputs.map(({ name }, i) => [
        name,
        gathered(data.inputs[name], (step) => maps[step].sensors[i]!),
      ]),
    ),
    fields: Object.fromEntries(
      Object.entries(data.fields).map(([name, values]) => [
        name,
        gathered(values, (step) => maps[step].points!),
      ]),
    ),
    errorEstimates: Float64Array.from(rows, ({ n }) => data.errorEstimates[n]),
  };
}

const resolution = 1e6;

/** The point with its place on the circle, which is the same at both ends. */
function keyOf(point: Float64Array, axis: number, low: number, high: number, shift: number): string {
  return [...point].map((value, i) => (i === axis ? angle(value, low, high, shift) : value)).join();
}

function angle(value: number, low: number, high: number, shift: number): number {
  const turns = (value - low) / (high - low) + shift;
  return Math.round((turns - Math.floor(turns + 0.5 / resolution)) * resolution) % resolution;
}

function distinctValues(points: Float64Array, d: number, axis: number, low: number, high: number): number {
  const values = new Set<number>();
  for (let n = axis; n < points.length; n += d) values.add(angle(points[n], low, high, 0));
  return values.size;
}
