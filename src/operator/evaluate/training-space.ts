/** Where the training functions lie, and how far from them another one does. */
import type { Problem } from '../../problem/problem.ts';
import { product, transposed } from '../linear/matrix-product.ts';
import { principalParts } from '../linear/principal-parts.ts';

/** In what a function is unlike those of training. */
export interface OperatorWarning {
  readonly input: string;
  /**
   * `distance`: the Mahalanobis distance of the sensors in principal components; `remainder`: what these leave of the
   * function, root mean square; `amplitude`: the largest deviation from the training functions' mean at a sensor.
   */
  readonly measure: 'distance' | 'remainder' | 'amplitude';
  readonly value: number;
  /** What 99 % of the training functions keep below; for the amplitude all of them. */
  readonly limit: number;
  readonly text: string;
}

/** Of one input function. */
export interface InputRange {
  readonly input: string;
  readonly sensors: number;
  /** (sensors). */
  readonly mean: Float64Array;
  /** Orthonormal, (sensors, components). */
  readonly directions: Float64Array;
  /** (components). */
  readonly deviations: Float64Array;
  readonly distance: number;
  readonly remainder: number;
  readonly amplitude: number;
}

/** Components that hold this share of the training functions' variance. */
const held = 1 - 1e-6;
/** Functions for each component at least: of fewer the distance would say little. */
const perComponent = 8;
const quantile = 0.99;
/** Other shapes that are less than this share of the largest amplitude are not spoken of. */
const leastRemainder = 1e-3;
/** Beyond a limit by rounding is not beyond. */
const slack = 1.05;

export function trainingSpace(
  problem: Problem,
  inputs: Readonly<Record<string, Float64Array>>,
  count: number,
): InputRange[] {
  return problem.inputs.map(({ name, sensorCount }) => rangeOf(name, inputs[name], count, sensorCount));
}

function rangeOf(input: string, rows: Float64Array, count: number, sensors: number): InputRange {
  const mean = new Float64Array(sensors);
  rows.forEach((value, k) => {
    mean[k % sensors] += value / count;
  });
  const centered = rows.map((value, k) => value - mean[k % sensors]);
  const parts = principalParts(centered, count, sensors, { tolerance: 1e-10 });
  const total = centered.reduce((sum, value) => sum + value * value, 0);
  let components = 0;
  for (let sum = 0; components < parts.rank && sum < held * total; components++)
    sum += parts.values[components] ** 2;
  components = Math.min(components, Math.max(1, Math.floor(count / perComponent)));
  const directions = new Float64Array(sensors * components);
  for (let s = 0; s < sensors; s++)
    for (let k = 0; k < components; k++) directions[s * components + k] = parts.right[s * parts.rank + k];
  const deviations = Float64Array.from({ length: components }, (_, k) =>
    parts.rank === 0 ? 1 : parts.values[k] / Math.sqrt(count),
  );
  const empty = { input, sensors, mean, directions, deviations, distance: 0, remainder: 0, amplitude: 0 };
  if (parts.rank === 0) return { ...empty, directions: new Float64Array(0), deviations: new Float64Array(0) };
  const own = measures(empty, rows, count);
  const limit = (values: readonly number[]): number => {
    const ascending = [...values].sort((a, b) => a - b);
    return ascending[Math.min(count - 1, Math.ceil(quantile * count) - 1)];
  };
  const amplitude = Math.max(...own.map((measured) => measured.amplitude));
  return {
    ...empty,
    // In-sample distances are small where components are many for the functions: by the leverage of each.
    distance: limit(own.map(({ distance }) => outOfSample(distance, count))),
    remainder: Math.max(leastRemainder * amplitude, limit(own.map(({ remainder }) => remainder))),
    amplitude,
  };
}

/** The distance that a function would have had from the others, without it among them. */
function outOfSample(distance: number, count: number): number {
  const leverage = Math.min(0.9, (distance * distance + 1) / count);
  return distance / Math.sqrt(1 - leverage);
}

interface Measures {
  readonly distance: number;
  readonly remainder: number;
  readonly amplitude: number;
}

function measures(
  { sensors, mean, directions, deviations }: InputRange,
  rows: Float64Array,
  count: number,
): Measures[] {
  const components = deviations.length;
  const centered = rows.map((value, k) => value - mean[k % sensors]);
  const scores = product(centered, directions, count, sensors, components);
  const within = product(scores, transposed(directions, sensors, components), count, components, sensors);
  return Array.from({ length: count }, (_, i) => {
    let square = 0;
    for (let k = 0; k < components; k++) square += (scores[i * components + k] / deviations[k]) ** 2;
    let rest = 0;
    let amplitude = 0;
    for (let s = 0; s < sensors; s++) {
      const value = centered[i * sensors + s];
      rest += (value - within[i * sensors + s]) ** 2;
      amplitude = Math.max(amplitude, Math.abs(value));
    }
    return { distance: Math.sqrt(square), remainder: Math.sqrt(rest / sensors), amplitude };
  });
}

/** How far functions lie from those of training, Mahalanobis; (count) by input function. */
export function distances(range: InputRange, rows: Float64Array, count: number): Float64Array {
  return Float64Array.from(measures(range, rows, count), ({ distance }) => distance);
}

/** What is to be said of one function. */
export function warningsOf(
  ranges: readonly InputRange[],
  inputs: Readonly<Record<string, Float64Array>>,
): OperatorWarning[] {
  return ranges.flatMap((range) => {
    const [own] = measures(range, inputs[range.input], 1);
    const beyond = (measure: OperatorWarning['measure'], words: string, of: string): OperatorWarning[] => {
      const [value, limit] = [own[measure], range[measure]];
      if (value <= slack * limit + 1e-12 * (1 + range.amplitude)) return [];
      const short = (n: number): string => Number(n.toPrecision(3)).toString();
      const text = `${range.input} lies outside the trained range: ${words} ${short(value)}, ${of} within ${short(limit)}`;
      return [{ input: range.input, measure, value, limit, text }];
    };
    const most = '99% of the training functions are';
    return [
      ...beyond('distance', 'its distance from the training functions (Mahalanobis) is', most),
      ...beyond('remainder', 'what it has of other shapes than theirs is', most),
      ...beyond('amplitude', 'it departs from their mean by', 'all of them are'),
    ];
  });
}
