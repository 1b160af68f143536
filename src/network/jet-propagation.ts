/**
 * Jets through the layers of a network on the host, in float64, written plainly. A block of jets is one
 * array (K, rows, width): component after component, each row-major.
 */
import type { JetPlan } from '../jet/jet-plan.ts';
import { totalOrder } from '../jet/multi-index.ts';
import { productTerms } from '../jet/product-terms.ts';
import { activationDerivatives } from './activation/evaluate.ts';
import { activationNamed } from './activation/index.ts';
import type { ActivationName } from './activation.ts';
import type { AffineLayer, EmbeddingLayer } from './trial-solution.ts';

/** The jets of the coordinates themselves at points (rows, d): x, ∂_i x_j = δ_ij, and zeros. */
export function coordinateJets(plan: JetPlan, points: Float64Array, rows: number): Float64Array {
  const width = plan.dimension;
  const jets = new Float64Array(plan.indices.length * rows * width);
  jets.set(points);
  plan.indices.forEach((index, component) => {
    if (totalOrder(index) !== 1) return;
    const axis = index.indexOf(1);
    for (let n = 0; n < rows; n++) jets[(component * rows + n) * width + axis] = 1;
  });
  return jets;
}

/** z = x·W + b, the bias on the values alone; W and b stand in `parameters` from `offset` on. */
export function affineJets(
  plan: JetPlan,
  { inputs, outputs }: Pick<AffineLayer, 'inputs' | 'outputs'>,
  x: Float64Array,
  rows: number,
  parameters: Float64Array,
  offset: number,
): Float64Array {
  const total = plan.indices.length * rows;
  const z = new Float64Array(total * outputs);
  for (let r = 0; r < total; r++) {
    for (let i = 0; i < inputs; i++) {
      const value = x[r * inputs + i];
      if (value === 0) continue;
      const w = offset + i * outputs;
      for (let j = 0; j < outputs; j++) z[r * outputs + j] += value * parameters[w + j];
    }
  }
  const bias = offset + inputs * outputs;
  for (let r = 0; r < rows; r++) for (let j = 0; j < outputs; j++) z[r * outputs + j] += parameters[bias + j];
  return z;
}

/** σ(z) by the jet plan's table; z has length K·size with size = rows·width. */
export function activationJets(
  plan: JetPlan,
  name: ActivationName,
  z: Float64Array,
  size: number,
): Float64Array {
  const derivatives = activationDerivatives(
    activationNamed(name).derivatives(plan.order),
    z.subarray(0, size),
  );
  const y = new Float64Array(z.length);
  plan.terms.forEach((terms, component) => {
    const target = component * size;
    for (const { derivative, coefficient, factors } of terms) {
      const sigma = derivatives[derivative];
      for (let i = 0; i < size; i++) {
        let product = coefficient * sigma[i];
        for (const factor of factors) product *= z[factor * size + i];
        y[target + i] += product;
      }
    }
  });
  return y;
}

/** An embedding: the fixed affine map, then the sine on its columns marked so. */
export function embeddingJets(
  plan: JetPlan,
  layer: EmbeddingLayer,
  x: Float64Array,
  rows: number,
): Float64Array {
  const { outputs, matrix, bias, sine } = layer;
  const parameters = new Float64Array(matrix.length + bias.length);
  parameters.set(matrix);
  parameters.set(bias, matrix.length);
  const z = affineJets(plan, layer, x, rows, parameters, 0);
  const y = activationJets(plan, 'sine', z, rows * outputs);
  for (let r = 0; r < plan.indices.length * rows; r++)
    for (let j = 0; j < outputs; j++) if (!sine[j]) y[r * outputs + j] = z[r * outputs + j];
  return y;
}

/**
 * (1 − z)∘U + z∘V with U, V the first and second third of `source`, (K, rows, 3·width).
 *
 * @param z (K, rows, width), or `source` itself where its last third is meant
 */
export function gateJets(
  plan: JetPlan,
  width: number,
  source: Float64Array,
  z: Float64Array,
  rows: number,
): Float64Array {
  const stride = z === source ? 3 * width : width;
  const first = z === source ? 2 * width : 0;
  const h = new Float64Array(plan.indices.length * rows * width);
  productTerms(plan.indices).forEach((terms, component) => {
    for (let n = 0; n < rows; n++) {
      const [own, target] = [3 * width * (component * rows + n), width * (component * rows + n)];
      for (let j = 0; j < width; j++) h[target + j] = source[own + j];
      for (const { coefficient, left, right } of terms) {
        const from = stride * (left * rows + n) + first;
        const u = 3 * width * (right * rows + n);
        for (let j = 0; j < width; j++)
          h[target + j] += coefficient * z[from + j] * (source[u + width + j] - source[u + j]);
      }
    }
  });
  return h;
}
