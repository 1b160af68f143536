/**
 * Coefficients of functions that are known at points of their own. Their mean and covariance are learnt along with
 * them: what few points leave open in one function is what all of them have in common (expectation and maximisation;
 * Rasmussen & Williams, Gaussian Processes for Machine Learning, 2006, chapters 2 and 5; Yao, Müller & Wang, J. Amer.
 * Statist. Assoc. 100, 2005, on sparse functional data).
 */
import { ProblemError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { randomGenerator } from '../../random/generator.ts';
import type { OperatorData } from '../data/operator-data.ts';
import type { HardPart } from '../evaluate/hard-part.ts';
import type { LeastSquares } from '../linear/feature-least-squares.ts';
import { product, transposed } from '../linear/matrix-product.ts';
import { principalParts } from '../linear/principal-parts.ts';
import type { FieldCoefficients } from './data-coefficients.ts';
import { FeatureBasis, type FeatureLayer, featureLayer, featureValues } from './feature-basis.ts';
import type { FitOptions } from './feature-fit.ts';

const counts = [64, 144, 200];
const ladder = [2, 4, 8, 16, 32, 64];
const rounds = 12;
/** Of the noise over the variance of the values. */
const noise = 1e-12;
/** So many points of a function determine its features by themselves. */
const ample = 2;
const searched = 40;

/** Features at the points of every function, (points, features) each. */
type Designs = readonly Float64Array[];

export function scatteredCoefficients(
  problem: Problem,
  { count, pointCount, points }: OperatorData,
  hard: HardPart,
  values: Float64Array,
  squares: LeastSquares,
  { field, seed, periodic, ended }: FitOptions,
): FieldCoefficients {
  const { of } = problem.fields.find(({ name }) => name === field)!;
  const d = problem.coordinates.length;
  const size = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length) || 1;
  const candidate = (scale: number): Candidate => {
    const layer = featureLayer(problem.coordinates, of, {
      count: counts[Math.min(of.length, counts.length) - 1],
      scales: of.map(() => scale),
      periodic: of.flatMap((i, k) => (periodic.includes(i) ? [k] : [])),
      seed,
    });
    return orthonormalFeatures(layer, hard, field, points, d, size);
  };
  const designs = ({ basis }: Candidate, functions: number): Designs =>
    Array.from({ length: functions }, (_, n) =>
      hard.applied(field, basis, points.subarray(n * pointCount * d, (n + 1) * pointCount * d)),
    );
  const rowOf = (n: number): Float64Array => values.subarray(n * pointCount, (n + 1) * pointCount);

  // Points left out of every function, to choose the frequencies by.
  const random = randomGenerator(seed);
  const out = Array.from({ length: pointCount }, () => random.uniform() < 0.2);
  const split = (wanted: boolean): number[] => out.flatMap((left, i) => (left === wanted ? [i] : []));
  const [kept, left] = [split(false), split(true)];
  if (left.length === 0 || kept.length === 0)
    throw new ProblemError(`${pointCount} points for each function are too few`, {
      path: 'data.points',
      hint: 'give 8 or more',
    });
  let best: { own: Candidate; heldOut: number } | undefined;
  for (const scale of ladder) {
    const own = candidate(scale);
    const functions = Math.min(count, searched);
    const all = designs(own, functions);
    const width = own.basis.size;
    const part = (n: number, rows: readonly number[]): { a: Float64Array; y: Float64Array } => ({
      a: rowsOf(all[n], rows, width),
      y: Float64Array.from(rows, (i) => rowOf(n)[i]),
    });
    let difference = 0;
    for (let n = 0; n < functions; n++) {
      const { a, y } = part(n, kept);
      const { mean } = posterior(a, y, own.prior, size, squares);
      const there = part(n, left);
      const found = product(there.a, mean, left.length, width, 1);
      there.y.forEach((value, i) => {
        difference += (value - found[i]) ** 2;
      });
    }
    const heldOut = Math.sqrt(difference / (functions * left.length)) / size;
    if (best === undefined || heldOut < best.heldOut) best = { own, heldOut };
    else if (heldOut > 10 * best.heldOut || ended()) break;
  }
  const { own, heldOut } = best!;
  const width = own.basis.size;
  const all = designs(own, count);
  let { prior } = own;
  let means: readonly Float64Array[] = [];
  const steps = pointCount >= ample * width ? 1 : rounds;
  for (let step = 0; step < steps && (step === 0 || !ended()); step++) {
    const found = all.map((a, n) => posterior(a, rowOf(n), prior, size, squares, step + 1 < steps));
    means = found.map(({ mean }) => mean);
    if (step + 1 < steps) prior = learnt(found, width);
  }
  const coefficients = new Float64Array(count * width);
  means.forEach((mean, n) => void coefficients.set(mean, n * width));
  return { basis: own.basis, coefficients, heldOut };
}

function rowsOf(matrix: Float64Array, rows: readonly number[], width: number): Float64Array {
  const own = new Float64Array(rows.length * width);
  rows.forEach((n, i) => void own.set(matrix.subarray(n * width, (n + 1) * width), i * width));
  return own;
}

/** Mean and covariance of the coefficients. */
interface Prior {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** Functions, and what is expected of their coefficients before any function is known. */
interface Candidate {
  readonly basis: FeatureBasis;
  readonly prior: Prior;
}

/** Points at which features are made orthonormal. */
const pooled = 1500;
/** What features have beyond this share of the largest is rounding. */
const dependence = 1e-8;

/**
 * Combinations of the features that are orthonormal over the points of all functions, without those that hardly are
 * there: features themselves depend on one another, and their coefficients would be huge and cancel. What is expected
 * is a stationary function, all features of one size.
 */
function orthonormalFeatures(
  layer: FeatureLayer,
  hard: HardPart,
  field: string,
  points: Float64Array,
  d: number,
  size: number,
): Candidate {
  const features = layer.count + 1;
  const total = points.length / d;
  const rows = Math.min(total, pooled);
  const chosen = new Float64Array(rows * d);
  for (let i = 0; i < rows; i++) {
    const n = Math.floor((i * total) / rows);
    chosen.set(points.subarray(n * d, (n + 1) * d), i * d);
  }
  const all = {
    size: features,
    values: (at: Float64Array, count: number, index?: readonly number[]) =>
      featureValues(layer, at, count, index),
  };
  const { rank, values, right } = principalParts(hard.applied(field, all, chosen), rows, features, {
    tolerance: dependence,
  });
  const root = Math.sqrt(rows);
  const matrix = right.map((value, k) => (value * root) / values[k % rank]);
  const covariance = new Float64Array(rank * rank);
  values.forEach((value, k) => {
    covariance[k * rank + k] = ((value * value) / rows) * ((2 * size * size) / features);
  });
  const prior = { mean: new Float64Array(rank), covariance };
  return { basis: new FeatureBasis(layer, matrix, rank), prior };
}

interface Posterior {
  readonly mean: Float64Array;
  readonly covariance: Float64Array | undefined;
}

/** Of the coefficients of one function, given its values y = A c. */
function posterior(
  a: Float64Array,
  y: Float64Array,
  { mean, covariance }: Prior,
  size: number,
  squares: LeastSquares,
  spread = false,
): Posterior {
  const rows = y.length;
  const width = mean.length;
  if (rows >= ample * width) return { mean: squares.solve(a, y, rows, width, 1), covariance: undefined };
  const across = product(a, covariance, rows, width, width);
  const gram = product(across, transposed(a, rows, width), rows, width, rows);
  for (let i = 0; i < rows; i++) gram[i * rows + i] += noise * size * size;
  const lower = choleskyFactor(gram, rows);
  const expected = product(a, mean, rows, width, 1);
  const gain = forward(lower, across, rows, width);
  const rest = forward(
    lower,
    y.map((value, i) => value - expected[i]),
    rows,
    1,
  );
  const back = transposed(gain, rows, width);
  const step = product(back, rest, width, rows, 1);
  const explained = spread ? product(back, gain, width, rows, width) : undefined;
  return {
    mean: mean.map((value, j) => value + step[j]),
    covariance: explained?.map((value, k) => covariance[k] - value),
  };
}

function learnt(found: readonly Posterior[], width: number): Prior {
  const count = found.length;
  const mean = new Float64Array(width);
  for (const one of found)
    one.mean.forEach((value, j) => {
      mean[j] += value / count;
    });
  const covariance = new Float64Array(width * width);
  for (const one of found)
    for (let i = 0; i < width; i++) {
      const own = one.mean[i] - mean[i];
      for (let j = 0; j < width; j++)
        covariance[i * width + j] +=
          (own * (one.mean[j] - mean[j]) + (one.covariance?.[i * width + j] ?? 0)) / count;
    }
  return { mean, covariance };
}

/** L of A = L·Lᵀ, (n, n) row-major; pivots that rounding has lost are set to what it leaves. */
function choleskyFactor(a: Float64Array, n: number): Float64Array {
  const l = a.slice();
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, a[i * n + i]);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = l[i * n + j];
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      l[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-15 * largest)) : sum / l[j * n + j];
    }
  }
  return l;
}

/** L⁻¹B with B (n, m). */
function forward(l: Float64Array, b: Float64Array, n: number, m: number): Float64Array {
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      const factor = l[i * n + k];
      for (let j = 0; j < m; j++) x[i * m + j] -= factor * x[k * m + j];
    }
    for (let j = 0; j < m; j++) x[i * m + j] /= l[i * n + i];
  }
  return x;
}
