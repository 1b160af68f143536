/** Training of a Fourier neural operator on solutions on a grid. */
import type { LoadedBackend } from '../../engine/tfjs/backend.ts';
import type { Tensor } from '../../engine/tfjs/tensor-arithmetic.ts';
import { rowsOf } from '../../problem/domain-points.ts';
import type { Problem } from '../../problem/problem.ts';
import type { OperatorModel } from '../operator-model.ts';
import type { ResolvedTraining } from '../training/resolve-training.ts';
import type { TrainingHooks } from '../training/training-hooks.ts';
import { type AdamRun, adamTraining } from './adam-training.ts';
import { FourierModel, fourierShape } from './fourier-model.ts';
import { FourierNetwork, fourierShapes, initialFourier } from './fourier-network.ts';
import { Batches } from './function-batches.ts';
import { GridFeatures, inputScaling, nodePlaces } from './grid-features.ts';
import { relativeErrorOf, type SplitData } from './network-data.ts';
import { type NetworkOptions, networkOptions } from './network-options.ts';
import { fourierAxes, outputGrid } from './output-grid.ts';
import { TensorLayers } from './tensor-layers.ts';
import { TensorObjective } from './tensor-objective.ts';

/** Under the root of the loss, of the mean square of the solutions. */
const rounding = 1e-10;

export interface TrainedFourier {
  readonly model: OperatorModel;
  readonly run: AdamRun;
  /** Where it has values, if not all over the domain. */
  readonly testPoints?: readonly (readonly number[])[];
}

/** The loss is the mean over functions of the relative L2 error on the grid. */
export async function trainFourier(
  problem: Problem,
  settings: ResolvedTraining,
  { modes }: NetworkOptions,
  { train, held }: SplitData,
  loaded: LoadedBackend,
  hooks: TrainingHooks,
): Promise<TrainedFourier> {
  const { tf } = loaded;
  const { data, targets } = train;
  const { count, pointCount } = data;
  const grid = outputGrid(problem, data);
  const axes = fourierAxes(problem, grid, modes);
  const options = networkOptions(settings, axes.length);
  const { width, depth } = options;
  const scaling = inputScaling(problem, data.inputs);
  const features = new GridFeatures(problem, axes, scaling);
  const { size, channels } = features;
  const scales = targets.map(({ scale }) => scale);
  const parts = { grid: grid.axes, axes, scaling, scales, width, depth };
  const shape = fourierShape(parts, channels);
  const nodes = nodePlaces(axes);
  const outputs = targets.length;
  const all = features.of(data.inputs, count);
  // Behind the nodes nothing is asked for.
  const factors = new Float32Array(size * outputs);
  nodes.forEach((place, p) => {
    targets.forEach(({ factors: own }, f) => {
      factors[place * outputs + f] = own === undefined ? 1 : own[grid.places[p]];
    });
  });
  const plain = factors.every((factor) => factor === 1);
  const layers = new TensorLayers(loaded);
  const network = new FourierNetwork(layers, shape);
  const batches = new Batches(count, options.batch, settings.seed);
  const kept = [tf.tensor(factors, [size, 1, outputs]), tf.ones([1, size])];
  const [factorTensor, ones] = kept;
  const feed = (): { input: Tensor; target: Tensor; weight: Tensor } => {
    const functions = batches.next();
    const batch = functions.length;
    const input = new Float32Array(size * batch * channels);
    const target = new Float32Array(size * batch * outputs);
    const weight = new Float32Array(batch * outputs);
    functions.forEach((n, b) => {
      for (let place = 0; place < size; place++)
        for (let c = 0; c < channels; c++)
          input[(place * batch + b) * channels + c] = all[(n * size + place) * channels + c];
      targets.forEach(({ values, squares }, f) => {
        nodes.forEach((place, p) => {
          target[(place * batch + b) * outputs + f] = values[n * pointCount + grid.places[p]];
        });
        weight[b * outputs + f] = 1 / ((squares[n] || 1) * nodes.length);
      });
    });
    return {
      input: tf.tensor(input, [size, batch, channels]),
      target: tf.tensor(target, [size, batch, outputs]),
      weight: tf.tensor(weight, [1, batch * outputs]),
    };
  };
  try {
    const objective = new TensorObjective(loaded, fourierShapes(shape), (parameters) => {
      const { input, target, weight } = feed();
      const found = tf.reshape(network.apply(input, parameters), target.shape);
      const left = tf.square(tf.sub(plain ? found : tf.mul(found, factorTensor), target));
      const sums = layers.leftProduct(ones, tf.reshape(left, [size, weight.size]));
      return tf.mean(tf.sqrt(tf.add(tf.mul(sums, weight), rounding))) as Tensor;
    });
    const modelOf = (theta: Float64Array) => new FourierModel(problem, { ...parts, theta });
    const run = await adamTraining(
      objective,
      initialFourier(shape, settings.seed),
      (theta) => relativeErrorOf(modelOf(theta), held),
      options,
      { ...hooks, timeLimit: settings.timeLimit, target: settings.target },
    );
    const testPoints = grid.axes.some((axis) => axis.nodes.length === 1)
      ? { testPoints: rowsOf(data.points, problem.coordinates.length) }
      : {};
    return { model: modelOf(run.theta), run, ...testPoints };
  } finally {
    for (const tensor of kept) tensor.dispose();
    network.dispose();
    layers.dispose();
  }
}
