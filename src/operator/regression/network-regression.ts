/** A branch network trained on what a linear map leaves. */
import { createOptimizer } from '../../optimizer/index.ts';
import type { Objective } from '../../optimizer/optimizer.ts';
import { randomGenerator, streamSeed } from '../../random/generator.ts';
import { inputCoordinates } from './input-coordinates.ts';
import type { LinearFit } from './linear-regression.ts';
import { linearValues } from './linear-regression.ts';
import { columnsFrom, networkValues, type StoredNetworkRegression } from './network-values.ts';
import type { Pace } from './pace.ts';
import { addGradient, initialParameters, layerValues, type Widths } from './perceptron.ts';
import { meanRelativeError } from './relative-error.ts';
import { rowsAt, shuffled } from './row-choice.ts';
import type { TrainingRows } from './training-rows.ts';

export interface NetworkFit {
  readonly stored: StoredNetworkRegression;
  /** Mean relative error of functions that were not trained on. */
  readonly validation: number;
}

/** Coordinates of an input function that a network sees. */
const MOST_INPUTS = 32;
const HIDDEN = [32, 32];
/** Up to so many parameters the inverse Hessian is kept as a matrix. */
const DENSE = 0;
const STEPS = 1500;
/** Steps between looks at the functions kept out. */
const LOOK = 20;
/** Looks without a better one, after which it ends. */
const PATIENCE = 8;

/** Rows that the networks are trained on: inputs of each, targets, weights of rows. */
interface Batch {
  readonly count: number;
  readonly inputs: readonly Float64Array[];
  readonly targets: Float64Array;
  readonly norms: Float64Array;
}

/**
 * Relative errors in the mean square are minimised by a quasi-Newton method in float64; the parameters kept are those
 * that were best for a fifth of the functions, which are not trained on.
 *
 * @param product whether every input function has a network of its own and their outputs are multiplied (MIONet: Jin, Meng
 * & Lu, SIAM J. Sci. Comput. 44 (2022), A3490)
 * @throws InterruptedError
 */
export async function fitNetwork(
  rows: TrainingRows,
  norms: Float64Array,
  linear: LinearFit,
  seed: number,
  product: boolean,
  pace: Pace,
): Promise<NetworkFit> {
  const { x, y, count, inputs, outputs } = rows;
  const all = inputCoordinates(rows, MOST_INPUTS);
  const ranks = product ? all.ranks.filter((rank) => rank > 0) : [all.rank];
  const widths: Widths[] = ranks.map((rank) => [rank, ...HIDDEN, outputs]);
  const explained = linearValues(linear.stored, x, count);
  const left = y.map((value, k) => value - explained[k]);
  const scale = Math.sqrt(left.reduce((sum, value) => sum + value * value, 0) / left.length) || 1;
  const order = shuffled(count, seed);
  const held = order.slice(0, Math.max(1, Math.floor(count / 5)));
  const batchOf = (places: readonly number[]): Batch => {
    const z = rowsAt(all.values, places, all.rank);
    let first = 0;
    return {
      count: places.length,
      inputs: ranks.map((rank) => {
        first += rank;
        return columnsFrom(z, places.length, first - rank, rank);
      }),
      targets: rowsAt(left, places, outputs).map((value) => value / scale),
      norms: rowsAt(norms, places, 1).map((norm) => norm / scale),
    };
  };
  const [trained, watched] = [batchOf(order.slice(held.length)), batchOf(held)];
  // A factor of a product starts from one, or else no factor would feel a gradient.
  const start = join(
    widths.map((own, n) =>
      initialParameters(own, randomGenerator(streamSeed(seed, n)), product && n > 0 ? 1 : 0),
    ),
  );
  const optimizer = createOptimizer(
    start.length <= DENSE ? 'broyden' : 'lbfgs',
    objectiveOf(widths, trained),
    start,
  );
  let best = { theta: start, validation: errorOf(widths, start, watched) };
  for (let step = 0, since = 0; step < STEPS && since < PATIENCE && (await pace.proceed()); step++) {
    const { finished } = await optimizer.step();
    if ((step + 1) % LOOK === 0 || finished !== undefined) {
      pace.report(step + 1, STEPS);
      const validation = errorOf(widths, optimizer.theta, watched);
      since = validation < 0.999 * best.validation ? 0 : since + 1;
      if (validation < best.validation) best = { theta: optimizer.theta.slice(), validation };
    }
    if (finished !== undefined) break;
  }
  pace.report(STEPS, STEPS);
  const stored: StoredNetworkRegression = {
    kind: 'network',
    inputs,
    outputs,
    linear: linear.stored,
    mean: all.mean,
    projection: all.projection,
    widths,
    theta: split(widths, best.theta),
    scale,
  };
  return { stored, validation: heldOut(stored, rows, held, norms) };
}

function heldOut(
  stored: StoredNetworkRegression,
  rows: TrainingRows,
  held: readonly number[],
  norms: Float64Array,
): number {
  const found = networkValues(stored, rowsAt(rows.x, held, rows.inputs), held.length);
  const right = rowsAt(rows.y, held, rows.outputs);
  return meanRelativeError(
    found.map((value, k) => value - right[k]),
    rowsAt(norms, held, 1),
    rows.outputs,
  );
}

function join(parts: readonly Float64Array[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => [...part]));
}

function split(widths: readonly Widths[], theta: Float64Array): Float64Array[] {
  let end = 0;
  return widths.map((own) => {
    const first = end;
    for (let l = 1; l < own.length; l++) end += (own[l - 1] + 1) * own[l];
    return theta.slice(first, end);
  });
}

/** Values of every layer of every network, and the product of their outputs. */
function forward(widths: readonly Widths[], theta: readonly Float64Array[], batch: Batch) {
  const layers = widths.map((own, n) => layerValues(own, theta[n], batch.inputs[n], batch.count));
  const outputs = layers.map((own) => own.at(-1)!);
  const product =
    outputs.length === 1 ? outputs[0] : outputs[0].map((_, k) => outputs.reduce((p, own) => p * own[k], 1));
  return { layers, outputs, product };
}

function residualsOf(product: Float64Array, batch: Batch): Float64Array {
  return product.map((value, k) => value - batch.targets[k]);
}

function errorOf(widths: readonly Widths[], theta: Float64Array, batch: Batch): number {
  const { product } = forward(widths, split(widths, theta), batch);
  return meanRelativeError(residualsOf(product, batch), batch.norms, batch.targets.length / batch.count);
}

/** The mean over rows of the squared relative error. */
function objectiveOf(widths: readonly Widths[], batch: Batch): Objective {
  const outputs = batch.targets.length / batch.count;
  const lossAndGradient = async (theta: Float64Array) => {
    const parts = split(widths, theta);
    const { layers, outputs: factors, product } = forward(widths, parts, batch);
    const residuals = residualsOf(product, batch);
    let loss = 0;
    const slopes = residuals.map((value, k) => {
      const share = value / (batch.norms[Math.floor(k / outputs)] ** 2 * batch.count);
      loss += value * share;
      return 2 * share;
    });
    const gradients = widths.map((own, n) => {
      const gradient = new Float64Array(parts[n].length);
      const chained = slopes.map((slope, k) =>
        factors.reduce((p, factor, m) => (m === n ? p : p * factor[k]), slope),
      );
      addGradient(own, parts[n], layers[n], chained, gradient);
      return gradient;
    });
    return { loss, gradient: join(gradients) };
  };
  return { lossAndGradient, loss: async (theta) => ({ loss: errorSquare(widths, theta, batch) }) };
}

function errorSquare(widths: readonly Widths[], theta: Float64Array, batch: Batch): number {
  const { product } = forward(widths, split(widths, theta), batch);
  const outputs = product.length / batch.count;
  return residualsOf(product, batch).reduce((sum, value, k) => {
    return sum + value ** 2 / (batch.norms[Math.floor(k / outputs)] ** 2 * batch.count);
  }, 0);
}
