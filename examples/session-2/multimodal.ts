/**
 * Several inputs: the upper part of a digit, and a few unsure numbers about it, read by one network.
 * Run: npx tsx examples/session-2/multimodal.ts [--mnist FOLDER]
 */
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { randomGenerator } from 'ansatz';
import {
  confusionMatrix,
  cosineDecay,
  imageBranch,
  imageSamples,
  type LabelledImages,
  learningBackend,
  learningRateSchedule,
  multimodalNetwork,
  pixelsOf,
  productOfExperts,
  progressLines,
  trainModel,
  vectorBranch,
} from 'ansatz/learn';
import { digitImages } from '../course/digit-images.ts';
import { coursePage } from '../course/page.ts';

const seed = 1;
const noise = 0.4;
const { tf, name: backend } = await learningBackend();
const digits = await digitImages(4000, 1500, seed);

/** Of each digit as it is mostly written: closed loops, loose ends, straight strokes. */
const traits = [
  [1, 0, 0],
  [0, 2, 1],
  [0, 2, 1],
  [0, 2, 0],
  [0, 4, 3],
  [0, 2, 2],
  [1, 1, 0],
  [0, 2, 2],
  [2, 0, 0],
  [1, 1, 1],
];
/** Somebody counts them, and is not sure. */
function counted({ labels, count }: LabelledImages, own: number): Float32Array {
  const random = randomGenerator(own);
  return Float32Array.from(
    { length: 3 * count },
    (_, i) => traits[labels[Math.floor(i / 3)]][i % 3] + noise * random.normal(),
  );
}
/** All but the upper two fifths is covered. */
function upperPart(data: LabelledImages): LabelledImages {
  const pixels = data.size[0] * data.size[1];
  return { ...data, images: data.images.map((pixel, i) => (i % pixels < 0.4 * pixels ? pixel : 0)) };
}
const samples = (data: LabelledImages, own: number) => {
  const { inputs, targets } = imageSamples(tf, upperPart(data));
  return { image: inputs, numbers: tf.tensor2d(counted(data, own), [data.count, 3]), targets };
};
const training = samples(digits.training, seed + 10);
const test = samples(digits.test, seed + 11);

const kinds = [
  { name: 'image alone', inputs: ['image'] },
  { name: 'numbers alone', inputs: ['numbers'] },
  { name: 'both', inputs: ['image', 'numbers'] },
] as const;
const branchOf = (input: 'image' | 'numbers'): LayersModel =>
  input === 'image' ? imageBranch(tf, { seed }) : vectorBranch(tf, { inputs: 3, seed });
const judged = (probabilities: ArrayLike<number>) => {
  const found = Array.from({ length: digits.test.count }, (_, n) => {
    const own = Array.from({ length: 10 }, (__, k) => probabilities[10 * n + k]);
    return own.indexOf(Math.max(...own));
  });
  return { found, confusion: confusionMatrix(digits.test.labels, found, 10) };
};
const results: {
  name: string;
  probabilities: Float64Array;
  found: number[];
  confusion: ReturnType<typeof confusionMatrix>;
}[] = [];
for (const { name, inputs } of kinds) {
  const { model, dispose } = multimodalNetwork(tf, inputs.map(branchOf), { classes: 10, hidden: 32, seed });
  const optimizer = tf.train.adam(2e-3);
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const listed = (from: typeof training): Tensor | Tensor[] =>
    inputs.length === 1 ? from[inputs[0]] : inputs.map((own) => from[own]);
  console.log(name);
  await trainModel(
    tf,
    model,
    { inputs: listed(training), targets: training.targets },
    {
      epochs: 10,
      batchSize: 50,
      seed,
      callbacks: [learningRateSchedule(cosineDecay(0.05)), progressLines(console.log, { every: 5 })],
    },
  );
  const output = tf.tidy(() => model.predict(listed(test), { batchSize: 256 }) as Tensor);
  const probabilities = Float64Array.from(await output.data());
  results.push({ name, probabilities, ...judged(probabilities) });
  output.dispose();
  optimizer.dispose();
  dispose();
}
const [image, numbers, both] = results;
const product = judged(productOfExperts([image.probabilities, numbers.probabilities], 10));
const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
for (const { name, confusion } of results) console.log(`${name}: ${percent(confusion.accuracy)} right`);
console.log(`the first two multiplied: ${percent(product.confusion.accuracy)} right`);

/** Digits that need both. */
const needed = Array.from(digits.test.labels.keys()).filter((n) => {
  const right = (own: { found: number[] }) => own.found[n] === digits.test.labels[n];
  return right(both) && !right(image) && !right(numbers);
});
const covered = upperPart(digits.test);
const labels = Array.from({ length: 10 }, (_, k) => `${k}`);

await coursePage(import.meta.url, {
  title: 'Several inputs',
  notes: [
    `Digits: ${digits.source}, ${digits.training.count} to learn from and ${digits.test.count} held out.`,
  ],
  settings: {
    seed,
    backend,
    optimizer: 'Adam, 0.002 and falling',
    network: 'convolutions and dense layers, joined',
  },
  sections: [
    {
      heading: 'Part of an image and three numbers',
      parts: [
        `Of each digit one sees the upper two fifths only. Somebody who has seen all of it has counted its loops, loose ends and straight strokes, and told the three numbers with errors of deviation ${noise}. Neither is enough: an upper part may belong to an 8 or a 9, and a 5 and a 7 count alike.`,
        'Each input has a branch of its own that suits it, convolutions for the image and dense layers for the numbers. What they make of it is put in one vector, which a common head reads; all of it is trained at once.',
        {
          tex: 'p(y \\mid x_1, x_2) = \\operatorname{softmax}\\, h\\big( [\\, f_1(x_1);\\; f_2(x_2)\\, ] \\big)',
        },
        {
          caption: 'Share of held-out digits told rightly.',
          head: ['seen', 'right'],
          rows: [
            ...results.map(({ name, confusion }) => [name, percent(confusion.accuracy)]),
            ['the first two, multiplied', percent(product.confusion.accuracy)],
          ],
        },
        'The last row trains nothing new: probabilities of the two networks with one input each are multiplied, as Bayes’ rule says for inputs that have nothing to do with each other once the digit is known. Here that is so by construction, and the product is told what the network has to find out from samples; where it is not so, only a network that sees both at once can learn how they belong together.',
        {
          caption: 'What was taken for what: rows are the digits, columns what they were taken for.',
          panels: results.map(({ name, confusion }) => ({
            title: { name },
            rows: { name: 'digit', labels },
            columns: { name: 'taken for', labels },
            entries: confusion.counts,
          })),
          columns: 1,
        },
        ...(needed.length === 0
          ? []
          : [
              {
                caption: `Some of the ${needed.length} digits that each input alone gets wrong and both together right. Above each: by the image, by the numbers, by both.`,
                panels: [
                  {
                    size: digits.test.size,
                    images: needed.slice(0, 16).map((n) => ({
                      pixels: pixelsOf(covered, n),
                      label: `${image.found[n]}, ${numbers.found[n]} → ${both.found[n]}`,
                    })),
                    perRow: 8,
                    range: [0, 1] as const,
                  },
                ],
              },
            ]),
      ],
    },
  ],
});
tf.dispose([...Object.values(training), ...Object.values(test)]);
