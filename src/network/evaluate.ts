import { ProblemError } from '../errors.ts';
import { type JetPlan, jetPlan } from '../jet/jet-plan.ts';
import { type MultiIndex, multiIndexKey } from '../jet/multi-index.ts';
import { chartedDerivatives } from './chart.ts';
import { evaluateFeatureSum, featureSumLayers } from './feature-sum.ts';
import { activationJets, affineJets, coordinateJets, embeddingJets, gateJets } from './jet-propagation.ts';
import { evaluateSeparable } from './separable.ts';
import { type Network, networkSize, type TrialSolution, trialSize } from './trial-solution.ts';
import { reachedPoints, windowed } from './window.ts';

/** Points propagated at a time, so that a layer's jets stay in cache. */
const tile = 128;

/**
 * The derivatives of every field at the given points, by jet propagation in float64 on the host.
 *
 * @param theta the networks' parameters, what follows them is not read
 * @param points (N, d) row-major, normalised coordinates
 * @param indices which derivatives, with respect to the normalised coordinates
 * @returns for every field one array (N) for each of `indices`, in that order; a derivative along a
 * coordinate that the field's network does not have is zero
 * @throws ProblemError if a length does not fit
 */
export function evaluateTrial(
  trial: TrialSolution,
  theta: Float64Array,
  points: Float64Array,
  indices: readonly MultiIndex[],
): Map<string, Float64Array[]> {
  const count = points.length / trial.dimension;
  if (!Number.isInteger(count)) {
    throw new ProblemError(`${points.length} numbers are no points in ${trial.dimension} coordinates`);
  }
  if (theta.length < trialSize(trial)) {
    throw new ProblemError(`there are ${theta.length} parameters; the networks have ${trialSize(trial)}`);
  }
  const result = new Map<string, Float64Array[]>();
  let offset = 0;
  for (const network of trial.networks) {
    const { fields, window, chart } = network;
    const start = offset;
    const own = (at: Float64Array, which: readonly MultiIndex[]): Float64Array[][] =>
      networkDerivatives(network, trial.dimension, theta, start, at, which);
    if (window === undefined) {
      const columns =
        chart === undefined
          ? own(points, indices)
          : chartedDerivatives(chart, fields, network.coordinates, points, indices, own);
      fields.forEach((field, i) => {
        const before = result.get(field);
        result.set(field, before === undefined ? columns[i] : summed(before, columns[i]));
      });
    } else {
      const sums = fields.map((field) => {
        const sum = result.get(field) ?? indices.map(() => new Float64Array(count));
        result.set(field, sum);
        return sum;
      });
      const reached = reachedPoints(window, points, trial.dimension);
      const part = rowsOf(points, reached, trial.dimension);
      let columns: Float64Array[][] | undefined;
      fields.forEach((_, i) => {
        const values = windowed(window, part, trial.dimension, indices, (closed) => {
          columns ??= own(part, closed);
          return columns[i];
        });
        values.forEach((column, which) => {
          reached.forEach((n, k) => {
            sums[i][which][n] += column[k];
          });
        });
      });
    }
    offset += networkSize(network);
  }
  return result;
}

function summed(a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array[] {
  return a.map((column, which) => column.map((value, n) => value + b[which][n]));
}

function rowsOf(points: Float64Array, rows: readonly number[], width: number): Float64Array {
  const own = new Float64Array(rows.length * width);
  rows.forEach((n, i) => {
    own.set(points.subarray(n * width, (n + 1) * width), i * width);
  });
  return own;
}

/** For every field of one network a column (N) for each of `indices`, without its window. */
function networkDerivatives(
  network: Network,
  dimension: number,
  theta: Float64Array,
  offset: number,
  points: Float64Array,
  indices: readonly MultiIndex[],
): Float64Array[][] {
  const count = points.length / dimension;
  const local = localIndices(network, indices);
  const wanted = local.filter((index) => index !== null);
  const sum = featureSumLayers(network);
  const { separable } = network;
  const plan =
    sum === undefined && separable === undefined ? jetPlan(network.coordinates.length, wanted) : undefined;
  const component = local.map((index) => {
    if (index === null) return null;
    return plan === undefined ? wanted.indexOf(index) : componentOf(plan, index);
  });
  const width = network.fields.length;
  const columns = network.fields.map(() => indices.map(() => new Float64Array(count)));
  // Sums of products are the cheaper the more points they are asked for at once.
  const most = separable === undefined ? tile : count;
  for (let start = 0; start < count; start += most) {
    const rows = Math.min(most, count - start);
    const inputs = networkPoints(network, dimension, points, start, rows);
    const jets =
      plan !== undefined
        ? networkJets(network, plan, theta, offset, inputs, rows)
        : separable !== undefined
          ? evaluateSeparable(separable, theta, offset, inputs, rows, wanted)
          : evaluateFeatureSum(sum!, theta, offset, inputs, rows, wanted);
    component.forEach((from, which) => {
      if (from === null) return;
      for (let field = 0; field < width; field++) {
        const target = columns[field][which];
        for (let n = 0; n < rows; n++) target[start + n] = jets[(from * rows + n) * width + field];
      }
    });
  }
  return columns;
}

/**
 * Each multi-index of the problem in the coordinates of the network; null where it derives along a
 * coordinate that the network does not have.
 */
export function localIndices(network: Network, indices: readonly MultiIndex[]): (MultiIndex | null)[] {
  return indices.map((index) =>
    index.every((k, i) => k === 0 || network.coordinates.includes(i))
      ? network.coordinates.map((i) => index[i])
      : null,
  );
}

/** The position of a multi-index among the components of a plan. */
export function componentOf(plan: JetPlan, index: MultiIndex): number {
  const key = multiIndexKey(index);
  return plan.indices.findIndex((other) => multiIndexKey(other) === key);
}

/** The network's own coordinates of points start … start + rows − 1: (rows, inputs). */
export function networkPoints(
  network: Network,
  dimension: number,
  points: Float64Array,
  start: number,
  rows: number,
): Float64Array {
  const width = network.coordinates.length;
  const own = new Float64Array(rows * width);
  for (let n = 0; n < rows; n++) {
    network.coordinates.forEach((coordinate, i) => {
      own[n * width + i] = points[(start + n) * dimension + coordinate];
    });
  }
  return own;
}

/**
 * The jets that enter the first trained layer, (K, rows, width): those of the coordinates, or of the
 * embeddings in front. They do not depend on θ.
 */
export function inputJets(network: Network, plan: JetPlan, points: Float64Array, rows: number): Float64Array {
  let jets = coordinateJets(plan, points, rows);
  for (const layer of network.layers) {
    if (layer.kind !== 'embedding') break;
    jets = embeddingJets(plan, layer, jets, rows);
  }
  return jets;
}

function networkJets(
  network: Network,
  plan: JetPlan,
  theta: Float64Array,
  offset: number,
  points: Float64Array,
  rows: number,
): Float64Array {
  let jets = coordinateJets(plan, points, rows);
  let position = offset;
  let encodings: Float64Array | undefined;
  for (const layer of network.layers) {
    if (layer.kind === 'embedding') jets = embeddingJets(plan, layer, jets, rows);
    else if (layer.kind === 'activation') {
      jets = activationJets(plan, layer.activation, jets, jets.length / plan.indices.length);
      encodings ??= jets;
    } else if (layer.kind === 'gate') jets = gateJets(plan, layer.width, encodings!, jets, rows);
    else {
      jets = affineJets(plan, layer, jets, rows, theta, position);
      position += (layer.inputs + 1) * layer.outputs;
    }
  }
  return jets;
}
