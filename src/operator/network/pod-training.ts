/** POD-DeepONet: the trunk from the principal parts of the solutions, the branch a network. */
import type { LoadedBackend } from '../../engine/tfjs/backend.ts';
import type { Tensor } from '../../engine/tfjs/tensor-arithmetic.ts';
import type { Problem } from '../../problem/problem.ts';
import { CoefficientModel, sensorRows } from '../coefficient-model.ts';
import { regressionOf } from '../regression/regression.ts';
import { compressed } from '../training/compression.ts';
import { dataCoefficients } from '../training/data-coefficients.ts';
import type { ResolvedTraining } from '../training/resolve-training.ts';
import type { TrainingHooks } from '../training/training-hooks.ts';
import { adamTraining } from './adam-training.ts';
import { type StoredBranchNetwork, sensorScaling, withOutputs } from './branch-network.ts';
import {
  branchTensor,
  type DeepOperatorShape,
  deepOperatorParts,
  deepOperatorShapes,
  initialDeepOperator,
} from './deep-operator-network.ts';
import type { TrainedNetwork } from './deep-operator-training.ts';
import { Batches, gathered } from './function-batches.ts';
import { relativeErrorOf, type SplitData } from './network-data.ts';
import type { NetworkOptions } from './network-options.ts';
import { TensorLayers } from './tensor-layers.ts';
import { TensorObjective } from './tensor-objective.ts';

/** Parts with less of the solutions' squares than this are left to none. */
const leastShare = 1e-8;
const squareFloor = 0.05;

/**
 * Lu et al., A comprehensive and fair comparison of two neural operators, Comput. Methods Appl. Mech. Eng. 393 (2022):
 * coefficients in functions that are orthonormal in L2 of the domain, so that the mean square of their errors is that
 * of the solutions.
 */
export async function trainPodNetwork(
  problem: Problem,
  settings: ResolvedTraining,
  options: NetworkOptions,
  { train, held }: SplitData,
  loaded: LoadedBackend,
  hooks: TrainingHooks,
): Promise<TrainedNetwork> {
  const { seed, timeLimit } = settings;
  const { count } = train.data;
  hooks.show({ phase: 'trunk', done: 0, total: 1 });
  const set = compressed(
    await dataCoefficients(problem, train.data, {
      seed,
      signal: hooks.signal,
      timeLimit: Math.max(1, timeLimit - hooks.seconds()) / 3,
    }),
    problem,
  );
  const fields = problem.fields.map(({ name: field }) => {
    const { size } = set.bases[field];
    const values = set.coefficients[field];
    const squares = new Float64Array(size);
    values.forEach((c, k) => {
      squares[k % size] += (c * c) / count;
    });
    const total = squares.reduce((sum, square) => sum + square, 0);
    const kept = [...squares.keys()].filter((k) => squares[k] > leastShare * total);
    const scale = Math.sqrt(total) || 1;
    const deviations = kept.map((k) => Math.sqrt(squares[k]) / scale || 1);
    const selection = new Float64Array(size * kept.length);
    kept.forEach((k, j) => {
      selection[k * kept.length + j] = 1;
    });
    return {
      field,
      scale,
      basis: set.bases[field].combined(selection, kept.length),
      deviations,
      targets: Array.from({ length: count }, (_, n) => kept.map((k) => values[n * size + k] / scale)),
    };
  });
  const deviations = fields.flatMap((part) => part.deviations);
  const outputs = deviations.length;
  const targets = Float64Array.from({ length: count }, (_, n) => n).reduce<number[]>((all, n) => {
    for (const part of fields) all.push(...part.targets[n]);
    return all;
  }, []);
  const table = Float64Array.from(targets);
  const squares = Float64Array.from({ length: count }, (_, n) =>
    table.subarray(n * outputs, (n + 1) * outputs).reduce((sum, c) => sum + c * c, 0),
  );
  const mean = squares.reduce((sum, square) => sum + square, 0) / count;
  const weights = squares.map((square) => 1 / (square + squareFloor * mean));
  const names = problem.inputs.map(({ name }) => name);
  const groups = problem.inputs.map(({ sensorCount }) => sensorCount);
  const rows = sensorRows(names, train.data.inputs, count);
  const scaling = sensorScaling(rows, count, groups);
  const all = groups.reduce((a, b) => a + b, 0);
  const normal = rows.map((value, k) => (value - scaling.mean[k % all]) / scaling.scale[k % all]);
  const seen = settings.product ? groups : [all];
  const hidden = new Array<number>(options.depth - 1).fill(options.width);
  const { activation } = options;
  const shape: DeepOperatorShape = {
    branches: seen.map((inputs) => [inputs, ...hidden, outputs]),
    trunks: [],
    activation,
  };
  let validation = 1;
  const modelOf = (theta: Float64Array): CoefficientModel => {
    const parts = deepOperatorParts(shape, theta);
    const branches = shape.branches.map((widths, k) =>
      withOutputs(
        widths,
        parts.branches[k],
        deviations.map((deviation, of) => ({ of, factor: k === 0 ? deviation : 1 })),
      ),
    );
    const stored: StoredBranchNetwork = {
      kind: 'branch-network',
      inputs: all,
      outputs,
      ...scaling,
      widths: branches.map((own) => own.widths),
      theta: branches.map((own) => own.theta),
      activation,
    };
    const kind = `network ${shape.branches.map((widths) => widths.join('-')).join(' times ')}, ${activation}`;
    return new CoefficientModel(names, fields, regressionOf(stored), { kind, validation });
  };
  const { tf } = loaded;
  const layers = new TensorLayers(loaded);
  const batches = new Batches(count, options.batch, seed);
  const spread = tf.tensor(Float32Array.from(deviations), [1, outputs]);
  const feed = (): Tensor[] => {
    const functions = batches.next();
    const own = gathered(normal, all, functions);
    let first = 0;
    const sensors = seen.map((width) => {
      const start = first;
      first += width;
      if (width === all) return tf.tensor(own, [functions.length, all]);
      const columns = Float32Array.from({ length: functions.length * width }, (_, k) => {
        return own[Math.floor(k / width) * all + start + (k % width)];
      });
      return tf.tensor(columns, [functions.length, width]);
    });
    return [
      tf.tensor(gathered(table, outputs, functions), [functions.length, outputs]),
      tf.tensor(gathered(weights, 1, functions), [functions.length, 1]),
      ...sensors,
    ];
  };
  const whole = batches.whole ? feed() : undefined;
  try {
    const objective = new TensorObjective(loaded, deepOperatorShapes(shape), (parameters) => {
      const [target, weight, ...sensors] = whole ?? feed();
      const found = tf.mul(branchTensor(layers, shape, parameters, sensors), spread);
      return tf.div(tf.sum(tf.mul(tf.square(tf.sub(found, target)), weight)), target.shape[0]!) as Tensor;
    });
    const run = await adamTraining(
      objective,
      initialDeepOperator(shape, seed),
      (theta) => relativeErrorOf(modelOf(theta), held),
      options,
      { ...hooks, timeLimit, target: settings.target },
    );
    validation = run.validation;
    return { model: modelOf(run.theta), run };
  } finally {
    spread.dispose();
    for (const tensor of whole ?? []) tensor.dispose();
    layers.dispose();
  }
}
