/** Functions of one coordinate, orthonormal on [−1, 1], made of fixed sine features. */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { gaussLegendre } from '../../expression/gauss-legendre.ts';
import { randomFeatures } from '../../network/index.ts';

/** f_j(ξ) = Σ_k mix_kj sin(ω_k ξ + φ_k). */
export interface AxisBasis {
  /** Number of functions. */
  readonly count: number;
  /** ω, (features). */
  readonly frequencies: Float64Array;
  /** φ, (features). */
  readonly phases: Float64Array;
  /** (features, count), row-major. */
  readonly mix: Float64Array;
}

/** Combinations of features below this share of the largest singular value are rounding amplified. */
const tolerance = 1e-7;

/**
 * So high a frequency, per normalised coordinate, that so many functions are what is left of the features at the
 * tolerance: the singular values of band-limited functions fall off as (e·s/4n)^n beyond n = 2s/π (Slepian, SIAM
 * Review 25, 1983).
 */
function highestFrequency(count: number): number {
  return ((4 * count) / Math.E) * tolerance ** (1 / count);
}

/** Random sine features on [−1, 1], of which singular vectors are taken: the smoothest combinations first. */
export function axisBasis(count: number, seed: number): AxisBasis {
  const features = 2 * count + 16;
  const { matrix: frequencies, bias: phases } = randomFeatures({
    count: features,
    scales: [highestFrequency(count)],
    seed,
  });
  const { nodes, weights } = gaussLegendre(2 * count + 24);
  const samples = new Matrix(nodes.length, features);
  nodes.forEach((x, q) => {
    for (let k = 0; k < features; k++)
      samples.set(q, k, Math.sqrt(weights[q]) * Math.sin(frequencies[k] * x + phases[k]));
  });
  const { diagonal, rightSingularVectors } = new SingularValueDecomposition(samples, {
    autoTranspose: true,
    computeLeftSingularVectors: false,
  });
  const order = diagonal
    .map((value, j) => ({ value, j }))
    .sort((a, b) => b.value - a.value)
    .filter(({ value }, _, [first]) => value > 0.1 * tolerance * first.value)
    .slice(0, count);
  const mix = new Float64Array(features * order.length);
  order.forEach(({ value, j }, to) => {
    for (let k = 0; k < features; k++) mix[k * order.length + to] = rightSingularVectors.get(k, j) / value;
  });
  return { count: order.length, frequencies, phases, mix };
}

/** Sines and cosines of period 2: an odd number of functions, `count` at least. */
export function periodicAxisBasis(count: number): AxisBasis {
  const harmonics = Math.max(1, Math.ceil((count - 1) / 2));
  const size = 2 * harmonics + 1;
  const mix = new Float64Array(size * size);
  for (let j = 0; j < size; j++) mix[j * size + j] = j === 0 ? Math.SQRT1_2 : 1;
  return {
    count: size,
    frequencies: Float64Array.from({ length: size }, (_, j) => Math.PI * Math.ceil(j / 2)),
    phases: Float64Array.from({ length: size }, (_, j) => (j % 2 === 0 ? Math.PI / 2 : 0)),
    mix,
  };
}

/** The derivative of the given order of every function at normalised points, (points, count). */
export function axisValues(
  { count, frequencies, phases, mix }: AxisBasis,
  points: ArrayLike<number>,
  order = 0,
): Float64Array {
  const values = new Float64Array(points.length * count);
  const scale = frequencies.map((frequency) => frequency ** order);
  for (let n = 0; n < points.length; n++) {
    const row = n * count;
    for (let k = 0; k < frequencies.length; k++) {
      const wave = scale[k] * Math.sin(frequencies[k] * points[n] + phases[k] + (order % 4) * (Math.PI / 2));
      if (wave === 0) continue;
      for (let j = 0, at = k * count; j < count; j++) values[row + j] += wave * mix[at + j];
    }
  }
  return values;
}

/** Coefficients of the combination nearest to a function in L², by its values: (functions). */
export function axisProjection(axis: AxisBasis, given: (x: number) => number): Float64Array {
  const { nodes, weights } = gaussLegendre(2 * axis.count + 24);
  const values = axisValues(axis, nodes);
  const result = new Float64Array(axis.count);
  nodes.forEach((x, q) => {
    for (let j = 0; j < axis.count; j++) result[j] += weights[q] * given(x) * values[q * axis.count + j];
  });
  return result;
}
