/**
 * Online, mini-batch and full-batch training of one network: by epochs, by steps, by time, and the noise of the gradient.
 * Run: npx tsx examples/session-1/training-schemes.ts
 */
import {
  cosineDecay,
  gradientNoise,
  type LearningCallback,
  learningBackend,
  learningRateSchedule,
  moons,
  restoreWeights,
  seededLayers,
  storedWeights,
  trainModel,
} from 'ansatz/learn';
import { coursePage } from '../course/page.ts';

const seed = 1;
const { tf, name: backend } = await learningBackend({ backend: 'cpu' });
const data = moons({ count: 1024, seed, noise: 0.2 });
const inputs = tf.tensor2d(Float32Array.from(data.points), [data.count, 2]);
const targets = tf.tensor2d(Float32Array.from(data.labels), [data.count, 1]);

const { dense } = seededLayers(tf, seed);
const model = tf.sequential({
  layers: [
    dense({ units: 16, activation: 'tanh', inputShape: [2] }),
    dense({ units: 16, activation: 'tanh' }),
    dense({ units: 1, activation: 'sigmoid' }),
  ],
});
const start = await storedWeights(model);
const loss = (y: Parameters<typeof tf.metrics.binaryCrossentropy>[0], p: typeof y) =>
  tf.metrics.binaryCrossentropy(y, p);
const wholeLoss = (): number =>
  tf.tidy(
    () =>
      loss(targets, model.predictOnBatch(inputs) as typeof inputs)
        .mean()
        .dataSync()[0],
  );

/** A callback of one's own: the loss on all samples at steps that lie evenly on a logarithmic axis, not timed. */
function watched(batchSize: number) {
  const found = [{ step: 0, epoch: 0, seconds: 0, loss: wholeLoss() }];
  let [next, spent] = [1, 0];
  const callback: LearningCallback = {
    onBatch: ({ step, seconds }) => {
      if (step < next) return;
      next = Math.max(step + 1, 1.15 * step);
      const before = performance.now();
      const epoch = (step * batchSize) / data.count;
      found.push({ step, epoch, seconds: seconds - spent, loss: wholeLoss() });
      spent += (performance.now() - before) / 1000;
    },
  };
  return { found, callback };
}

const schemes = [
  { name: 'online', batchSize: 1, rate: 0.1, epochs: 6 },
  { name: 'online, rate falling', batchSize: 1, rate: 0.1, epochs: 6, falling: true },
  { name: 'mini-batches of 16', batchSize: 16, rate: 0.4, epochs: 40 },
  { name: 'full batch', batchSize: data.count, rate: 1, epochs: 400 },
];
async function trained(scheme: (typeof schemes)[number]) {
  restoreWeights(tf, model, start);
  const optimizer = tf.train.sgd(scheme.rate);
  model.compile({ optimizer, loss: 'binaryCrossentropy' });
  const { found, callback } = watched(scheme.batchSize);
  const callbacks = scheme.falling ? [callback, learningRateSchedule(cosineDecay())] : [callback];
  await trainModel(tf, model, { inputs, targets }, { ...scheme, seed, callbacks });
  optimizer.dispose();
  const reached = found.find((own) => own.loss < 0.2);
  const late = found.filter(({ step }) => step > found.at(-1)!.step / 2).map((own) => own.loss);
  const spread = Math.max(...late) - Math.min(...late);
  console.log(
    `${scheme.name}: loss 0.2 after ${reached?.epoch.toFixed(1)} epochs, ${reached?.step} steps, ${reached?.seconds.toFixed(2)} s; last ${found.at(-1)!.loss.toFixed(3)}, spread ${spread.toFixed(3)}`,
  );
  return { ...scheme, found, reached, last: found.at(-1)!.loss, spread };
}
const runs: Awaited<ReturnType<typeof trained>>[] = [];
for (const scheme of schemes) runs.push(await trained(scheme));
const [online, calmed, batches, full] = runs;
const seconds = ({ reached }: (typeof runs)[number]): string => reached?.seconds.toFixed(1) ?? 'more';

/** The noise of the gradient at the start, and where mini-batches lead. */
const batchSizes = [1, 2, 4, 8, 16, 32, 64, 128];
const noiseHere = () => gradientNoise(tf, model, { inputs, targets }, { loss, batchSizes, draws: 60, seed });
restoreWeights(tf, model, start);
const early = noiseHere();
const optimizer = tf.train.sgd(0.3);
model.compile({ optimizer, loss: 'binaryCrossentropy' });
await trainModel(tf, model, { inputs, targets }, { epochs: 40, batchSize: 16, seed });
const late = noiseHere();
optimizer.dispose();
tf.dispose([inputs, targets]);
model.dispose();
const moments = [
  { name: 'at the start', noise: early },
  { name: 'after 40 epochs', noise: late },
];
for (const { name, noise } of moments)
  console.log(
    `${name}: gradient ${noise.gradientNorm.toFixed(3)}, deviation of one sample ${noise.sampleDeviation.toFixed(3)}, noise scale ${noise.noiseScale.toFixed(1)}`,
  );

const lossesOver = (horizontal: string, at: (own: (typeof online.found)[number]) => number) => ({
  title: { name: `by ${horizontal}` },
  horizontal: { name: horizontal },
  vertical: { name: 'loss on all samples' },
  logarithmic: 'both' as const,
  curves: runs.map(({ name, found }) => ({
    name,
    curve: { at: found.slice(1).map(at), values: found.slice(1).map((own) => own.loss) },
  })),
});
const share = (noise: typeof early, value: number): number => value / noise.gradientNorm;

await coursePage(import.meta.url, {
  title: 'Training schemes',
  settings: {
    seed,
    backend,
    optimizer: 'gradient descent without momentum, a rate for each scheme',
    network: 'two hidden layers of 16 tanh units, a sigmoid on top',
  },
  sections: [
    {
      heading: 'One sample, some, or all',
      parts: [
        `Each step follows the gradient of the loss on a batch of B samples. With B = 1 the network learns online, from one sample at a time; with B = N = ${data.count} every step sees all of them; mini-batches lie between. An epoch is once through the data: ${data.count} steps online, one with the full batch.`,
        { tex: 'w \\leftarrow w - \\eta\\, \\frac{1}{B} \\sum_{n \\in \\text{batch}} \\nabla L_n(w)' },
        {
          caption:
            'The same network from the same weights on the two moons: loss on all samples, by epochs, by steps and by seconds.',
          panels: [
            lossesOver('epoch', ({ epoch }) => epoch),
            lossesOver('step', ({ step }) => step),
            lossesOver('second', ({ seconds }) => Math.max(seconds, 0.01)),
          ],
          columns: 3,
        },
        {
          caption:
            'What it took to bring the loss below 0.2, the last loss, and how far losses were apart in the second half.',
          head: ['scheme', 'batch', 'rate', 'epochs', 'steps', 'seconds', 'last loss', 'apart'],
          rows: runs.map(({ name, batchSize, rate, reached, last, spread }) => [
            name,
            batchSize,
            rate,
            reached === undefined ? 'never' : Number(reached.epoch.toFixed(1)),
            reached?.step ?? 'never',
            reached === undefined ? 'never' : Number(reached.seconds.toFixed(2)),
            Number(last.toFixed(4)),
            Number(spread.toFixed(4)),
          ]),
        },
        `By epochs the smallest batch wins: online training got there in ${online.reached?.epoch.toFixed(1) ?? 'no'} epochs, the full batch needed ${full.reached?.epoch.toFixed(0) ?? 'more'}. By steps the full batch does best, for its steps can be long: ${full.reached?.step ?? 'more'} against ${online.reached?.step ?? 'more'}. By time mini-batches are a good middle: a step on 16 samples costs hardly more than a step on one, most of it being spent around the arithmetic, and they took ${seconds(batches)} s against ${seconds(online)} online and ${seconds(full)} with the full batch.`,
        `With a constant rate, online training never comes to rest: its losses stay ${online.spread.toFixed(3)} apart, those of mini-batches ${batches.spread.toFixed(3)}. With a rate that falls to zero it ends at ${calmed.last.toFixed(3)} instead of ${online.last.toFixed(3)}.`,
      ],
    },
    {
      heading: 'The noise of the gradient',
      parts: [
        {
          tex: '\\mathbb{E}\\,|g_B - \\nabla L|^2 = \\frac{\\sigma^2}{B}\\,\\frac{N - B}{N - 1}, \\qquad \\sigma^2 = \\frac1N \\sum_n |\\nabla L_n - \\nabla L|^2',
        },
        'The gradient of a batch is right on average, and off by an error that falls like one over the square root of its size, while its price grows with the size: four times the work for half the noise.',
        {
          caption:
            'Error of a batch’s gradient relative to the gradient of all samples: measured on 60 batches of each size (circles), and by the formula (lines). Right: the cosine of the angle between the two.',
          panels: [
            {
              horizontal: { name: 'batch size' },
              vertical: { name: 'error / gradient' },
              logarithmic: 'both',
              curves: moments.flatMap(({ name, noise }) => [
                {
                  name,
                  curve: {
                    at: batchSizes,
                    values: noise.batches.map(({ expected }) => share(noise, expected)),
                  },
                },
                {
                  name,
                  mark: 'circle' as const,
                  curve: {
                    at: batchSizes,
                    values: noise.batches.map(({ deviation }) => share(noise, deviation)),
                  },
                },
              ]),
            },
            {
              horizontal: { name: 'batch size' },
              vertical: { name: 'cosine' },
              verticalRange: [0, 1.02],
              curves: moments.map(({ name, noise }) => ({
                name,
                curve: { at: batchSizes, values: noise.batches.map(({ alignment }) => alignment) },
              })),
            },
          ],
        },
        {
          caption: 'The gradient’s length, the deviation σ of one sample’s, and σ²/|∇L|².',
          head: ['moment', 'gradient', 'deviation of one sample', 'noise scale'],
          rows: moments.map(({ name, noise }) => [
            name,
            Number(noise.gradientNorm.toFixed(4)),
            Number(noise.sampleDeviation.toFixed(4)),
            Number(noise.noiseScale.toPrecision(3)),
          ]),
        },
        `The noise scale is the batch size from which the error is smaller than the gradient itself. At the start, where most samples agree on the way down, it is ${early.noiseScale.toFixed(1)}; later the gradients of the samples nearly cancel, and it is ${late.noiseScale.toFixed(0)}. So small batches do early on, and a falling rate, or a growing batch, does later.`,
      ],
    },
  ],
});
