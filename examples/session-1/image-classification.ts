/**
 * Digits told apart by dense layers and by convolutions: what each gets wrong, what filters look for, what a shift does.
 * Run: npx tsx examples/session-1/image-classification.ts [--mnist FOLDER]
 */

import type { LayersModel } from '@tensorflow/tfjs';
import {
  classification,
  confusionMatrix,
  convolutionalNetwork,
  cosineDecay,
  featureMaps,
  filterPictures,
  imagePerceptron,
  imageSamples,
  imagesAt,
  type LabelledImages,
  type LearningCallback,
  learningBackend,
  learningRateSchedule,
  pixelsOf,
  progressLines,
  shiftedImage,
  trainModel,
} from 'ansatz/learn';
import { digitImages } from '../course/digit-images.ts';
import { coursePage } from '../course/page.ts';

const seed = 1;
const epochs = 12;
const { tf, name: backend } = await learningBackend();
const { training, test, source } = await digitImages(5000, 3000, seed);
const samples = imageSamples(tf, training);

/** The same images, each moved by `pixels` one of four ways in turn. */
function moved(data: LabelledImages, pixels: number): LabelledImages {
  const ways = [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ].map(([down, right]) => [pixels * down, pixels * right] as const);
  const images = new Float32Array(data.images.length);
  for (let n = 0; n < data.count; n++)
    images.set(
      shiftedImage(pixelsOf(data, n), data.size, ways[n % 4]),
      (n * data.images.length) / data.count,
    );
  return { ...data, images };
}
const shifts = [0, 1, 2, 3, 4, 5, 6];
const few = imagesAt(
  test,
  Array.from({ length: Math.min(1000, test.count) }, (_, n) => n),
);

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** Trains a network and asks it about what it has not seen. */
async function studied(name: string, model: LayersModel) {
  console.log(`${name}: ${model.countParams()} weights`);
  const optimizer = tf.train.adam(2e-3);
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const accuracyOn = async (data: LabelledImages): Promise<number> =>
    confusionMatrix(data.labels, (await classification(tf, model, data)).classes, 10).accuracy;
  const accuracies: number[] = [];
  const watch: LearningCallback = { onEpoch: async () => void accuracies.push(await accuracyOn(few)) };
  const { losses, seconds } = await trainModel(tf, model, samples, {
    epochs,
    batchSize: 64,
    seed,
    callbacks: [learningRateSchedule(cosineDecay()), progressLines(console.log, { every: 3 }), watch],
  });
  optimizer.dispose();
  const found = await classification(tf, model, test);
  const confusion = confusionMatrix(test.labels, found.classes, 10);
  const shifted: number[] = [];
  for (const by of shifts) shifted.push(await accuracyOn(moved(few, by)));
  console.log(
    `${name}: ${percent(confusion.accuracy)} of ${test.count} held-out digits, ${seconds.toFixed(0)} s`,
  );
  return { name, model, losses, accuracies, seconds, found, confusion, shifted };
}
const dense = await studied('dense layers', imagePerceptron(tf, { seed, dropout: 0.3 }));
const convolutional = await studied('convolutions', convolutionalNetwork(tf, { seed, dropout: 0.3 }));
const results = [dense, convolutional];
type Result = typeof dense;

/** Digits that a network takes for others, the surest errors first. */
const errors = ({ found }: Result) =>
  Array.from(test.labels.keys())
    .filter((n) => found.classes[n] !== test.labels[n])
    .sort((a, b) => found.certainty[b] - found.certainty[a])
    .slice(0, 12)
    .map((n) => ({ pixels: pixelsOf(test, n), label: `${test.labels[n]} for a ${found.classes[n]}` }));

const seven = pixelsOf(test, test.labels.indexOf(7));
const aside = shiftedImage(seven, test.size, [0, 5]);
const model = convolutional.model;
const filters = await filterPictures(tf, model, 'convolution-1');
const maps = async (layer: string, pixels: Float32Array) => featureMaps(tf, model, layer, pixels);
const [first, firstAside, second] = [
  await maps('convolution-1', seven),
  await maps('convolution-1', aside),
  await maps('convolution-2', seven),
];
/** How far the map of the shifted image is from the shifted map, away from the rim. */
const [height, width] = first.size;
const deviation = Math.max(
  ...first.pictures.flatMap((picture, k) =>
    Array.from(shiftedImage(picture, first.size, [0, 5]), (value, i) =>
      i % width < 5 ? 0 : Math.abs(value - firstAside.pictures[k][i]),
    ),
  ),
);
console.log(
  `map of the shifted digit against shifted map, ${height} × ${width}: ${deviation.toExponential(1)}`,
);
tf.dispose([samples.inputs, samples.targets]);
for (const own of results) own.model.dispose();

const digitNames = Array.from({ length: 10 }, (_, k) => `${k}`);
const byEpoch = (pick: (own: Result) => readonly number[]) =>
  results.map((own) => ({
    name: own.name,
    curve: { at: pick(own).map((_, k) => k + 1), values: pick(own) },
  }));
const pictures = (name: string, stack: typeof first, colors: 'signed' | 'ink', perRow: number) => ({
  title: { name },
  size: stack.size,
  images: stack.pictures.map((pixels) => ({ pixels })),
  colors,
  perRow,
});

await coursePage(import.meta.url, {
  title: 'Image classification',
  settings: {
    seed,
    backend,
    optimizer: `Adam, rate 0.002 falling to 0 along a cosine, ${epochs} epochs of batches of 64`,
    network: results.map(({ name, model: own }) => `${name}: ${own.countParams()} weights`).join('; '),
  },
  sections: [
    {
      heading: 'Dense layers against convolutions',
      parts: [
        `Both networks saw ${training.count} digits (${source}) and are asked about ${test.count} others. The dense one takes the 784 pixels as numbers in a row; the convolutional one slides 3 × 3 filters over the image, so that what is learnt in one place is known everywhere.`,
        { tex: 'y(p)_f = \\max\\Bigl(0,\\; b_f + \\sum_{i,\\,c} W(i)_{cf}\\; x(p + i)_c\\Bigr)' },
        {
          caption: `Right answers on the ${test.count} held-out digits.`,
          head: ['network', 'weights', 'right', 'wrong', 'seconds of training'],
          rows: results.map(({ name, model: own, confusion, seconds }) => [
            name,
            own.countParams(),
            percent(confusion.accuracy),
            Math.round((1 - confusion.accuracy) * test.count),
            Math.round(seconds),
          ]),
        },
        {
          caption: `Loss on the batches, and share of wrong answers among ${few.count} held-out digits.`,
          panels: [
            {
              horizontal: { name: 'epoch' },
              vertical: { name: 'loss' },
              logarithmic: true,
              curves: byEpoch(({ losses }) => losses),
            },
            {
              horizontal: { name: 'epoch' },
              vertical: { name: 'wrong' },
              logarithmic: true,
              curves: byEpoch(({ accuracies }) => accuracies.map((own) => Math.max(1 - own, 5e-4))),
            },
          ],
        },
        {
          caption: 'Which digit (row) is taken for which (column).',
          panels: results.map(({ name, confusion }) => ({
            title: { name },
            rows: { name: 'digit', labels: digitNames },
            columns: { name: 'taken for', labels: digitNames },
            entries: confusion.counts,
          })),
        },
        {
          caption: 'Errors, the surest first.',
          panels: results
            .map((own) => ({ title: { name: own.name }, size: test.size, images: errors(own), perRow: 4 }))
            .filter(({ images }) => images.length > 0),
        },
      ],
    },
    {
      heading: 'What the filters look for',
      parts: [
        'Each filter of the first layer answers to a stroke of one direction or to one side of it: blue weights want paper, red ones want ink. Its map shows where in this digit it found that. The second layer looks at the maps of the first, and so at corners, ends and bends.',
        {
          caption:
            'The digit; filters of the first layer, and the maps of what they find, in the same order; maps of the second layer.',
          panels: [
            { title: { name: 'digit' }, size: test.size, images: [{ pixels: seven }] },
            pictures('filters', filters, 'signed', 4),
            pictures('first layer', first, 'ink', 4),
            pictures('second layer', second, 'ink', 4),
          ],
          columns: 2,
        },
      ],
    },
    {
      heading: 'A shift',
      parts: [
        { tex: 'W * (S_a x) = S_a (W * x), \\qquad (S_a x)(p) = x(p - a)' },
        `Moving the digit moves the maps: away from the rim, those of the digit moved by 5 pixels differ from the moved maps by ${deviation === 0 ? 'nothing at all' : `at most ${deviation.toExponential(0)}`}. This is equivariance. It is not invariance: the dense layers on top still know where things were, and only pooling forgets a pixel or two.`,
        {
          caption: 'The digit moved to the right, and the maps of the first layer.',
          panels: [
            { title: { name: 'moved digit' }, size: test.size, images: [{ pixels: aside }] },
            pictures('first layer', firstAside, 'ink', 4),
          ],
        },
        {
          caption: `Right answers on ${few.count} held-out digits, moved by so many pixels up, down, left or right. Neither network saw such digits.`,
          panels: [
            {
              horizontal: { name: 'shift in pixels' },
              vertical: { name: 'right' },
              verticalRange: [0, 1.02],
              curves: results.map(({ name, shifted }) => ({ name, curve: { at: shifts, values: shifted } })),
            },
          ],
        },
        `Moved by 3 pixels, ${percent(dense.shifted[3])} are still recognized by the dense layers and ${percent(convolutional.shifted[3])} by the convolutions; by 6 pixels, ${percent(dense.shifted[6])} and ${percent(convolutional.shifted[6])}.`,
      ],
    },
  ],
});
