/** Which covariance, length scale and ridge foretell left-out rows best, at given distances. */
import type { LinearMemory } from '../../engine/f64/linear-memory.ts';
import { covarianceFunctions, covarianceNames } from './covariance-function.ts';
import { type KernelSolution, solveKernelSystem } from './kernel-system.ts';
import { meanRelativeError } from './relative-error.ts';

/** Places on the grids below. */
export interface KernelChoice {
  /** In `covarianceNames`. */
  readonly covariance: number;
  /** The squared length scale is 2^length times the mean squared distance. */
  readonly length: number;
  /** Ridge of 10^ridge for each row. */
  readonly ridge: number;
  /** Weight of the linear kernel beside the covariance: none, or 10^(linear − 1). */
  readonly linear: number;
}

export interface KernelOutcome {
  readonly choice: KernelChoice;
  readonly validation: number;
  readonly solution: KernelSolution;
}

/** Rows for which kernels are tried. */
export interface KernelTask {
  readonly memory: LinearMemory;
  readonly count: number;
  /** (count, outputs), centred. */
  readonly y: Float64Array;
  /** Norms of the rows of y before they were centred. */
  readonly norms: Float64Array;
  /** Called before every kernel: false ends the search, an exception interrupts it. */
  proceed(): Promise<boolean>;
}

/** Squared distances for each factor of the kernel and scalar products, (count, count) each, lower triangles. */
export interface Geometry {
  readonly squares: readonly Float64Array[];
  /** Mean squared distance for each factor. */
  readonly means: readonly number[];
  readonly products: Float64Array;
}

export function geometryOf(z: Float64Array, count: number, ranks: readonly number[]): Geometry {
  const rank = z.length / count;
  const products = new Float64Array(count * count);
  const squares = ranks.map(() => new Float64Array(count * count));
  const means = ranks.map(() => 0);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      let product = 0;
      let k = 0;
      for (let f = 0; f < ranks.length; f++) {
        let square = 0;
        for (const end = k + ranks[f]; k < end; k++) {
          const a = z[i * rank + k];
          const b = z[j * rank + k];
          product += a * b;
          square += (a - b) * (a - b);
        }
        squares[f][i * count + j] = square;
        means[f] += (2 * square) / count ** 2;
      }
      products[i * count + j] = product;
    }
  }
  return { squares, means, products };
}

const linearWeight = (place: number): number => (place === 0 ? 0 : 10 ** (place - 1));

/** Squared length scales of the factors. */
export function squaredLengths(geometry: Geometry, choice: KernelChoice): number[] {
  return geometry.means.map((mean) => (mean || 1) * 2 ** choice.length);
}

/** Weight of the scalar product of coordinates that are not yet divided by the length scale. */
export function productWeight(geometry: Geometry, choice: KernelChoice): number {
  const total = geometry.means.reduce((sum, mean) => sum + mean, 0);
  return (2 * linearWeight(choice.linear)) / (total || 1);
}

/** The kernel's lower triangle. */
function kernelMatrix(geometry: Geometry, choice: KernelChoice, count: number): Float64Array {
  const { value } = covarianceFunctions[covarianceNames[choice.covariance]];
  const weight = productWeight(geometry, choice);
  const matrix = new Float64Array(count * count);
  squaredLengths(geometry, choice).forEach((length, f) => {
    const squares = geometry.squares[f];
    for (let i = 0; i < count; i++) {
      for (let k = i * count, end = k + i; k <= end; k++) {
        const own = value(squares[k] / length);
        matrix[k] = f === 0 ? own : matrix[k] * own;
      }
    }
  });
  if (weight > 0) for (let k = 0; k < matrix.length; k++) matrix[k] += weight * geometry.products[k];
  return matrix;
}

export function tryKernel(task: KernelTask, geometry: Geometry, choice: KernelChoice): KernelOutcome | null {
  const { memory, count, y, norms } = task;
  const matrix = kernelMatrix(geometry, choice, count);
  const solution = solveKernelSystem(memory, matrix, 10 ** choice.ridge * count, y, count);
  if (solution === null) return null;
  const validation = meanRelativeError(solution.residuals, norms, y.length / count);
  return Number.isFinite(validation) ? { choice, validation, solution } : null;
}

const STEPS: readonly Partial<Record<keyof KernelChoice, number>>[] = [
  { length: 2 },
  { length: -2 },
  { ridge: -2 },
  { ridge: 2 },
  { covariance: 1 },
  { covariance: -1 },
  { linear: 2 },
  { linear: -2 },
  { length: 1 },
  { length: -1 },
];
const BOUNDS: Readonly<Record<keyof KernelChoice, readonly [number, number]>> = {
  covariance: [0, covarianceNames.length - 1],
  length: [-6, 12],
  ridge: [-13, -1],
  linear: [0, 4],
};
/** An error that falls by less is no improvement. */
const GAIN = 0.995;

/** Goes from a choice to its neighbors as long as the error of left-out rows falls. */
export async function searchKernel(
  task: KernelTask,
  geometry: Geometry,
  start: KernelChoice,
): Promise<KernelOutcome | null> {
  const tried = new Set<string>();
  let best: KernelOutcome | null = null;
  const attempt = (choice: KernelChoice): boolean => {
    const key = JSON.stringify(choice);
    if (tried.has(key)) return false;
    tried.add(key);
    const outcome = tryKernel(task, geometry, choice);
    if (outcome === null || (best !== null && outcome.validation > GAIN * best.validation)) return false;
    best = outcome;
    return true;
  };
  for (let choice = start; ; choice = { ...choice, ridge: choice.ridge + 2 }) {
    // A matrix that is not positive definite needs more of a ridge.
    const time = await task.proceed();
    if (attempt(choice) || !time || choice.ridge >= BOUNDS.ridge[1]) break;
  }
  for (let moved = best !== null; moved; ) {
    moved = false;
    for (const step of STEPS) {
      for (let again = true; again; ) {
        if (!(await task.proceed())) return best;
        const next = neighbor(best!, step);
        again = next !== null && attempt(next);
        moved ||= again;
      }
    }
  }
  return best;
}

function neighbor(
  { choice }: KernelOutcome,
  step: Partial<Record<keyof KernelChoice, number>>,
): KernelChoice | null {
  const next = { ...choice };
  for (const key of Object.keys(step) as (keyof KernelChoice)[]) {
    next[key] += step[key]!;
    if (next[key] < BOUNDS[key][0] || next[key] > BOUNDS[key][1]) return null;
  }
  return next;
}
