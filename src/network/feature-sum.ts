/** Derivatives of Σ_j c_j sin(ω_j·x + φ_j) + c₀ in closed form: one sine and one cosine per feature and point. */
import { type MultiIndex, totalOrder } from '../jet/multi-index.ts';
import type { AffineLayer, EmbeddingLayer, Network } from './trial-solution.ts';

/** The layers of a network that is such a sum, undefined for any other. */
export function featureSumLayers(
  network: Network,
): { readonly features: EmbeddingLayer; readonly last: AffineLayer } | undefined {
  const [features, last] = network.layers;
  return network.layers.length === 2 &&
    features.kind === 'embedding' &&
    last.kind === 'affine' &&
    features.sine.every(Boolean)
    ? { features, last }
    : undefined;
}

/**
 * @param theta the parameters, the network's from `offset` on
 * @param points (rows, inputs), the network's own coordinates
 * @param indices in those coordinates
 * @returns (indices, rows, fields)
 */
export function evaluateFeatureSum(
  { features, last }: { readonly features: EmbeddingLayer; readonly last: AffineLayer },
  theta: Float64Array,
  offset: number,
  points: Float64Array,
  rows: number,
  indices: readonly MultiIndex[],
): Float64Array {
  const { inputs, outputs: count, matrix, bias } = features;
  const fields = last.outputs;
  const wavesOf = (odd: boolean): Float64Array => {
    const waves = new Float64Array(rows * count);
    for (let n = 0; n < rows; n++)
      for (let j = 0; j < count; j++) {
        let z = bias[j];
        for (let i = 0; i < inputs; i++) z += points[n * inputs + i] * matrix[i * count + j];
        waves[n * count + j] = odd ? Math.cos(z) : Math.sin(z);
      }
    return waves;
  };
  const even = indices.some((index) => totalOrder(index) % 2 === 0) ? wavesOf(false) : undefined;
  const odd = indices.some((index) => totalOrder(index) % 2 === 1) ? wavesOf(true) : undefined;
  const values = new Float64Array(indices.length * rows * fields);
  indices.forEach((index, which) => {
    const order = totalOrder(index);
    const waves = (order % 2 === 0 ? even : odd)!;
    // The derivatives of the sine are sin, cos, −sin, −cos.
    const sign = order % 4 < 2 ? 1 : -1;
    for (let field = 0; field < fields; field++) {
      const coefficients = Float64Array.from({ length: count }, (_, j) =>
        index.reduce(
          (product, k, i) => product * matrix[i * count + j] ** k,
          sign * theta[offset + j * fields + field],
        ),
      );
      const constant = order === 0 ? theta[offset + count * fields + field] : 0;
      for (let n = 0; n < rows; n++) {
        let sum = constant;
        for (let j = 0; j < count; j++) sum += coefficients[j] * waves[n * count + j];
        values[(which * rows + n) * fields + field] = sum;
      }
    }
  });
  return values;
}
