/** A fitted linear map and what branch networks add to it. */
import { matrixProduct } from './kernel-values.ts';
import { linearValues, type StoredLinearRegression } from './linear-regression.ts';
import { layerValues, type Widths } from './perceptron.ts';

export interface StoredNetworkRegression {
  readonly kind: 'network';
  readonly inputs: number;
  readonly outputs: number;
  readonly linear: StoredLinearRegression;
  /** (inputs) */
  readonly mean: Float64Array;
  /** From centred sensor values to coordinates, (inputs, rank). */
  readonly projection: Float64Array;
  /** Layers of each network, whose outputs are multiplied; they share the coordinates out in order. */
  readonly widths: readonly Widths[];
  /** Parameters of each network. */
  readonly theta: readonly Float64Array[];
  /** By which their product is multiplied. */
  readonly scale: number;
}

/** Some columns of a table, (count, width). */
export function columnsFrom(table: Float64Array, count: number, first: number, width: number): Float64Array {
  const all = table.length / count;
  const part = new Float64Array(count * width);
  for (let i = 0; i < count; i++)
    part.set(table.subarray(i * all + first, i * all + first + width), i * width);
  return part;
}

/** Values of a stored fit for rows, (count, outputs). */
export function networkValues(
  stored: StoredNetworkRegression,
  rows: Float64Array,
  count: number,
): Float64Array {
  const { inputs, linear, mean, projection, widths, theta, scale } = stored;
  const z = matrixProduct(
    rows.map((value, k) => value - mean[k % inputs]),
    projection,
    count,
    inputs,
  );
  const result = linearValues(linear, rows, count);
  let product: Float64Array | undefined;
  let first = 0;
  widths.forEach((own, n) => {
    const values = layerValues(own, theta[n], columnsFrom(z, count, first, own[0]), count).at(-1)!;
    product = product === undefined ? values : product.map((value, k) => value * values[k]);
    first += own[0];
  });
  for (let k = 0; k < result.length; k++) result[k] += scale * product![k];
  return result;
}
