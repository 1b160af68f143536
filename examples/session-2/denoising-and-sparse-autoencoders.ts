/**
 * Two ways to make an autoencoder learn more than to copy: damaged inputs, and codes in which few units speak.
 * Run: npx tsx examples/session-2/denoising-and-sparse-autoencoders.ts [--mnist FOLDER]
 */
import {
  type ActivityPenalty,
  type Autoencoder,
  absoluteActivity,
  activeUnits,
  corrupted,
  cosineDecay,
  denseAutoencoder,
  divergenceFromActivity,
  learningBackend,
  learningRateSchedule,
  meanSquaredError,
  principalComponents,
  progressLines,
  trainAutoencoder,
} from 'ansatz/learn';
import { digitImages } from '../course/digit-images.ts';
import { coursePage } from '../course/page.ts';

const seed = 1;
const { tf, name: backend } = await learningBackend();
const { training, test, source } = await digitImages(3000, 500, seed);
const pixels = training.size[0] * training.size[1];

interface Lesson {
  readonly inputs?: Float32Array;
  readonly epochs: number;
  readonly penalty?: ActivityPenalty;
}
async function trained(network: Autoencoder, { inputs, epochs, penalty }: Lesson): Promise<Autoencoder> {
  const targets = tf.tensor2d(training.images, [training.count, pixels]);
  const given = inputs === undefined ? targets : tf.tensor2d(inputs, [training.count, pixels]);
  const callbacks = [learningRateSchedule(cosineDecay(0.05)), progressLines(console.log, { every: 5 })];
  const options = { epochs, batchSize: 50, seed, penalty, callbacks };
  await trainAutoencoder(tf, network, { inputs: given, targets }, options);
  tf.dispose([targets, given]);
  return network;
}

/** Damaged digits, and three ways to mend them. */
const damage = { noise: 0.25, hidden: 0.3 };
const damaged = corrupted(test.images, { ...damage, seed: seed + 1 });
const code = 24;
const dense = () => denseAutoencoder(tf, { inputs: pixels, latent: code, hidden: [128], seed });
const copying = await trained(dense(), { epochs: 10 });
const denoising = await trained(dense(), {
  epochs: 15,
  inputs: corrupted(training.images, { ...damage, seed: seed + 2 }),
});
const linear = principalComponents(training.images, pixels).leading(code);
const mended = [
  { name: 'nothing done', images: damaged },
  { name: 'principal components', images: linear.reconstruct(linear.transform(damaged)) },
  { name: 'trained to copy', images: await copying.reconstruct(damaged) },
  { name: 'trained to mend', images: await denoising.reconstruct(damaged) },
];
const mending = mended.map(({ name, images }) => ({
  name,
  images,
  error: meanSquaredError(images, test.images),
}));
for (const { name, error } of mending) console.log(`${name}: error ${error.toFixed(4)}`);

/** More units than are needed, most of which are to be silent at a time. */
const units = 64;
const [activity, strength] = [0.05, 6e-3];
const lessons = [
  { name: 'no penalty', code: 'relu', penalty: undefined },
  {
    name: 'divergence',
    code: 'sigmoid',
    penalty: divergenceFromActivity(tf, { weight: strength, activity }),
  },
  { name: 'absolute', code: 'relu', penalty: absoluteActivity(tf, { weight: 3e-4 }) },
] as const;
const sparse: {
  name: string;
  error: number;
  units: ReturnType<typeof activeUnits>;
  weights: Float32Array;
}[] = [];
for (const { name, code: kind, penalty } of lessons) {
  console.log(name);
  const network = denseAutoencoder(tf, { inputs: pixels, latent: units, hidden: [], code: kind, seed });
  await trained(network, { epochs: 15, penalty });
  sparse.push({
    name,
    error: meanSquaredError(await network.reconstruct(test.images), test.images),
    units: activeUnits(await network.encode(test.images), units),
    // What each unit adds to the image, (units, pixels).
    weights: Float32Array.from(network.decoder.getWeights()[0].dataSync()),
  });
  network.dispose();
}
for (const { name, error, units: own } of sparse)
  console.log(
    `${name}: error ${error.toFixed(4)}, ${own.perSample.toFixed(1)} of ${units} units active in an image`,
  );

const shown = Array.from({ length: 10 }, (_, digit) => test.labels.indexOf(digit));
const strip = (name: string, all: ArrayLike<number>) => ({
  title: { name },
  size: test.size,
  images: shown.map((n) => ({ pixels: Array.from({ length: pixels }, (_, i) => all[n * pixels + i]) })),
  perRow: shown.length,
  range: [0, 1] as const,
});
/** The units that speak most, by their weights, each scaled to its largest. */
const filters = (name: string, weights: Float32Array, means: Float64Array) => ({
  title: { name },
  size: test.size,
  images: Array.from(means.keys())
    .sort((a, b) => means[b] - means[a])
    .slice(0, 20)
    .map((unit) => {
      const own = weights.subarray(unit * pixels, (unit + 1) * pixels);
      const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
      return { pixels: own.map((value) => value / largest) };
    }),
  perRow: 10,
  colors: 'signed' as const,
  range: [-1, 1] as const,
});
const means = (own: (typeof sparse)[number]) => Array.from(own.units.meanActivity).sort((a, b) => b - a);

await coursePage(import.meta.url, {
  title: 'Denoising and sparse autoencoders',
  notes: [`Digits: ${source}, ${training.count} to learn from and ${test.count} held out.`],
  settings: {
    seed,
    backend,
    optimizer: 'Adam, 0.002 and falling',
    network: `784–128–${code}–128–784; 784–${units}–784`,
  },
  sections: [
    {
      heading: 'Damage undone',
      parts: [
        `Of each image ${(100 * damage.hidden).toFixed(0)}% of the pixels are set to zero, and noise of deviation ${damage.noise} is added. The network sees the damaged image and is to say the clean one. It cannot do so by copying: it has to know what digits look like.`,
        {
          tex: '\\min_{f,\\,g}\\; \\frac1N \\sum_n \\left| x_n - g(f(\\tilde x_n)) \\right|^2, \\qquad \\tilde x_n \\text{ damaged}',
        },
        {
          caption: `Mean squared error of a pixel against the clean held-out digits, each with ${code} numbers in the code.`,
          head: ['', 'error'],
          rows: mending.map(({ name, error }) => [name, error]),
        },
        {
          caption: 'Held-out digits, damaged, and mended in three ways.',
          panels: [strip('clean', test.images), ...mended.map(({ name, images }) => strip(name, images))],
          columns: 1,
        },
      ],
    },
    {
      heading: 'Few units at a time',
      parts: [
        `Here the code is wide, ${units} units with no other hidden layer, and it is a penalty on their activity z that keeps the network from merely passing its input on: either the divergence of each unit's mean activity from ρ = ${activity}, or the sum of all activities. Silence has its price: the fewer units may speak, the less is told, and the error shows it.`,
        {
          tex: '\\lambda \\sum_j \\Big( \\rho \\ln\\frac{\\rho}{\\hat\\rho_j} + (1 - \\rho) \\ln\\frac{1 - \\rho}{1 - \\hat\\rho_j} \\Big), \\quad \\hat\\rho_j = \\frac1N \\sum_n z_{nj}; \\qquad \\lambda\\, \\frac1N \\sum_n \\sum_j |z_{nj}|',
        },
        {
          caption: 'On held-out digits; a unit is active in an image where it is above 0.1.',
          head: ['penalty', 'error', 'active in an image', 'ever active', 'mean activity'],
          rows: sparse.map(({ name, error, units: own }) => [
            name,
            error,
            `${own.perSample.toFixed(1)} of ${units}`,
            own.ever,
            (own.meanActivity.reduce((a, b) => a + b, 0) / units).toFixed(3),
          ]),
        },
        {
          caption: 'Mean activity of each unit, from the busiest to the quietest.',
          panels: [
            {
              horizontal: { name: 'unit' },
              vertical: { name: 'mean activity' },
              curves: sparse.map((own) => ({
                name: own.name,
                curve: { at: means(own).map((_, k) => k + 1), values: means(own) },
              })),
            },
          ],
        },
        {
          caption:
            'What the twenty busiest units add to the image, red, or take from it, blue. The fewer speak at a time, the more each of them has to say by itself.',
          panels: sparse.map((own) => filters(own.name, own.weights, own.units.meanActivity)),
          columns: 1,
        },
      ],
    },
  ],
});
copying.dispose();
denoising.dispose();
