/**
 * Callbacks: early stopping, checkpoints, learning-rate schedules, histograms, progress, and one of one's own.
 * Run: npx tsx examples/session-1/callbacks.ts
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { LayersModel, Scalar } from '@tensorflow/tfjs';
import type { AnimatedPanel, PlotPanel } from 'ansatz';
import {
  blobs,
  checkpoint,
  cosineDecay,
  EarlyStopping,
  histogramDeviation,
  type LabelledPoints,
  type LearningCallback,
  learningBackend,
  learningRateSchedule,
  progressLines,
  restoreWeights,
  seededLayers,
  trainModel,
  WeightHistograms,
  warmUp,
} from 'ansatz/learn';
import { boundaryMap } from '../course/boundary-map.ts';
import { coursePage } from '../course/page.ts';

const seed = 2;
const epochs = 200;
const { tf, name: backend } = await learningBackend();
/** Clouds that overlap: the best there is to draw is the line between them, and it errs. */
const clouds = (count: number, stream: number): LabelledPoints =>
  blobs({
    count,
    seed: seed + stream,
    noise: 1.3,
    centers: [
      [-1, -0.6],
      [1, 0.6],
    ],
  });
const points = { training: clouds(80, 0), heldOut: clouds(400, 1), test: clouds(3000, 2) };
const tensors = (data: LabelledPoints) => ({
  inputs: tf.tensor2d(Float32Array.from(data.points), [data.count, 2]),
  targets: tf.tensor2d(Float32Array.from(data.labels), [data.count, 1]),
});
const [training, heldOut, test] = [points.training, points.heldOut, points.test].map(tensors);

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const probabilities = (model: LayersModel, inputs: typeof test.inputs): Float32Array =>
  tf.tidy(() => (model.predict(inputs, { batchSize: 512 }) as typeof inputs).dataSync<'float32'>().slice());

/** Keeps the learning rate of every epoch. */
const rateKeeper = (rates: number[]): LearningCallback => ({
  onEpoch: ({ learningRate }) => void rates.push(learningRate),
});

/** One of one's own (lab 4): halves the rate where the held-out loss has not fallen for some epochs. */
function halveOnPlateau(patience: number): LearningCallback {
  let best = { loss: Number.POSITIVE_INFINITY, epoch: 0 };
  return {
    onEpoch: (state) => {
      const { epoch, heldOutLoss = Number.NaN } = state;
      if (heldOutLoss < best.loss) best = { loss: heldOutLoss, epoch };
      else if (epoch - best.epoch >= patience) {
        state.learningRate /= 2;
        best = { ...best, epoch };
      }
    },
  };
}

/** The probability of class 1 over the plane, under the points that are trained on. */
function decisionMap(model: LayersModel, title: string) {
  const map = boundaryMap(title, points.training, () => 0);
  const [horizontal, vertical] = [map.grid.horizontal, map.grid.vertical].map((own) => Array.from(own));
  const nodes = tf.tensor2d(vertical.flatMap((y) => horizontal.map((x) => [x, y])));
  const values = probabilities(model, nodes);
  nodes.dispose();
  return { ...map, values };
}

async function trained(name: string, callbacks: readonly LearningCallback[]) {
  const { dense } = seededLayers(tf, seed);
  const model = tf.sequential({
    layers: [
      dense({ name: 'first', units: 64, activation: 'relu', inputShape: [2] }),
      dense({ name: 'second', units: 64, activation: 'relu' }),
      dense({ name: 'last', units: 1, activation: 'sigmoid' }),
    ],
  });
  const optimizer = tf.train.adam(1e-3);
  model.compile({ optimizer, loss: 'binaryCrossentropy' });
  const rates: number[] = [];
  const history = await trainModel(tf, model, training, {
    epochs,
    batchSize: 20,
    seed,
    heldOut,
    callbacks: [rateKeeper(rates), ...callbacks],
  });
  optimizer.dispose();
  const found = probabilities(model, test.inputs);
  const right = found.filter((own, n) => own > 0.5 === (points.test.labels[n] === 1)).length / found.length;
  console.log(
    `${name.padEnd(22)}${history.losses.length} epochs (${history.stopped}), ${percent(right)} of the test points right`,
  );
  return { name, ...history, model, rates, right, map: decisionMap(model, name) };
}

/** A checkpoint in a file, every 25 epochs. */
const folder = 'reports/course/session-1/callbacks';
await mkdir(folder, { recursive: true });
const fileOf = (epoch: number): string => `${folder}/epoch-${epoch}.json`;
const toFile = checkpoint(
  (weights, epoch) =>
    writeFile(
      fileOf(epoch),
      JSON.stringify(weights.map(({ shape, values }) => ({ shape, values: [...values] }))),
    ),
  { every: 25 },
);
const histograms = new WeightHistograms({ bins: 40, range: [-0.8, 0.8], every: 10 });
const early = new EarlyStopping({ patience: 20 });
const runs = [
  await trained('nothing but training', [histograms, toFile]),
  await trained('early stopping', [early, progressLines(console.log, { every: 10 })]),
  await trained('warm-up and cosine', [learningRateSchedule(warmUp(0.1, cosineDecay()))]),
  await trained('one’s own', [halveOnPlateau(8)]),
];
const [bare, stopped] = runs;

/** Back to the weights of epoch 25, from the file. */
const stored = JSON.parse(await readFile(fileOf(25), 'utf8')) as { shape: number[]; values: number[] }[];
restoreWeights(
  tf,
  bare.model,
  stored.map(({ shape, values }) => ({ shape, values: Float32Array.from(values) })),
);
const restoredLoss = tf.tidy(
  () => (bare.model.evaluate(heldOut.inputs, heldOut.targets, { batchSize: 256 }) as Scalar).dataSync()[0],
);
console.log(
  `checkpoint of epoch 25: held-out loss ${restoredLoss.toFixed(6)}, then ${bare.heldOutLosses[24].toFixed(6)}`,
);
for (const { model } of runs) model.dispose();
for (const { inputs, targets } of [training, heldOut, test]) tf.dispose([inputs, targets]);

const overEpochs = (values: readonly number[]) => ({ at: values.map((_, k) => k + 1), values });
const losses = ({ name, losses: own, heldOutLosses }: (typeof runs)[number]): PlotPanel => ({
  title: { name },
  horizontal: { name: 'epoch' },
  vertical: { name: 'loss' },
  logarithmic: true,
  horizontalRange: [0, epochs],
  verticalRange: [0.1, 1],
  curves: [
    { name: 'training', curve: overEpochs(own) },
    { name: 'held out', curve: overEpochs(heldOutLosses) },
    {
      name: 'least held out',
      mark: 'circle',
      curve: {
        at: [heldOutLosses.indexOf(Math.min(...heldOutLosses)) + 1],
        values: [Math.min(...heldOutLosses)],
      },
    },
  ],
});
const weights: AnimatedPanel = {
  horizontal: { name: 'weight' },
  vertical: { name: 'share' },
  horizontalRange: [-0.8, 0.8],
  verticalRange: [0, 0.2],
  frames: histograms.records.map(({ epoch, layers }) => ({
    label: `epoch ${epoch}`,
    curves: layers.slice(1).map(({ name, histogram: { edges, counts, count } }) => ({
      name: `${name} layer`,
      curve: {
        at: Array.from(counts, (_, k) => (edges[k] + edges[k + 1]) / 2),
        values: Array.from(counts, (own) => own / count),
      },
    })),
  })),
};
const spread = histograms.records.map(({ layers }) => histogramDeviation(layers[1].histogram));

await coursePage(import.meta.url, {
  title: 'Callbacks',
  settings: {
    seed,
    backend,
    optimizer: 'Adam, rate 0.001, batches of 20',
    network: '2–64–64–1, ReLU, sigmoid at the end',
  },
  sections: [
    {
      heading: 'What can be done while a network trains',
      parts: [
        `A callback is an object with up to four functions, which the training calls: onStart, onBatch, onEpoch, onEnd. Each is told the epoch, the step, the losses and the rate; it may set the rate, and may stop the training. Here a network far too large for its ${points.training.count} points is trained four times from the same weights, with other callbacks.`,
        {
          caption: `The callbacks, and how the networks end: share of ${points.test.count} new points that are right.`,
          head: ['callback', 'epochs', 'held-out loss at the end', 'least held-out loss', 'right'],
          rows: runs.map(({ name, heldOutLosses, right }) => [
            name,
            heldOutLosses.length,
            heldOutLosses.at(-1) ?? Number.NaN,
            Math.min(...heldOutLosses),
            percent(right),
          ]),
        },
        {
          caption:
            'Loss on the points trained on, and on those held out. Where the two part, the network learns the noise.',
          panels: runs.map(losses),
          columns: 2,
        },
        `Early stopping ended after ${stopped.losses.length} epochs, as ${stopped.stopped}, and went back to the weights of that epoch. A schedule ends training gently, but does not keep a network from learning the noise; a rate that is halved in time nearly does.`,
        {
          caption: 'Probability of class 1 at the end, over the points trained on.',
          panels: runs.map(({ map }) => map),
          columns: 2,
        },
      ],
    },
    {
      heading: 'The learning rate',
      parts: [
        {
          tex: '\\eta(s) = \\tfrac12 \\eta_0 (1 + \\cos \\pi s) \\text{ after a straight rise}, \\qquad s \\text{ the share of the training}',
        },
        'A schedule knows beforehand how the rate shall go. The callback of one’s own looks: where the held-out loss has not fallen for 8 epochs, it halves the rate; it is a dozen lines of the example.',
        {
          caption: 'The rate over the epochs.',
          panels: [
            {
              horizontal: { name: 'epoch' },
              vertical: { name: 'learning rate' },
              logarithmic: true,
              verticalRange: [1e-6, 2e-3],
              curves: runs.map(({ name, rates }) => ({ name, curve: overEpochs(rates) })),
            },
          ],
        },
      ],
    },
    {
      heading: 'Weights, kept and looked at',
      parts: [
        `A checkpoint keeps the weights every 25 epochs, here in files. Those of epoch 25, read again, give the held-out loss ${restoredLoss.toFixed(6)}; it was ${bare.heldOutLosses[24].toFixed(6)} then.`,
        `Histograms show how the weights spread when a network learns points by heart: the deviation of the second layer goes from ${spread[0].toFixed(3)} to ${spread.at(-1)?.toFixed(3)}.`,
        {
          caption:
            'Weights of the second and the last layer without early stopping; the slider goes through the training.',
          panels: [weights],
        },
      ],
    },
  ],
});
