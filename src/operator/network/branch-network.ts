/** A branch of perceptrons, as a regression: one for all sensors, or one for each input function, multiplied. */
import type { ActivationName } from '../../network/activation.ts';
import { perceptronValues } from './perceptron-values.ts';

export interface StoredBranchNetwork {
  readonly kind: 'branch-network';
  /** Columns of a row of sensors. */
  readonly inputs: number;
  readonly outputs: number;
  /** Subtracted from the sensors, and what they are divided by then, (inputs). */
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  /** Layers of each network; the networks share the sensors out in order and their outputs are multiplied. */
  readonly widths: readonly (readonly number[])[];
  /** Parameters of each. */
  readonly theta: readonly Float64Array[];
  readonly activation: ActivationName;
}

/** (count, outputs) from rows of sensors (count, inputs). */
export function branchNetworkValues(
  { inputs, mean, scale, widths, theta, activation }: StoredBranchNetwork,
  rows: Float64Array,
  count: number,
): Float64Array {
  let values: Float64Array | undefined;
  let first = 0;
  widths.forEach((own, k) => {
    const width = own[0];
    const columns = new Float64Array(count * width);
    for (let i = 0; i < count; i++)
      for (let j = 0; j < width; j++) {
        const s = first + j;
        columns[i * width + j] = (rows[i * inputs + s] - mean[s]) / scale[s];
      }
    first += width;
    const found = perceptronValues(own, theta[k], activation, columns, count);
    if (values === undefined) values = found;
    else for (let i = 0; i < values.length; i++) values[i] *= found[i];
  });
  return values!;
}

/** Mean of every sensor, and for every input function what its sensors deviate by, root mean square. */
export function sensorScaling(
  rows: Float64Array,
  count: number,
  groups: readonly number[],
): Pick<StoredBranchNetwork, 'mean' | 'scale'> {
  const inputs = groups.reduce((a, b) => a + b, 0);
  const mean = new Float64Array(inputs);
  for (let i = 0; i < rows.length; i++) mean[i % inputs] += rows[i] / count;
  const scale = new Float64Array(inputs);
  let first = 0;
  for (const width of groups) {
    let square = 0;
    for (let i = 0; i < count; i++)
      for (let s = first; s < first + width; s++) square += (rows[i * inputs + s] - mean[s]) ** 2;
    scale.fill(Math.sqrt(square / (count * width)) || 1, first, first + width);
    first += width;
  }
  return { mean, scale };
}

/**
 * The last layer of a perceptron with other outputs: old ones times a factor, and after them constants.
 *
 * @param outputs  for each a factor of an old one, or a constant
 */
export function withOutputs(
  widths: readonly number[],
  theta: Float64Array,
  outputs: readonly ({ readonly of: number; readonly factor: number } | { readonly constant: number })[],
): { readonly widths: readonly number[]; readonly theta: Float64Array } {
  const [from, to] = widths.slice(-2);
  const start = theta.length - (from + 1) * to;
  const width = outputs.length;
  const last = new Float64Array((from + 1) * width);
  outputs.forEach((output, j) => {
    if ('constant' in output) last[from * width + j] = output.constant;
    else
      for (let i = 0; i <= from; i++) last[i * width + j] = output.factor * theta[start + i * to + output.of];
  });
  const all = new Float64Array(start + last.length);
  all.set(theta.subarray(0, start));
  all.set(last, start);
  return { widths: [...widths.slice(0, -1), width], theta: all };
}
