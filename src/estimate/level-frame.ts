import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { LikelihoodFunction, LikelihoodValue, Quantity } from './likelihood-function.ts';

/** The parameters through which steps along a level are expressed. */
export interface LevelFrame {
  /** The parameter that follows from the others. */
  readonly pivot: number;
  readonly free: readonly number[];
  /** ∂pivot/∂free on the level. */
  readonly follow: Float64Array;
  readonly slope: number;
  /** Gradient and second derivatives by the free parameters. */
  readonly reducedScore: Float64Array;
  readonly reduced: Matrix;
}

/** Chooses the pivot by which the quantity moves most, each parameter measured by its information. */
export function frameAt(
  { low, high }: LikelihoodFunction,
  quantity: Quantity,
  x: Float64Array,
  { score, information }: LikelihoodValue,
): LevelFrame | undefined {
  const n = x.length;
  const slopes = quantity.gradient(x);
  const diagonal = Float64Array.from(x, (_, j) => information[j * n + j]);
  const largest = Math.max(...diagonal.map((d, j) => d * scaleOf(x[j]) ** 2));
  const inside = (j: number) => x[j] > low[j] && x[j] < high[j];
  let pivot = -1;
  let most = 0;
  for (let j = 0; j < n; j++) {
    const size = scaleOf(x[j]);
    const weight = Math.abs(slopes[j]) * Math.min(size, size / Math.sqrt(diagonal[j] * size * size + 1e-30));
    const measure = weight * (inside(j) ? 1 : 1e-12);
    if (measure > most) {
      most = measure;
      pivot = j;
    }
  }
  if (pivot < 0) return undefined;
  const slope = score[pivot] / slopes[pivot];
  const free: number[] = [];
  for (let j = 0; j < n; j++) {
    if (j === pivot) continue;
    const reduced = score[j] - slope * slopes[j];
    const blind = diagonal[j] * scaleOf(x[j]) ** 2 <= 1e-14 * largest && slopes[j] === 0;
    if (blind || (x[j] <= low[j] && reduced >= 0) || (x[j] >= high[j] && reduced <= 0)) continue;
    free.push(j);
  }
  const follow = Float64Array.from(free, (j) => -slopes[j] / slopes[pivot]);
  const h = (i: number, j: number) => information[i * n + j];
  const reduced = Matrix.zeros(free.length, free.length);
  free.forEach((i, a) => {
    free.forEach((j, b) => {
      const entry =
        h(i, j) + follow[a] * h(pivot, j) + follow[b] * h(i, pivot) + follow[a] * follow[b] * h(pivot, pivot);
      reduced.set(a, b, entry);
    });
  });
  const reducedScore = Float64Array.from(free, (j, k) => score[j] + follow[k] * score[pivot]);
  return { pivot, free, follow, slope, reducedScore, reduced };
}

export function dampedStep(frame: LevelFrame, damping: number): { free: Float64Array; decrease: number } {
  const free = solveDamped(frame.reduced, frame.reducedScore, damping);
  let linear = 0;
  let quadratic = 0;
  free.forEach((a, i) => {
    linear -= a * frame.reducedScore[i];
    free.forEach((b, j) => {
      quadratic += a * b * frame.reduced.get(i, j);
    });
  });
  return { free, decrease: linear - quadratic / 2 };
}

/** Solves (H + damping·diag H) s = −g. */
export function solveDamped(matrix: Matrix, gradient: Float64Array, damping: number): Float64Array {
  const n = gradient.length;
  if (n === 0) return new Float64Array(0);
  const lengths = Float64Array.from(gradient, (_, i) => Math.sqrt(Math.max(matrix.get(i, i), 1e-300)));
  for (let added = Math.max(damping, 1e-12); ; added *= 10) {
    const scaled = Matrix.zeros(n, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const entry = matrix.get(i, j) / (lengths[i] * lengths[j]);
        scaled.set(i, j, entry);
        scaled.set(j, i, entry);
      }
      scaled.set(i, i, 1 + added);
    }
    const factor = new CholeskyDecomposition(scaled);
    if (!factor.isPositiveDefinite() && added < 1e6) continue;
    const solution = factor.solve(Matrix.columnVector(Array.from(gradient, (g, i) => -g / lengths[i])));
    return Float64Array.from(gradient, (_, i) => solution.get(i, 0) / lengths[i]);
  }
}

/** What counts as a change of order one. */
export function scaleOf(x: number): number {
  return Math.abs(x) || 1;
}
