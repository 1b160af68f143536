/**
 * A siamese network: do two images show the same digit? Asked also about digits that it has never seen.
 * Run: npx tsx examples/session-2/siamese.ts [--mnist FOLDER]
 */

import type { Tensor } from '@tensorflow/tfjs';
import type { PlotPanel } from 'ansatz';
import {
  contrastiveLoss,
  cosineDecay,
  distanceThreshold,
  imageBranch,
  imagesAt,
  type LabelledImages,
  learningBackend,
  learningRateSchedule,
  pairAccuracy,
  pixelsOf,
  principalComponents,
  progressLines,
  type SamplePairs,
  samplePairs,
  siameseNetwork,
  trainModel,
} from 'ansatz/learn';
import { digitImages } from '../course/digit-images.ts';
import { coursePage } from '../course/page.ts';

const seed = 1;
const [pairCount, testCount, epochs, features] = [6000, 1000, 6, 16];
const { tf, name: backend } = await learningBackend();
const { training, test, source } = await digitImages(4000, 1500, seed);
const known = [0, 1, 2, 3, 4, 5, 6];
const only = (data: LabelledImages, digits: readonly number[]): LabelledImages =>
  imagesAt(
    data,
    Array.from(data.labels.keys()).filter((n) => digits.includes(data.labels[n])),
  );
const sets = {
  training: only(training, known),
  known: only(test, known),
  unseen: only(test, [7, 8, 9]),
};

/** Both images of each pair, (pairs, height, width, 1). */
function imagesOf(data: LabelledImages, { first, second }: SamplePairs): Tensor[] {
  return [first, second].map((positions) => {
    const { images, count, size } = imagesAt(data, positions);
    return tf.tensor4d(images, [count, ...size, 1]);
  });
}
async function outputOf(network: typeof metric, data: LabelledImages, pairs: SamplePairs) {
  const inputs = imagesOf(data, pairs);
  const output = tf.tidy(() => network.model.predict(inputs, { batchSize: 256 }) as Tensor);
  const values = Float64Array.from(await output.data());
  tf.dispose([...inputs, output]);
  return values;
}
const pairs = samplePairs(sets.training.labels, { count: pairCount, seed });
const trained = async (output: 'distance' | 'probability') => {
  const branch = imageBranch(tf, { filters: [8, 16], features, activation: 'linear', seed });
  const network = siameseNetwork(tf, branch, { output, seed: seed + 1 });
  const inputs = imagesOf(sets.training, pairs);
  const targets = tf.tensor2d(Float32Array.from(pairs.same), [pairs.count, 1]);
  const optimizer = tf.train.adam(2e-3);
  const loss = output === 'distance' ? contrastiveLoss(tf) : 'binaryCrossentropy';
  network.model.compile({ optimizer, loss });
  await trainModel(
    tf,
    network.model,
    { inputs, targets },
    {
      epochs,
      batchSize: 50,
      seed,
      callbacks: [learningRateSchedule(cosineDecay(0.05)), progressLines(console.log, { every: 2 })],
    },
  );
  tf.dispose([...inputs, targets]);
  optimizer.dispose();
  return network;
};
const metric = await trained('distance');
const judge = await trained('probability');

/** The threshold comes from the pairs of training; accuracies are those of held-out pairs. */
const { threshold } = distanceThreshold(await outputOf(metric, sets.training, pairs), pairs.same);
const results = await Promise.all(
  (['known', 'unseen'] as const).map(async (name) => {
    const own = samplePairs(sets[name].labels, { count: testCount, seed: seed + 2 });
    const distances = await outputOf(metric, sets[name], own);
    const probabilities = await outputOf(judge, sets[name], own);
    return {
      name: name === 'known' ? 'digits 0 to 6' : 'digits 7 to 9, never seen',
      distances,
      pairs: own,
      byDistance: pairAccuracy(distances, own.same, threshold),
      byProbability: pairAccuracy(
        probabilities.map((p) => -p),
        own.same,
        -0.5,
      ),
    };
  }),
);
for (const { name, byDistance, byProbability } of results)
  console.log(
    `${name}: ${(100 * byDistance).toFixed(1)}% by distance, ${(100 * byProbability).toFixed(1)}% by probability`,
  );

const bins = 30;
function histogram({ name, distances, pairs: own }: (typeof results)[number]): PlotPanel {
  const largest = Math.max(...distances);
  const at = Array.from({ length: bins }, (_, k) => ((k + 0.5) * largest) / bins);
  const counts = (same: number) => {
    const values = new Array<number>(bins).fill(0);
    distances.forEach((distance, n) => {
      if (own.same[n] === same) values[Math.min(bins - 1, Math.floor((bins * distance) / largest))] += 1;
    });
    return values;
  };
  const highest = Math.max(...counts(1), ...counts(0));
  return {
    title: { name },
    horizontal: { name: 'distance' },
    vertical: { name: 'pairs' },
    curves: [
      { name: 'same digit', curve: { at, values: counts(1) } },
      { name: 'different digits', curve: { at, values: counts(0) } },
      { name: 'threshold', mark: 'dashes', curve: { at: [threshold, threshold], values: [0, highest] } },
    ],
  };
}

/** Embeddings of held-out images in the plane of their principal components. */
const embedding = async (data: LabelledImages) => {
  const output = tf.tidy(
    () =>
      metric.branch.predict(tf.tensor4d(data.images, [data.count, ...data.size, 1]), {
        batchSize: 256,
      }) as Tensor,
  );
  const values = Float64Array.from(await output.data());
  output.dispose();
  return values;
};
const embedded = { known: await embedding(sets.known), unseen: await embedding(sets.unseen) };
const plane = principalComponents(embedded.known, features);
const cloud = (name: 'known' | 'unseen', directions: typeof plane, digits: readonly number[]): PlotPanel => {
  const scores = directions.leading(2).transform(embedded[name]);
  return {
    title: { name: `digits ${digits.join(', ')}` },
    horizontal: { name: 'first component' },
    vertical: { name: 'second component' },
    curves: digits.map((digit) => {
      const own = Array.from(sets[name].labels.keys()).filter((n) => sets[name].labels[n] === digit);
      return {
        name: `${digit}`,
        mark: 'circle',
        curve: { at: own.map((n) => scores[2 * n]), values: own.map((n) => scores[2 * n + 1]) },
      };
    }),
  };
};

/** Pairs that were judged wrongly, one image on top of the other. */
const [height, width] = test.size;
const mistakes = results.flatMap(({ distances, pairs: own }, k) =>
  Array.from(distances.keys())
    .filter((n) => distances[n] < threshold !== (own.same[n] === 1))
    .slice(0, 7)
    .map((n) => {
      const data = k === 0 ? sets.known : sets.unseen;
      const both = [own.first[n], own.second[n]].map((position) => pixelsOf(data, position));
      return { pixels: [...both[0], ...both[1]], label: distances[n].toFixed(2) };
    }),
);

await coursePage(import.meta.url, {
  title: 'Pairs of images: a siamese network',
  notes: [
    `Digits: ${source}. ${pairs.count} pairs of digits 0 to 6 to learn from; ${testCount} held-out pairs of each kind.`,
  ],
  settings: {
    seed,
    backend,
    optimizer: 'Adam, 0.002 and falling',
    network: `two convolutions, embedding of ${features}`,
  },
  sections: [
    {
      heading: 'Alike or not',
      parts: [
        'The question is not what an image shows, but whether two of them show the same. Both go through one branch f, with one set of weights, and what comes out is compared; so the answer cannot depend on which comes first.',
        {
          tex: 'd = |f(x_1) - f(x_2)|, \\qquad L = \\tfrac12\\, y\\, d^2 + \\tfrac12\\,(1 - y)\\,\\max(0,\\, 1 - d)^2',
        },
        'This contrastive loss pulls pairs of one digit (y = 1) together and pushes the others apart until their distance is 1. The second network turns the difference, component by component, into a probability instead, and is trained on cross-entropy.',
        { tex: 'p = \\sigma\\Big( b + \\sum_j w_j\\, |f_j(x_1) - f_j(x_2)| \\Big)' },
        {
          caption: 'Share of held-out pairs judged rightly; by chance it would be 50%.',
          head: ['pairs of', 'by distance', 'by probability'],
          rows: results.map(({ name, byDistance, byProbability }) => [
            name,
            `${(100 * byDistance).toFixed(1)}%`,
            `${(100 * byProbability).toFixed(1)}%`,
          ]),
        },
        {
          caption: `How many held-out pairs are how far apart. The threshold, ${threshold.toFixed(2)}, was chosen on the pairs of training.`,
          panels: results.map(histogram),
          columns: 2,
        },
        'Neither network has seen a 7, 8 or 9. What they learnt is how images of one digit differ and how those of two digits do, and much of it holds for new ones; not all: features that no known digit needed were not learnt.',
      ],
    },
    {
      heading: 'The embedding',
      parts: [
        `The branch brings an image to ${features} numbers. Seen in the plane of their first two principal components:`,
        {
          caption:
            'Held-out digits of the kinds that were trained on, a cloud for each; clouds that overlap here may be apart along further components.',
          panels: [cloud('known', plane, known)],
        },
        {
          caption: 'Digits never seen, in the same plane and in that of their own principal components.',
          panels: [
            cloud('unseen', plane, [7, 8, 9]),
            cloud('unseen', principalComponents(embedded.unseen, features), [7, 8, 9]),
          ],
          columns: 2,
        },
        ...(mistakes.length === 0
          ? []
          : [
              {
                caption: 'Pairs judged wrongly, with their distances: known digits first, then new ones.',
                panels: [
                  { size: [2 * height, width] as const, images: mistakes, perRow: 7, range: [0, 1] as const },
                ],
              },
            ]),
      ],
    },
  ],
});
metric.dispose();
judge.dispose();
