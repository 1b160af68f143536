/**
 * Losses and penalties (lab 1): what a loss looks for, a loss of one's own, and what L1 and L2 do to the weights.
 * Run: npx tsx examples/foundations/losses.ts
 */
import { blobs, learningBackend, lossFunctions, penalized } from 'ansatz/learn';
import { coursePage } from '../course/page.ts';

const seed = 1;
const { tf, name: backend } = await learningBackend();

/** Targets that only three of twenty inputs have to do with, and one outlier among them. */
const [count, inputs] = [120, 20];
const noise = blobs({ count: count * (inputs + 1), seed, noise: 1, centers: [[0, 0]] }).points;
const rows = Array.from({ length: count }, (_, n) => Array.from(noise.slice(n * inputs, (n + 1) * inputs)));
const truth = rows.map((row, n) => 3 * row[0] - 2 * row[1] + row[2] + 0.5 * noise[count * inputs + n]);
const spoilt = truth.map((value, n) => (n < 6 ? value + 40 : value));

/** A loss of one's own: ln cosh of the error, squares near zero and straight far away. */
const logCosh: typeof tf.losses.meanSquaredError = (targets, predictions) => {
  const error = tf.sub(predictions, targets);
  return error
    .add(tf.softplus(error.mul(-2)))
    .sub(Math.LN2)
    .mean();
};

async function weightsBy(
  loss: typeof tf.losses.meanSquaredError,
  targets: readonly number[],
  penalty: { l1?: number; l2?: number } = {},
): Promise<number[]> {
  const kernelInitializer = tf.initializers.glorotNormal({ seed });
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [inputs], kernelInitializer })],
  });
  const optimizer = tf.train.adam(0.03);
  model.compile({ optimizer, loss: penalized(tf, loss, model, penalty) });
  const [x, y] = [tf.tensor2d(rows), tf.tensor2d([...targets], [count, 1])];
  await model.fit(x, y, { epochs: 400, batchSize: count, shuffle: false, verbose: 0 });
  const weights = Array.from(await model.getWeights()[0].data());
  tf.dispose([x, y]);
  model.dispose();
  optimizer.dispose();
  return weights;
}

const squares = tf.losses.meanSquaredError;
const results = [
  { name: 'squares', weights: await weightsBy(squares, truth) },
  { name: 'squares with L1', weights: await weightsBy(squares, truth, { l1: 0.4 }) },
  { name: 'squares with L2', weights: await weightsBy(squares, truth, { l2: 0.4 }) },
];
const robust = [
  { name: 'squares', weights: await weightsBy(squares, spoilt) },
  { name: 'absolute errors', weights: await weightsBy(tf.losses.absoluteDifference, spoilt) },
  { name: 'ln cosh, our own', weights: await weightsBy(logCosh, spoilt) },
];
const small = (weights: readonly number[]): number => weights.filter((w) => Math.abs(w) < 0.02).length;
for (const { name, weights } of results)
  console.log(
    `${name.padEnd(18)} ${small(weights)} of ${inputs} weights below 0.02, first ${weights[0].toFixed(2)}`,
  );
for (const { name, weights } of robust)
  console.log(
    `with outliers, ${name.padEnd(18)} first three ${weights
      .slice(0, 3)
      .map((w) => w.toFixed(2))
      .join(', ')}`,
  );

const prediction = Array.from({ length: 197 }, (_, i) => 0.01 + i / 200);
const error = Array.from({ length: 161 }, (_, i) => -4 + i / 20);
const bars = (list: typeof results) =>
  list.map(({ name, weights }) => ({
    title: { name },
    horizontal: { name: 'input' },
    vertical: { name: 'weight' },
    verticalRange: [-2.5, 3.5] as const,
    curves: [
      { name: 'weight', mark: 'bars' as const, curve: { at: weights.map((_, k) => k + 1), values: weights } },
    ],
  }));
await coursePage(import.meta.url, {
  title: 'Losses and penalties',
  settings: { seed, backend, optimizer: 'Adam, rate 0.03, 400 steps' },
  sections: [
    {
      heading: 'What a loss looks for',
      parts: [
        ...lossFunctions.map(({ tex, name }) => ({ tex: `\\text{${name}: } ${tex}` })),
        {
          caption: 'Left: losses of an error. Right: the cross-entropy of a probability, for either class.',
          panels: [
            {
              horizontal: { name: 'error' },
              vertical: { name: 'loss' },
              verticalRange: [0, 6],
              curves: lossFunctions.slice(0, 3).map(({ name, value }) => ({
                name,
                curve: { at: error, values: error.map((e) => value(0, e)) },
              })),
            },
            {
              horizontal: { name: 'predicted probability' },
              vertical: { name: 'loss' },
              curves: [0, 1].map((y) => ({
                name: `class ${y}`,
                curve: { at: prediction, values: prediction.map((p) => lossFunctions[3].value(y, p)) },
              })),
            },
          ],
        },
        `Six of ${count} targets were shifted by 40. The true first weights are 3, −2 and 1. Squares are pulled by the outliers; absolute errors and ln cosh, which is straight far from the target, hardly are.`,
        {
          caption: 'The first three weights found from data with outliers.',
          head: ['loss', 'first', 'second', 'third'],
          rows: robust.map(({ name, weights }) => [name, ...weights.slice(0, 3).map((w) => w.toFixed(2))]),
        },
      ],
    },
    {
      heading: 'Penalties',
      parts: [
        { tex: 'L + \\lambda_1 \\sum_i |w_i| + \\lambda_2 \\sum_i w_i^2' },
        `Only three of ${inputs} inputs matter. A penalty on magnitudes pulls every weight with the same force however small it is, until it is zero: ${small(results[1].weights)} weights are below 0.02. One on squares pulls large weights more and small ones hardly: ${small(results[2].weights)} are. Both shrink the weights that matter as well.`,
        { caption: 'Weights without and with a penalty of 0.4.', panels: bars(results), columns: 3 },
      ],
    },
  ],
});
