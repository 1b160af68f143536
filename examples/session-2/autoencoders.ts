/**
 * Autoencoders: digits said again after a bottleneck, better than by principal components; what the codes mean.
 * Run: npx tsx examples/session-2/autoencoders.ts [--mnist FOLDER]
 */
import type { PlotPanel } from 'ansatz';
import {
  type Autoencoder,
  convolutionalAutoencoder,
  cosineDecay,
  denseAutoencoder,
  inkMoments,
  latentDirection,
  latentGrid,
  latentLine,
  learningBackend,
  learningRateSchedule,
  linearRegression,
  meanSquaredError,
  pixelsOf,
  principalComponents,
  progressLines,
  trainAutoencoder,
} from 'ansatz/learn';
import { digitImages } from '../course/digit-images.ts';
import { coursePage } from '../course/page.ts';

const seed = 1;
const { tf, name: backend } = await learningBackend();
const { training, test, source } = await digitImages(4000, 600, seed);
const pixels = training.size[0] * training.size[1];

async function trained(network: Autoencoder, epochs: number): Promise<Autoencoder> {
  const inputs = tf.tensor(training.images, [training.count, ...network.inputShape]);
  await trainAutoencoder(
    tf,
    network,
    { inputs },
    {
      epochs,
      batchSize: 50,
      seed,
      callbacks: [learningRateSchedule(cosineDecay(0.025)), progressLines(console.log, { every: 4 })],
    },
  );
  inputs.dispose();
  return network;
}
const flat = await trained(denseAutoencoder(tf, { inputs: pixels, latent: 2, hidden: [128, 32], seed }), 16);
const deep = await trained(denseAutoencoder(tf, { inputs: pixels, latent: 16, hidden: [128], seed }), 12);
const folded = await trained(convolutionalAutoencoder(tf, { size: [28, 28], latent: 16, seed }), 8);
const linear = principalComponents(training.images, pixels);

/** Held-out digits said again by principal components. */
const byComponents = (count: number) => {
  const few = linear.leading(count);
  return few.reconstruct(few.transform(test.images));
};
const rows = await Promise.all(
  [flat, deep, folded].map(async (network) => {
    const found = meanSquaredError(await network.reconstruct(test.images), test.images);
    const components = meanSquaredError(byComponents(network.latent), test.images);
    return { network, found, components };
  }),
);
for (const { network, found, components } of rows)
  console.log(
    `${network === folded ? 'convolutions' : 'dense layers'}, ${network.latent} numbers: error ${found.toFixed(4)}, principal components ${components.toFixed(4)}`,
  );

/** Codes of the held-out digits, five digits in a figure. */
function clouds(title: string, codes: ArrayLike<number>, digits: readonly number[]): PlotPanel {
  return {
    title: { name: title },
    horizontal: { name: 'first number' },
    vertical: { name: 'second number' },
    curves: digits.map((digit) => {
      const own = Array.from(test.labels.keys()).filter((n) => test.labels[n] === digit);
      return {
        name: `${digit}`,
        mark: 'circle',
        curve: { at: own.map((n) => codes[2 * n]), values: own.map((n) => codes[2 * n + 1]) },
      };
    }),
  };
}
const codes = await flat.encode(test.images);
const scores = linear.leading(2).transform(test.images);
const range = (k: number): [number, number] => {
  const sorted = codes.filter((_, i) => i % 2 === k).sort((a, b) => a - b);
  return [sorted[Math.floor(0.03 * sorted.length)], sorted[Math.floor(0.97 * sorted.length)]];
};
const grid = await flat.decode(latentGrid(range(0), range(1), [14, 14]));
const pictures = (all: ArrayLike<number>, label?: (k: number) => string) =>
  Array.from({ length: all.length / pixels }, (_, k) => ({
    pixels: Array.from({ length: pixels }, (__, i) => all[k * pixels + i]),
    ...(label === undefined ? {} : { label: label(k) }),
  }));

/** From one digit to another: through the codes, and by fading one image into the other. */
const [from, to] = [3, 8].map((digit) => test.labels.indexOf(digit));
const deepCodes = await deep.encode(test.images);
const codeOf = (n: number) => deepCodes.subarray(n * deep.latent, (n + 1) * deep.latent);
const walk = await deep.decode(latentLine(codeOf(from), codeOf(to), 9));
const fade = latentLine(pixelsOf(test, from), pixelsOf(test, to), 9);

/** What is measured on the images, read off the codes by a linear formula. */
const trainingCodes = await deep.encode(training.images);
const measured = { training: inkMoments(training), test: inkMoments(test) };
const names = ['ink', 'width', 'height', 'slant'] as const;
const explained = names.map((name) => {
  const model = linearRegression(trainingCodes, measured.training[name]);
  const found = model.predict(deepCodes);
  const wanted = measured.test[name];
  const mean = wanted.reduce((a, b) => a + b) / wanted.length;
  return (
    1 -
    meanSquaredError(found, wanted) /
      meanSquaredError(
        wanted.map(() => mean),
        wanted,
      )
  );
});
for (const [k, name] of names.entries())
  console.log(`${name}: ${(100 * explained[k]).toFixed(0)}% told by the code`);
const shifted = async (name: (typeof names)[number], n: number) => {
  const direction = latentDirection(trainingCodes, measured.training[name], training.labels);
  const values = measured.training[name];
  const mean = values.reduce((a, b) => a + b) / values.length;
  const deviation = Math.sqrt(
    meanSquaredError(
      values,
      values.map(() => mean),
    ),
  );
  const end = (way: number) => codeOf(n).map((value, j) => value + way * deviation * direction[j]);
  return deep.decode(latentLine(end(-2), end(2), 7));
};
const bySlant = await shifted('slant', test.labels.indexOf(7));
const byInk = await shifted('ink', test.labels.indexOf(7));
const shown = Array.from({ length: 10 }, (_, digit) => test.labels.indexOf(digit));
const some = (all: ArrayLike<number>) =>
  Float32Array.from(
    { length: shown.length * pixels },
    (_, i) => all[shown[Math.floor(i / pixels)] * pixels + (i % pixels)],
  );
const strip = (name: string, all: ArrayLike<number>) => ({
  title: { name },
  size: training.size,
  images: pictures(all),
  perRow: Math.min(14, all.length / pixels),
  range: [0, 1] as const,
});

await coursePage(import.meta.url, {
  title: 'Autoencoders',
  notes: [`Digits: ${source}, ${training.count} to learn from and ${test.count} held out.`],
  settings: {
    seed,
    backend,
    optimizer: 'Adam, 0.002 and falling',
    network: '784–128–32–2 and 784–128–16, and back; convolutions',
  },
  sections: [
    {
      heading: 'Through a bottleneck and back',
      parts: [
        'An autoencoder is trained to say its input again. Between its encoder f and its decoder g there is room for a few numbers only, the code, so that it has to find out what images of digits have in common and what sets one apart.',
        { tex: '\\min_{f,\\,g}\\; \\frac1N \\sum_n \\left| x_n - g(f(x_n)) \\right|^2' },
        'Were f and g linear, principal components would be the best answer. Bent maps do better with as many numbers:',
        {
          caption: 'Mean squared error of a pixel on held-out digits.',
          head: ['numbers in the code', 'network', 'its error', 'principal components', 'ratio'],
          rows: rows.map(({ network, found, components }) => [
            `${network.latent}`,
            network === folded ? 'convolutions' : 'dense layers',
            found,
            components,
            (found / components).toFixed(2),
          ]),
        },
        {
          caption: `Held-out digits; said again from ${deep.latent} numbers by dense layers and by convolutions, and by as many principal components, which leave shadows where strokes could have been.`,
          panels: [
            strip('held out', some(test.images)),
            strip('dense layers', some(await deep.reconstruct(test.images))),
            strip('convolutions', some(await folded.reconstruct(test.images))),
            strip('principal components', some(byComponents(deep.latent))),
          ],
          columns: 1,
        },
      ],
    },
    {
      heading: 'The space of codes',
      parts: [
        'With two numbers in the code, every digit is a point of a plane. The network was never told which digit is which; yet like ones come to lie together, as they are said again alike.',
        ...[
          [0, 1, 2, 3, 4],
          [5, 6, 7, 8, 9],
        ].map((digits) => ({
          caption: `Codes of held-out digits ${digits[0]} to ${digits.at(-1)}.`,
          panels: [clouds('autoencoder', codes, digits), clouds('principal components', scores, digits)],
          columns: 2 as const,
        })),
        {
          caption:
            'What the decoder makes of codes on a grid over the plane, laid out as in the figures above. Digits turn into one another; between two that look unlike, there is a seam of images that are neither.',
          panels: [strip('decoded', grid)],
        },
      ],
    },
    {
      heading: 'Walks',
      parts: [
        'A straight line between two codes passes over images that are digits nearly all the way; the line between the images themselves only fades one out and the other in.',
        {
          caption: `From a ${test.labels[from]} to a ${test.labels[to]}, through codes of ${deep.latent} numbers and through pixels.`,
          panels: [strip('codes', walk), strip('pixels', fade)],
          columns: 1,
        },
        `What do the ${deep.latent} numbers say? Not one thing each: but what can be measured on an image is to a good part a linear function of them.`,
        {
          caption:
            'Share of the variance, on held-out digits, of what is measured that a linear formula of the code tells.',
          head: ['measured', 'share told'],
          rows: names.map((name, k) => [name, `${(100 * explained[k]).toFixed(0)}%`]),
        },
        'So a property has a direction: how codes of one digit change on average where it grows. Going along it changes the property and mostly leaves the digit what it is.',
        {
          caption: 'One held-out 7, from two deviations less to two deviations more.',
          panels: [strip('slant', bySlant), strip('ink', byInk)],
          columns: 1,
        },
      ],
    },
  ],
});
flat.dispose();
deep.dispose();
folded.dispose();
