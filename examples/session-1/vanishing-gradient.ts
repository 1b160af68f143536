/**
 * Ten hidden layers: where the gradient vanishes, by activation and by the weights one begins with. Logged for TensorBoard.
 * Run: npx tsx examples/session-1/vanishing-gradient.ts
 */
import { rm } from 'node:fs/promises';
import type { AnimatedPanel, PlotPanel } from 'ansatz';
import {
  classification,
  confusionMatrix,
  eventLog,
  GradientNorms,
  imageSamples,
  initializations,
  learningBackend,
  openEventFile,
  signalDeviations,
  trainModel,
  WeightHistograms,
} from 'ansatz/learn/node';
import { digitImages } from '../course/digit-images.ts';
import { coursePage } from '../course/page.ts';

const seed = 1;
const [depth, width, epochs] = [10, 32, 12];
const logs = 'reports/course/session-1/vanishing-gradient';
await rm(logs, { recursive: true, force: true });
const activations = ['sigmoid', 'tanh', 'relu'] as const;
const { tf, name: backend } = await learningBackend();
const { training, test, source } = await digitImages(1000, 1000, seed);
const samples = imageSamples(tf, training);
const probe = imageSamples(tf, test);

type Activation = (typeof activations)[number];

function deepNetwork(activation: Activation, { initializer }: (typeof initializations)[number]) {
  const layer = (k: number, units: number, own: Activation | 'softmax') =>
    tf.layers.dense({
      name: `layer-${String(k).padStart(2, '0')}`,
      units,
      activation: own,
      kernelInitializer: initializer(tf, 100 * seed + k),
    });
  const hidden = Array.from({ length: depth }, (_, k) => layer(k + 1, width, activation));
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [...training.size, 1] }),
      ...hidden,
      layer(depth + 1, 10, 'softmax'),
    ],
  });
}

async function run(activation: Activation, initialization: (typeof initializations)[number]) {
  const model = deepNetwork(activation, initialization);
  const optimizer = tf.train.momentum(0.02, 0.9);
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const signals = (await signalDeviations(tf, model, probe.inputs)).map(({ deviation }) => deviation);
  const norms = new GradientNorms(probe);
  const weights = new WeightHistograms({ bins: 40, range: [-0.8, 0.8] });
  const { write } = await openEventFile(`${logs}/${activation}-${initialization.name}`);
  const { losses } = await trainModel(tf, model, samples, {
    epochs,
    batchSize: 50,
    seed,
    heldOut: probe,
    callbacks: [norms, weights, eventLog(write, { gradients: probe })],
  });
  const { accuracy } = confusionMatrix(test.labels, (await classification(tf, model, test)).classes, 10);
  const start = norms.records[0].layers.map(({ norm }) => norm);
  console.log(
    `${activation.padEnd(8)}${initialization.name.padEnd(8)}gradient of layer 1 ${start[0].toExponential(1)}, of layer ${depth} ${start[depth - 1].toExponential(1)}; right after ${epochs} epochs ${(100 * accuracy).toFixed(1)} %`,
  );
  model.dispose();
  optimizer.dispose();
  return {
    activation,
    name: initialization.name,
    norms: norms.records,
    weights: weights.records,
    losses,
    accuracy,
    start,
    signals,
  };
}

const runs: Awaited<ReturnType<typeof run>>[] = [];
for (const activation of activations)
  for (const initialization of initializations) runs.push(await run(activation, initialization));
tf.dispose([samples.inputs, samples.targets, probe.inputs, probe.targets]);
const find = (activation: Activation, name: string) =>
  runs.find((own) => own.activation === activation && own.name === name)!;

const layers = Array.from({ length: depth + 1 }, (_, k) => k + 1);
const seen = (value: number): number => Math.max(value, 1e-16);
const byLayer = (activation: Activation, what: 'start' | 'signals', range: [number, number]): PlotPanel => ({
  title: { name: activation },
  horizontal: { name: 'layer' },
  vertical: { name: what === 'start' ? 'gradient norm' : 'deviation' },
  logarithmic: true,
  verticalRange: range,
  curves: initializations.map(({ name }) => ({
    name,
    curve: { at: layers, values: find(activation, name)[what].map(seen) },
  })),
});
/** The initialization made for each activation. */
const fitting = { sigmoid: 'Glorot', tanh: 'Glorot', relu: 'He' } as const;
const shown = [2, 4, 7, 10];
const overTraining = (activation: Activation): PlotPanel => {
  const { norms } = find(activation, fitting[activation]);
  return {
    title: { name: `${activation}, ${fitting[activation]}` },
    horizontal: { name: 'epoch' },
    vertical: { name: 'gradient norm' },
    logarithmic: true,
    verticalRange: [1e-9, 10],
    curves: shown.map((k) => ({
      name: `layer ${k}`,
      curve: {
        at: norms.map(({ epoch }) => epoch),
        values: norms.map((own) => seen(own.layers[k - 1].norm)),
      },
    })),
  };
};
const histograms = (activation: Activation, name: string): AnimatedPanel => ({
  title: { name: `${activation}, ${name}` },
  horizontal: { name: 'weight' },
  vertical: { name: 'share' },
  horizontalRange: [-0.8, 0.8],
  verticalRange: [0, name === 'naive' ? 0.35 : 0.12],
  frames: find(activation, name).weights.map(({ epoch, layers: own }) => ({
    label: `epoch ${epoch}`,
    curves: shown.map((k) => {
      const { edges, counts, count } = own[k - 1].histogram;
      return {
        name: `layer ${k}`,
        curve: {
          at: Array.from(counts, (_, i) => (edges[i] + edges[i + 1]) / 2),
          values: Array.from(counts, (entry) => entry / count),
        },
      };
    }),
  })),
});
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const best = (activation: Activation): string =>
  percent(Math.max(...initializations.map(({ name }) => find(activation, name).accuracy)));

await coursePage(import.meta.url, {
  title: 'The vanishing gradient',
  settings: {
    seed,
    backend,
    optimizer: `momentum 0.9, rate 0.02, ${epochs} epochs of batches of 50`,
    network: `${depth} hidden layers of ${width} units`,
  },
  notes: [`The same in TensorBoard: tensorboard --logdir ${logs}`],
  sections: [
    {
      heading: 'Backwards through ten layers',
      parts: [
        `A network of ${depth} hidden layers of ${width} units is to tell ${training.count} digits (${source}) apart. The gradient reaches a layer by way of all the layers above it, and each multiplies it by its weights and by the slopes of its activation.`,
        {
          tex: '\\delta_l = (W_{l+1}^{\\mathsf T} \\delta_{l+1}) \\odot \\varphi^\\prime(z_l), \\qquad \\frac{\\partial L}{\\partial W_l} = \\delta_l\\, a_{l-1}^{\\mathsf T}',
        },
        'If each of these factors is less than one on average, little is left for the first layers, and they do not learn. The sigmoid’s slope is at most 1/4. That of tanh is one at zero, and that of ReLU is one for half of its inputs: there it is the weights that decide.',
        {
          caption:
            'Norm of the gradient by layer before training; layer 1 is next to the pixels, layer 11 gives the answer.',
          panels: activations.map((own) => byLayer(own, 'start', [1e-12, 10])),
          columns: 3,
        },
        `With sigmoids the gradient of the second layer is ${(find('sigmoid', 'Glorot').start[1] / find('sigmoid', 'Glorot').start[depth - 1]).toExponential(0)} times that of the tenth even with Glorot’s weights. The naive weights do something else to tanh and ReLU: the gradient is as small everywhere. There the signal vanishes on its way forward just as the gradient does on its way back, and their product is what a layer learns from.`,
        {
          caption:
            'How much the outputs of each layer deviate from image to image before training: near zero, all images look alike to what comes after. Sigmoids give about ½, of which 1e-6 is rounding in single precision.',
          panels: activations.map((own) => byLayer(own, 'signals', [1e-8, 10])),
          columns: 3,
        },
        {
          caption: 'Deviation σ of the weights of a layer with n inputs and m outputs.',
          head: ['initialization', 'made for', 'σ of a hidden layer'],
          rows: initializations.map(({ name, remark, deviation }) => [name, remark, deviation(width, width)]),
        },
        ...initializations.map(({ name, tex }) => ({ tex: `\\text{${name}: } ${tex}` })),
      ],
    },
    {
      heading: 'What becomes of it in training',
      parts: [
        {
          caption: `Right answers among ${test.count} held-out digits after ${epochs} epochs; guessing gives 10 %.`,
          head: ['activation', ...initializations.map(({ name }) => name)],
          rows: activations.map((own) => [
            own,
            ...initializations.map(({ name }) => percent(find(own, name).accuracy)),
          ]),
        },
        `The same network, data and steps: with sigmoids the best of the four ends at ${best('sigmoid')}, with tanh at ${best('tanh')}. With ReLU, He’s weights bring ${percent(find('relu', 'He').accuracy)}, Glorot’s ${percent(find('relu', 'Glorot').accuracy)} and naive ones ${percent(find('relu', 'naive').accuracy)}.`,
        {
          caption: 'Loss on the batches.',
          panels: activations.map((own) => ({
            title: { name: own },
            horizontal: { name: 'epoch' },
            vertical: { name: 'loss' },
            verticalRange: [0, 2.6] as const,
            curves: initializations.map(({ name }) => {
              const { losses } = find(own, name);
              return { name, curve: { at: losses.map((_, k) => k + 1), values: losses } };
            }),
          })),
          columns: 3,
        },
        {
          caption: 'Norms of gradients over the training, each activation with the weights made for it.',
          panels: activations.map(overTraining),
          columns: 3,
        },
      ],
    },
    {
      heading: 'Weights, layer by layer',
      parts: [
        'Histograms of weights tell the same: where gradients pass, those of every layer spread as it learns; where they vanish, they stand still.',
        ...activations.map((own) => ({
          caption: `Weights of four layers; the slider goes through the training. Left the weights that fit, right the naive ones.`,
          panels: [histograms(own, fitting[own]), histograms(own, 'naive')],
          columns: 2 as const,
        })),
      ],
    },
  ],
});
