/** Kernel ridge regression, its kernel and its metric chosen by leave-one-out errors. */
import type { LinearMemory } from '../../engine/f64/linear-memory.ts';
import { SolveError } from '../../errors.ts';
import { covarianceNames } from './covariance-function.ts';
import { gradientMetric, metricRoot } from './gradient-metric.ts';
import { type InputCoordinates, inputCoordinates } from './input-coordinates.ts';
import {
  type Geometry,
  geometryOf,
  type KernelChoice,
  type KernelOutcome,
  type KernelTask,
  productWeight,
  searchKernel,
  squaredLengths,
} from './kernel-search.ts';
import { kernelValues, matrixProduct, type StoredKernelRegression } from './kernel-values.ts';
import type { Pace } from './pace.ts';
import { meanRelativeError } from './relative-error.ts';
import { rowsAt, shuffled } from './row-choice.ts';
import type { TrainingRows } from './training-rows.ts';

export interface KernelFit {
  readonly stored: StoredKernelRegression;
  /** Mean relative error of functions that had no part in the search. */
  readonly validation: number;
}

/** For an input function. */
const MOST_COORDINATES = 64;
/** The metric is searched on this many functions, drawn from more. */
const SEARCHED = 400;
/** Most functions that are kept out of the search to say how good it is. */
const HELD = 200;
/** Powers of the gradient metric: between none (energy alone) and one (directions by what they change). */
const POWERS: readonly number[] = [0.2, 0.35, 0.5, 0.7, 1];
const ROUNDS = 3;
const START: KernelChoice = { covariance: 1, length: 3, ridge: -11, linear: 0 };

/** A metric and the kernel found for it. */
interface MetricOutcome {
  readonly root: Float64Array;
  /** Of the gradient metric. */
  readonly power: number;
  readonly geometry: Geometry;
  readonly z: Float64Array;
  readonly kernel: KernelOutcome;
}

/**
 * Distances are taken first in principal components in units of energy, then with weights and directions by the fit's
 * own gradients, as a recursive feature machine does it (see `gradient-metric.ts`), to a power that left-out errors
 * choose.
 *
 * @param product whether the kernel is a product of kernels of each input function
 * @throws SolveError where no kernel gives a positive definite matrix
 * @throws InterruptedError
 */
export async function fitKernel(
  memory: LinearMemory,
  rows: TrainingRows,
  norms: Float64Array,
  seed: number,
  product: boolean,
  pace: Pace,
): Promise<KernelFit> {
  const { y, count, outputs } = rows;
  const offset = new Float64Array(outputs);
  for (let i = 0; i < count; i++) for (let j = 0; j < outputs; j++) offset[j] += y[i * outputs + j] / count;
  const centered = y.map((value, k) => value - offset[k % outputs]);
  const coordinates = inputCoordinates(rows, MOST_COORDINATES);
  if (coordinates.rank === 0)
    throw new SolveError('training functions hardly differ at the sensors; draw functions that differ more');
  const ranks = product ? coordinates.ranks.filter((rank) => rank > 0) : [coordinates.rank];
  const tables = { z: coordinates.values, rank: coordinates.rank, y: centered, outputs, norms };
  const order = shuffled(count, seed);
  const held = order.slice(0, Math.min(Math.floor(count / 5), HELD));
  const rest = order.slice(held.length);
  const taskOf = (places: readonly number[]) => part(memory, tables, places, pace);
  const searched = taskOf(rest.slice(0, SEARCHED));
  let found = await searchMetric(searched, ranks, pace);
  if (found !== null && rest.length > SEARCHED) found = await refit(taskOf(rest), ranks, found, pace);
  if (found === null) throw inseparable();
  const last = await refit(taskOf(order), ranks, found, pace);
  if (last === null) throw inseparable();
  const honest = storedFit(coordinates, ranks, found, offset);
  return {
    stored: storedFit(coordinates, ranks, last, offset),
    validation: held.length < 2 ? last.kernel.validation : heldOutError(honest, rows, held, norms),
  };
}

const inseparable = (): SolveError =>
  new SolveError('no kernel separates the training functions; draw functions that differ more');

/** Mean relative error for rows that had no part in the fit or in its choice. */
function heldOutError(
  stored: StoredKernelRegression,
  rows: TrainingRows,
  held: readonly number[],
  norms: Float64Array,
): number {
  const found = kernelValues(stored, rowsAt(rows.x, held, rows.inputs), held.length);
  const right = rowsAt(rows.y, held, rows.outputs);
  return meanRelativeError(
    found.map((value, k) => value - right[k]),
    rowsAt(norms, held, 1),
    rows.outputs,
  );
}

/** Rows for which kernels are tried, with their coordinates. */
interface MetricTask extends KernelTask {
  /** (count, rank) */
  readonly values: Float64Array;
}

interface Tables {
  readonly z: Float64Array;
  readonly rank: number;
  readonly y: Float64Array;
  readonly outputs: number;
  readonly norms: Float64Array;
}

function part(memory: LinearMemory, tables: Tables, places: readonly number[], pace: Pace): MetricTask {
  return {
    memory,
    count: places.length,
    values: rowsAt(tables.z, places, tables.rank),
    y: rowsAt(tables.y, places, tables.outputs),
    norms: rowsAt(tables.norms, places, 1),
    proceed: () => pace.proceed(),
  };
}

/** A metric found for some rows, then once more by the gradients that more of them give. */
async function refit(
  task: MetricTask,
  ranks: readonly number[],
  found: MetricOutcome,
  pace: Pace,
): Promise<MetricOutcome | null> {
  const first = await withMetric(task, ranks, found.root, found.power, found.kernel.choice);
  if (first === null || first.power === 0 || !(await pace.proceed())) return first;
  const root = metricRoot(metricOf(first, ranks, task), ranks, first.power);
  const second = await withMetric(task, ranks, root, first.power, first.kernel.choice);
  return second !== null && second.kernel.validation < first.kernel.validation ? second : first;
}

async function searchMetric(
  task: MetricTask,
  ranks: readonly number[],
  pace: Pace,
): Promise<MetricOutcome | null> {
  const rank = task.values.length / task.count;
  const total = 1 + ROUNDS * 2;
  let best = await withMetric(task, ranks, identity(rank), 0, START);
  let place = 1;
  for (let round = 0; round < ROUNDS && best !== null; round++) {
    pace.report(1 + 2 * round, total);
    const before: MetricOutcome = best;
    const metric = metricOf(before, ranks, task);
    const attempt = async (power: number): Promise<boolean> => {
      const root = metricRoot(metric, ranks, POWERS[power]);
      const outcome = await withMetric(task, ranks, root, POWERS[power], before.kernel.choice);
      if (outcome === null || outcome.kernel.validation >= best!.kernel.validation) return false;
      best = outcome;
      place = power;
      return true;
    };
    await attempt(place);
    for (const step of [1, -1]) {
      let next = place + step;
      while (next >= 0 && next < POWERS.length && (await attempt(next))) next += step;
    }
    if (best.kernel.validation > 0.97 * before.kernel.validation) break;
  }
  pace.report(total, total);
  return best;
}

async function withMetric(
  task: MetricTask,
  ranks: readonly number[],
  root: Float64Array,
  power: number,
  start: KernelChoice,
): Promise<MetricOutcome | null> {
  const z = matrixProduct(task.values, root, task.count, task.values.length / task.count);
  const geometry = geometryOf(z, task.count, ranks);
  const kernel = await searchKernel(task, geometry, start);
  return kernel === null ? null : { root, power, geometry, z, kernel };
}

/** The gradient metric of a fit in the coordinates before its root. */
function metricOf(outcome: MetricOutcome, ranks: readonly number[], task: KernelTask): Float64Array {
  const rank = outcome.z.length / task.count;
  const coordinates: InputCoordinates = {
    mean: new Float64Array(rank),
    projection: identity(rank),
    ranks,
    rank,
    values: new Float64Array(0),
  };
  const fit = storedFit(coordinates, ranks, outcome, new Float64Array(task.y.length / task.count));
  const own = gradientMetric(fit, task.norms);
  const back = fit.projection;
  const transposed = Float64Array.from(back, (_, k) => back[(k % rank) * rank + Math.floor(k / rank)]);
  return matrixProduct(matrixProduct(back, own, rank, rank), transposed, rank, rank);
}

function storedFit(
  coordinates: InputCoordinates,
  ranks: readonly number[],
  { root, geometry, z, kernel }: MetricOutcome,
  offset: Float64Array,
): StoredKernelRegression {
  const { mean, projection, rank } = coordinates;
  const inputs = mean.length;
  const outputs = offset.length;
  const { choice, solution } = kernel;
  const lengths = squaredLengths(geometry, choice).flatMap((square, f) =>
    new Array(ranks[f]).fill(Math.sqrt(square)),
  );
  const scaled = (columns: Float64Array): Float64Array =>
    columns.map((value, k) => value / lengths[k % rank]);
  const weight = productWeight(geometry, choice);
  const slopes = new Float64Array(rank * outputs);
  if (weight > 0) {
    for (let k = 0; k < rank; k++) {
      for (let c = 0; c < z.length / rank; c++) {
        const value = weight * lengths[k] * z[c * rank + k];
        for (let j = 0; j < outputs; j++)
          slopes[k * outputs + j] += value * solution.weights[c * outputs + j];
      }
    }
  }
  return {
    kind: 'kernel',
    inputs,
    outputs,
    covariance: covarianceNames[choice.covariance],
    mean,
    projection: scaled(matrixProduct(projection, root, inputs, rank)),
    ranks,
    centers: scaled(z),
    weights: solution.weights,
    offset,
    slopes,
  };
}

function identity(size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let k = 0; k < size; k++) result[k * size + k] = 1;
  return result;
}
