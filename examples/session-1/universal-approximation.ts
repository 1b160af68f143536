/**
 * One hidden layer comes as near to a function as one likes: error against width; wide networks under gradient descent.
 * Run: npx tsx examples/session-1/universal-approximation.ts
 */
import {
  hiddenLayerFit,
  type LearningCallback,
  learningBackend,
  storedWeights,
  trainModel,
  weightDisplacement,
} from 'ansatz/learn';
import { coursePage } from '../course/page.ts';

const seed = 1;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];
const signed = (value: number, digits: number): string => value.toFixed(digits).replace('-', '−');
/** The power of the width in the error, by a line through the logarithms. */
function exponent(at: readonly number[], values: readonly number[]): number {
  const [x, y] = [at.map(Math.log), values.map(Math.log)];
  const mean = (own: readonly number[]): number => own.reduce((a, b) => a + b) / own.length;
  const [mx, my] = [mean(x), mean(y)];
  return mean(x.map((own, i) => (own - mx) * (y[i] - my))) / mean(x.map((own) => (own - mx) ** 2));
}

/** Best combinations of random units: root mean square and largest error on 2001 points, the median of five draws. */
const targets = [
  { name: 'smooth', f: (x: number) => Math.exp(x) * Math.cos(4 * x), steepness: 4 },
  { name: 'kink', f: (x: number) => Math.abs(x - 0.1) },
  { name: 'jump', f: (x: number) => (x < 0.1 ? -0.5 : 0.5) },
];
const widths = [2, 4, 8, 16, 32, 64, 128];
const grid = Float64Array.from({ length: 2001 }, (_, n) => -1 + n / 1000);
const draws = [1, 2, 3, 4, 5];
const fits = targets.map(({ name, f, steepness }) => {
  const errors = widths.map((width) => {
    const own = draws.map((draw) => {
      const values = hiddenLayerFit(f, { width, seed: draw, steepness }).at(grid);
      const off = Array.from(values, (value, n) => value - f(grid[n]));
      return {
        mean: Math.sqrt(off.reduce((sum, e) => sum + e * e, 0) / off.length),
        largest: Math.max(...off.map(Math.abs)),
      };
    });
    return { mean: median(own.map((e) => e.mean)), largest: median(own.map((e) => e.largest)) };
  });
  const wide = widths.slice(2);
  const power = exponent(
    wide,
    errors.slice(2).map(({ mean }) => mean),
  );
  console.log(
    `${name}: error (root mean square) ${errors.map(({ mean }) => mean.toExponential(1)).join(' ')}, like width^${power.toFixed(2)}`,
  );
  return { name, f, steepness, errors, power };
});

/**
 * Networks of growing width under stochastic gradient descent on the same samples. Targets times √m and the loss over m
 * are the same as an output divided by √m.
 */
const { tf, name: backend } = await learningBackend({ backend: 'cpu' });
const [samples, steps] = [24, 1500];
const x = Float32Array.from({ length: samples }, (_, n) => -1 + (2 * n) / (samples - 1));
const y = x.map((own) => Math.sin(Math.PI * own));
async function descent(width: number, draw: number) {
  const normal = (stddev: number, part: number) =>
    tf.initializers.randomNormal({ stddev, seed: 1000 * draw + part });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: width,
        activation: 'tanh',
        inputShape: [1],
        kernelInitializer: normal(2, 1),
        biasInitializer: normal(1, 2),
      }),
      tf.layers.dense({ units: 1, useBias: false, kernelInitializer: normal(1, 3) }),
    ],
  });
  const inputs = tf.tensor2d(x, [samples, 1]);
  const scaled = tf.tensor2d(
    y.map((own) => Math.sqrt(width) * own),
    [samples, 1],
  );
  const optimizer = tf.train.sgd(0.1);
  model.compile({ optimizer, loss: (t, p) => tf.losses.meanSquaredError(t, p).div(width) });
  const start = await storedWeights(model);
  const found: { step: number; loss: number }[] = [];
  let next = 1;
  const watch: LearningCallback = {
    onBatch: ({ step }) => {
      if (step < next) return;
      next = Math.ceil(1.2 * step + 0.5);
      const loss = tf.tidy(
        () =>
          tf.losses.meanSquaredError(scaled, model.predictOnBatch(inputs) as typeof inputs).dataSync()[0] /
          width,
      );
      found.push({ step, loss });
    },
  };
  const batchSize = samples / 3;
  await trainModel(
    tf,
    model,
    { inputs, targets: scaled },
    { epochs: steps / 3, batchSize, seed: draw, callbacks: [watch] },
  );
  const moved = weightDisplacement(start, await storedWeights(model));
  const shown = tf.tidy(() => {
    const line = tf.linspace(-1, 1, 101).reshape([101, 1]);
    return Array.from((model.predictOnBatch(line) as typeof line).dataSync(), (v) => v / Math.sqrt(width));
  });
  tf.dispose([inputs, scaled]);
  optimizer.dispose();
  model.dispose();
  return { width, found, moved, shown, loss: found.at(-1)!.loss };
}
const descentWidths = [4, 16, 64, 256, 1024];
const descents = [];
for (const width of descentWidths) {
  const own = [await descent(width, 1), await descent(width, 2), await descent(width, 3)];
  const [moved, loss] = [median(own.map((run) => run.moved)), median(own.map((run) => run.loss))];
  console.log(
    `width ${width}: loss ${loss.toExponential(2)}, weights moved by ${(100 * moved).toFixed(1)} %`,
  );
  descents.push({ ...own[0], moved, loss });
}
const [narrow, widest] = [descents[0], descents.at(-1)!];
const laziness = exponent(
  descentWidths,
  descents.map(({ moved }) => moved),
);
console.log(`weights move like width^${laziness.toFixed(2)}`);

const fitOf = (target: (typeof fits)[number], width: number) =>
  hiddenLayerFit(target.f, { width, seed, steepness: target.steepness }).at(grid);
const line = Array.from({ length: 101 }, (_, n) => -1 + n / 50);
await coursePage(import.meta.url, {
  title: 'Universal approximation',
  settings: {
    seed,
    backend,
    optimizer: 'least squares for the output weights; gradient descent on batches of a third of the samples',
    network: 'one hidden layer of tanh units',
  },
  sections: [
    {
      heading: 'Error against width',
      parts: [
        'A sum of enough bends comes as near to a continuous function on an interval as one likes (Cybenko 1989, Hornik 1991). How many are enough depends on the function.',
        { tex: 'f(x) \\approx c_0 + \\sum_{j=1}^{m} c_j\\, \\tanh(w_j x + b_j)' },
        'Here the units are drawn at random, each bending at some place of the interval, and only the output weights are fitted, by least squares: no training gets in the way of what the sum can do.',
        {
          caption: 'Three functions, and what 4, 16 and 64 units make of them.',
          panels: fits.map((target) => ({
            title: { name: target.name },
            horizontal: { name: 'x' },
            vertical: { name: 'f' },
            curves: [
              {
                name: 'function',
                mark: 'dashes' as const,
                curve: { at: grid, values: Array.from(grid, target.f) },
              },
              ...[4, 16, 64].map((width) => ({
                name: `${width} units`,
                curve: { at: grid, values: fitOf(target, width) },
              })),
            ],
          })),
          columns: 3,
        },
        {
          caption:
            'Root mean square error (left) and largest error (right) against the width, medians of five draws of the units.',
          panels: (['mean', 'largest'] as const).map((kind) => ({
            horizontal: { name: 'width' },
            vertical: { name: kind === 'mean' ? 'root mean square error' : 'largest error' },
            logarithmic: 'both' as const,
            curves: fits.map(({ name, errors }) => ({
              name,
              curve: { at: widths, values: errors.map((own) => own[kind]) },
            })),
          })),
        },
        {
          caption: 'Root mean square error, and the power of the width that fits it from 8 units on.',
          head: ['function', ...widths.map((width) => `${width} units`), 'power'],
          rows: fits.map(({ name, errors, power }, k) => [
            name,
            ...errors.map(({ mean }) => Number(mean.toPrecision(2))),
            k === 0 ? 'faster' : Number(power.toFixed(2)),
          ]),
        },
        `For the smooth function the error falls faster than any power, until the units are so alike that the arithmetic can no longer tell them apart. For the kink it falls like the width to the power ${signed(fits[1].power, 1)}, for the jump like ${signed(fits[2].power, 1)}: in the mean square, that is. The largest error at the jump, ${fits[2].errors.at(-1)!.largest.toFixed(2)} with ${widths.at(-1)} units, does not go to zero, for the theorem is about continuous functions.`,
      ],
    },
    {
      heading: 'Wide networks under gradient descent',
      parts: [
        `Now all weights learn, by gradient descent on batches of ${samples / 3} out of ${samples} samples of sin(πx), with the same rate for every width. The output is divided by √m, so that it neither grows nor fades with the width.`,
        { tex: 'f(x) = \\frac{1}{\\sqrt m} \\sum_{j=1}^{m} a_j\\, \\tanh(w_j x + b_j)' },
        {
          caption: `Left: loss on all samples by steps. Middle: how far the weights have moved after ${steps} steps, relative to their length at the start, and a power of −1/2 (dashes). Right: what the networks draw.`,
          panels: [
            {
              horizontal: { name: 'step' },
              vertical: { name: 'loss' },
              logarithmic: 'both',
              curves: descents.map(({ width, found }) => ({
                name: `width ${width}`,
                curve: { at: found.map(({ step }) => step), values: found.map(({ loss }) => loss) },
              })),
            },
            {
              horizontal: { name: 'width' },
              vertical: { name: 'relative movement' },
              logarithmic: 'both',
              curves: [
                {
                  name: 'moved',
                  mark: 'circle',
                  curve: { at: descentWidths, values: descents.map(({ moved }) => moved) },
                },
                {
                  name: 'power −1/2',
                  mark: 'dashes',
                  curve: {
                    at: descentWidths,
                    values: descentWidths.map((width) => widest.moved * Math.sqrt(widest.width / width)),
                  },
                },
              ],
            },
            {
              horizontal: { name: 'x' },
              vertical: { name: 'f' },
              curves: [
                ...descents.map(({ width, shown }) => ({
                  name: `width ${width}`,
                  curve: { at: line, values: shown },
                })),
                { name: 'samples', mark: 'circle', curve: { at: x, values: y } },
              ],
            },
          ],
          columns: 3,
        },
        {
          caption: 'Medians of three draws.',
          head: ['width', 'loss', 'relative movement'],
          rows: descents.map(({ width, loss, moved }) => [
            width,
            Number(loss.toPrecision(2)),
            Number(moved.toPrecision(2)),
          ]),
        },
        `The weights of ${narrow.width} units moved by ${(100 * narrow.moved).toFixed(0)} % of their length, those of ${widest.width} by ${(100 * widest.moved).toFixed(1)} %: like the width to the power ${signed(laziness, 2)}. Many units have to do little each. This is called lazy training: the network hardly leaves the neighbourhood of its start, where it is as good as linear in its weights, and there the loss is a bowl without traps. That makes wide networks easy to train; it also means that their units hardly learn new features.`,
      ],
    },
  ],
});
