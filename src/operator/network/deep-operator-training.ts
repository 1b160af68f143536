/** DeepONet: branch and trunk trained together on solutions, unaligned or aligned (Cartesian product). */
import type { LoadedBackend } from '../../engine/tfjs/backend.ts';
import type { Tensor } from '../../engine/tfjs/tensor-arithmetic.ts';
import type { Problem } from '../../problem/problem.ts';
import { randomGenerator, streamSeed } from '../../random/generator.ts';
import { CoefficientModel, sensorRows } from '../coefficient-model.ts';
import { regressionOf } from '../regression/regression.ts';
import type { ResolvedTraining } from '../training/resolve-training.ts';
import type { TrainingHooks } from '../training/training-hooks.ts';
import { type AdamRun, adamTraining } from './adam-training.ts';
import { type StoredBranchNetwork, sensorScaling, withOutputs } from './branch-network.ts';
import {
  type DeepOperatorShape,
  deepOperatorParts,
  deepOperatorShapes,
  deepOperatorTensors,
  initialDeepOperator,
} from './deep-operator-network.ts';
import { Batches, gathered } from './function-batches.ts';
import { relativeErrorOf, type SplitData } from './network-data.ts';
import type { NetworkOptions } from './network-options.ts';
import { TensorLayers } from './tensor-layers.ts';
import { TensorObjective } from './tensor-objective.ts';
import { embeddedPoints, TrunkNetwork, trunkShape } from './trunk-network.ts';

/** Points of a step, of those that each function has. */
const pointsOfStep = 1024;

export interface TrainedNetwork {
  readonly model: CoefficientModel;
  readonly run: AdamRun;
}

/**
 * u(v)(y) = Σ_k b_k(v) ψ_k(y) + b₀, both perceptrons, the trunk with an activation behind its last layer (Lu et al.,
 * Nature Machine Intelligence 3, 2021); of several input functions all sensors enter one branch, or each has its own
 * and they are multiplied (MIONet: Jin, Meng & Lu, SIAM J. Sci. Comput. 44, 2022). The loss is the mean square.
 */
export async function trainDeepOperator(
  problem: Problem,
  settings: ResolvedTraining,
  options: NetworkOptions,
  { train, held }: SplitData,
  loaded: LoadedBackend,
  hooks: TrainingHooks,
): Promise<TrainedNetwork> {
  const { data, targets } = train;
  const { width, depth, activation } = options;
  const hidden = new Array<number>(depth).fill(width);
  const periodic = new Set(problem.conditions.flatMap((c) => (c.kind === 'periodic' ? [c.coordinate] : [])));
  const trunks = problem.fields.map(({ of }) =>
    trunkShape(problem.coordinates, of, periodic, hidden, activation),
  );
  const names = problem.inputs.map(({ name }) => name);
  const groups = problem.inputs.map(({ sensorCount }) => sensorCount);
  const rows = sensorRows(names, data.inputs, data.count);
  const scaling = sensorScaling(rows, data.count, groups);
  const all = groups.reduce((a, b) => a + b, 0);
  const seen = settings.product ? groups : [all];
  const outputs = width * problem.fields.length;
  const shape: DeepOperatorShape = {
    branches: seen.map((inputs) => [inputs, ...hidden.slice(1), outputs]),
    trunks: trunks.map(({ widths }) => widths),
    activation,
  };
  const modelOf = (theta: Float64Array): CoefficientModel => {
    const parts = deepOperatorParts(shape, theta);
    // The coefficient of the constant function is the bias of its field.
    const branches = shape.branches.map((widths, k) =>
      withOutputs(
        widths,
        parts.branches[k],
        problem.fields.flatMap((_, f) => [
          ...Array.from({ length: width }, (__, j) => ({ of: f * width + j, factor: 1 })),
          { constant: k === 0 ? parts.biases[f] : 1 },
        ]),
      ),
    );
    const stored: StoredBranchNetwork = {
      kind: 'branch-network',
      inputs: all,
      outputs: outputs + problem.fields.length,
      ...scaling,
      widths: branches.map((own) => own.widths),
      theta: branches.map((own) => own.theta),
      activation,
    };
    const sizes = shape.branches.map((widths) => widths.join('-')).join(' times ');
    const kind = `network ${sizes}, trunk ${trunks[0].widths.join('-')}, ${activation}`;
    return new CoefficientModel(
      names,
      targets.map(({ field, scale }, f) => ({
        field,
        scale,
        basis: new TrunkNetwork(trunks[f], parts.trunks[f]),
      })),
      regressionOf(stored),
      { kind, validation: relative },
    );
  };
  let relative = 1;
  const layers = new TensorLayers(loaded);
  const feeds = new DeepOperatorFeeds(
    loaded,
    train,
    seen,
    rows,
    scaling,
    trunks,
    options.batch,
    settings.seed,
  );
  const { tf } = loaded;
  try {
    const objective = new TensorObjective(loaded, deepOperatorShapes(shape), (parameters) => {
      const feed = feeds.next();
      const found = deepOperatorTensors(layers, shape, parameters, feed);
      return found
        .map((values, f) => {
          const factor = feed.factors[f];
          const own = factor === undefined ? values : tf.mul(values, factor);
          return tf.mean(tf.mul(tf.square(tf.sub(own, feed.targets[f])), feed.weights[f])) as Tensor;
        })
        .reduce((sum, term) => tf.add(sum, term));
    });
    const run = await adamTraining(
      objective,
      initialDeepOperator(shape, settings.seed),
      (theta) => relativeErrorOf(modelOf(theta), held),
      options,
      { ...hooks, timeLimit: settings.timeLimit, target: settings.target },
    );
    relative = run.validation;
    return { model: modelOf(run.theta), run };
  } finally {
    feeds.dispose();
    layers.dispose();
  }
}

interface Feed {
  readonly sensors: readonly Tensor[];
  readonly points: readonly Tensor[];
  readonly aligned: boolean;
  readonly targets: readonly Tensor[];
  readonly factors: readonly (Tensor | undefined)[];
  /** Of each function, (functions, 1). */
  readonly weights: readonly Tensor[];
}

/** Tensors for the steps: the same for all where these are taken on everything. */
class DeepOperatorFeeds {
  readonly #loaded: LoadedBackend;
  readonly #train: SplitData['train'];
  readonly #batches: Batches;
  readonly #columns: readonly Float64Array[];
  readonly #embedded: readonly Float64Array[];
  readonly #random;
  #whole: Feed | undefined;

  constructor(
    loaded: LoadedBackend,
    train: SplitData['train'],
    seen: readonly number[],
    rows: Float64Array,
    { mean, scale }: ReturnType<typeof sensorScaling>,
    trunks: readonly ReturnType<typeof trunkShape>[],
    batch: number,
    seed: number,
  ) {
    const { count, points } = train.data;
    this.#loaded = loaded;
    this.#train = train;
    this.#batches = new Batches(count, batch, seed);
    this.#random = randomGenerator(streamSeed(seed, 3));
    const all = mean.length;
    let first = 0;
    this.#columns = seen.map((width) => {
      const start = first;
      first += width;
      return Float64Array.from({ length: count * width }, (_, k) => {
        const s = start + (k % width);
        return (rows[Math.floor(k / width) * all + s] - mean[s]) / scale[s];
      });
    });
    this.#embedded = trunks.map((trunk) => embeddedPoints(trunk, points));
  }

  next(): Feed {
    const { pointCount } = this.#train.data;
    if (!this.#batches.whole || pointCount > pointsOfStep) return this.#feed();
    this.#whole ??= keptFeed(this.#loaded, this.#feed());
    return this.#whole;
  }

  dispose(): void {
    if (this.#whole !== undefined) for (const tensor of tensorsOf(this.#whole)) tensor.dispose();
  }

  #feed(): Feed {
    const { tf } = this.#loaded;
    const { data, targets } = this.#train;
    const { pointCount, aligned } = data;
    const functions = this.#batches.next();
    const points = this.#points();
    const size = [functions.length, points.length];
    const table = (from: Float64Array): Tensor => {
      const values = new Float32Array(size[0] * size[1]);
      functions.forEach((n, i) => {
        points.forEach((p, j) => {
          values[i * points.length + j] = from[n * pointCount + p];
        });
      });
      return tf.tensor(values, size);
    };
    const places = aligned ? points : functions.flatMap((n) => points.map((p) => n * pointCount + p));
    return {
      aligned,
      sensors: this.#columns.map((columns) => {
        const width = columns.length / data.count;
        return tf.tensor(gathered(columns, width, functions), [functions.length, width]);
      }),
      points: this.#embedded.map((embedded) => {
        const width = embedded.length / (aligned ? pointCount : data.count * pointCount);
        return tf.tensor(gathered(embedded, width, places), [places.length, width]);
      }),
      targets: targets.map(({ values }) => table(values)),
      factors: targets.map(({ factors }) => {
        if (factors === undefined) return undefined;
        return aligned ? tf.tensor(gathered(factors, 1, points), [1, points.length]) : table(factors);
      }),
      weights: targets.map(({ squares }) => {
        const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
        const own = Float32Array.from(functions, (n) => 1 / (squares[n] + squareFloor * mean));
        return tf.tensor(own, [functions.length, 1]);
      }),
    };
  }

  #points(): number[] {
    const { pointCount } = this.#train.data;
    const all = Array.from({ length: pointCount }, (_, j) => j);
    if (pointCount <= pointsOfStep) return all;
    for (let i = 0; i < pointsOfStep; i++) {
      const j = i + this.#random.integer(pointCount - i);
      [all[i], all[j]] = [all[j], all[i]];
    }
    return all.slice(0, pointsOfStep);
  }
}

/** Functions that are small beside the others do not count for more than this share says. */
const squareFloor = 0.05;

function tensorsOf({ sensors, points, targets, factors, weights }: Feed): Tensor[] {
  return [...sensors, ...points, ...targets, ...factors, ...weights].filter((tensor) => tensor !== undefined);
}

function keptFeed({ tf }: LoadedBackend, feed: Feed): Feed {
  for (const tensor of tensorsOf(feed)) tf.keep(tensor);
  return feed;
}
