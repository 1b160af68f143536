/** Coordinates of input functions in which their distance is measured. */
import { principalComponents, scores } from './principal-components.ts';
import type { TrainingRows } from './training-rows.ts';

export interface InputCoordinates {
  /** Mean of the sensor values, (inputs). */
  readonly mean: Float64Array;
  /** From centred sensor values to coordinates, (inputs, rank); a block for each input function. */
  readonly projection: Float64Array;
  /** Coordinates of each input function. */
  readonly ranks: readonly number[];
  readonly rank: number;
  /** Coordinates of the training functions, (count, rank). */
  readonly values: Float64Array;
}

/** Directions with a smaller share of the largest deviation say nothing that a kernel could use. */
const SHARE = 1e-5;

/**
 * Principal components of every input function, in its own units of energy: their deviations keep their ratios, and
 * all of them together have variance 1.
 *
 * @param most coordinates for an input function
 */
export function inputCoordinates(rows: TrainingRows, most: number): InputCoordinates {
  const { x, count, inputs } = rows;
  const mean = new Float64Array(inputs);
  const ranks: number[] = [];
  const blocks: {
    first: number;
    width: number;
    directions: Float64Array;
    scale: number;
    values: Float64Array;
  }[] = [];
  let first = 0;
  for (const width of rows.groups) {
    const own = new Float64Array(count * width);
    for (let i = 0; i < count; i++) {
      own.set(x.subarray(i * inputs + first, i * inputs + first + width), i * width);
    }
    const components = principalComponents(own, count, width, SHARE);
    const rank = Math.min(components.rank, most);
    const deviations = components.deviations.subarray(0, rank);
    const scale = 1 / Math.hypot(...deviations);
    mean.set(components.mean, first);
    ranks.push(rank);
    blocks.push({
      first,
      width,
      directions: components.directions,
      scale,
      values: scores(components, own, count, rank),
    });
    first += width;
  }
  const rank = ranks.reduce((sum, own) => sum + own, 0);
  const projection = new Float64Array(inputs * rank);
  const values = new Float64Array(count * rank);
  let at = 0;
  blocks.forEach(({ first, width, directions, scale, values: own }, group) => {
    for (let k = 0; k < ranks[group]; k++, at++) {
      for (let j = 0; j < width; j++) projection[(first + j) * rank + at] = scale * directions[k * width + j];
      for (let i = 0; i < count; i++) values[i * rank + at] = scale * own[i * ranks[group] + k];
    }
  });
  return { mean, projection, ranks, rank, values };
}
