/**
 * A generator learns to draw from a normal law that it never sees, from a discriminator that tells its samples from real
 * ones; the same with a critic that measures a distance. Run: npx tsx examples/session-2/gaussian-gan.ts
 */
import type { AnimatedPanel, NamedCurve, PlotPanel } from 'ansatz';
import {
  type AdversarialObjective,
  cosineDecay,
  denseDiscriminator,
  denseGenerator,
  generatedSamples,
  latentDraws,
  learningBackend,
  logLossObjective,
  restoreWeights,
  shapiroWilk,
  trainAdversaries,
  wassersteinObjective,
  weightAverage,
} from 'ansatz/learn';
import { coursePage } from '../course/page.ts';

const seed = 1;
const [mean, deviation] = [3, 0.5];
const count = 1000;
const { tf, name: backend } = await learningBackend();

interface Look {
  readonly step: number;
  readonly mean: number;
  readonly deviation: number;
  readonly statistic: number;
  readonly samples: Float32Array;
}

function look(generator: ReturnType<typeof denseGenerator>, step: number, draws = seed): Look {
  const tensor = generatedSamples(tf, generator, count, draws);
  const samples = Float32Array.from(tensor.dataSync());
  tensor.dispose();
  const level = samples.reduce((sum, x) => sum + x, 0) / count;
  const squares = samples.reduce((sum, x) => sum + (x - level) ** 2, 0);
  return {
    step,
    mean: level,
    deviation: Math.sqrt(squares / (count - 1)),
    statistic: shapiroWilk(samples).statistic,
    samples,
  };
}

interface Settings {
  readonly objective: AdversarialObjective;
  readonly steps: number;
  readonly batchSize: number;
  readonly discriminatorSteps: number;
  /** Of the generator and the discriminator. */
  readonly rates: readonly [number, number];
}

/** Trains one pair, and looks at the generator, its weights averaged over the last steps, as it goes. */
async function trained({ rates, ...settings }: Settings) {
  const [generator, averaged] = [1, 2].map(() => denseGenerator(tf, { latent: 100, hidden: [64, 64], seed }));
  const discriminator = denseDiscriminator(tf, { hidden: [64, 64], seed: seed + 1 });
  // No momentum: with it adversaries swing around their balance.
  const [generatorOptimizer, discriminatorOptimizer] = rates.map((rate) => tf.train.adam(rate, 0, 0.99));
  const average = weightAverage({ decay: 0.99 });
  const looks = [look(generator, 0)];
  const history = await trainAdversaries(tf, {
    ...settings,
    generator,
    discriminator,
    generatorOptimizer,
    discriminatorOptimizer,
    seed,
    schedule: cosineDecay(),
    real: (rows, random) =>
      tf.tensor2d(
        Float32Array.from({ length: rows }, () => mean + deviation * random.normal()),
        [rows, 1],
      ),
    callbacks: [
      average,
      {
        onStep: ({ step }) => {
          if (step % 25 !== 0) return;
          restoreWeights(tf, averaged, average.weights());
          looks.push(look(averaged, step));
        },
      },
    ],
  });
  // Other latent draws than those looked at before: the law should not depend on them.
  const again = Array.from({ length: 20 }, (_, k) => look(averaged, settings.steps, seed + 100 + k));
  for (const model of [generator, averaged, discriminator]) model.dispose();
  for (const optimizer of [generatorOptimizer, discriminatorOptimizer]) optimizer.dispose();
  const last = looks[looks.length - 1];
  const normal = again.filter(({ statistic }) => statistic >= 0.995).length;
  const met = again.filter(
    (own) =>
      own.statistic >= 0.995 &&
      Math.abs(own.mean - mean) < 0.05 &&
      Math.abs(own.deviation - deviation) < 0.05,
  ).length;
  console.log(
    `${settings.objective.name}: after ${last.step} steps mean ${last.mean.toFixed(3)}, deviation ${last.deviation.toFixed(3)}, W ${last.statistic.toFixed(4)}; W of at least 0.995 in ${normal} of ${again.length} other samples of ${count}, mean and deviation within 0.05 as well in ${met}`,
  );
  return { ...settings, looks, again, normal, met, last, ...history };
}

const classic = await trained({
  objective: logLossObjective({ flatness: 1 }),
  steps: 1500,
  batchSize: 256,
  discriminatorSteps: 1,
  rates: [0.001, 0.002],
});
const wasserstein = await trained({
  objective: wassersteinObjective({ weight: 1, oneSided: true }),
  steps: 1000,
  batchSize: 128,
  discriminatorSteps: 3,
  rates: [0.0003, 0.003],
});

/** W of samples that are normal. */
const exact = Array.from({ length: 20 }, (_, k) => shapiroWilk(latentDraws(count, 1, k)).statistic);
const edges = Array.from({ length: 41 }, (_, k) => -1.2 + 0.15 * k);
const centers = edges.slice(1).map((edge, k) => (edge + edges[k]) / 2);
const density = {
  name: 'the law to be learnt',
  curve: {
    at: Array.from({ length: 201 }, (_, k) => -1.2 + 0.03 * k),
    values: Array.from(
      { length: 201 },
      (_, k) =>
        Math.exp(-0.5 * ((-1.2 + 0.03 * k - mean) / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI)),
    ),
  },
};
const histogram = ({ samples }: Look): NamedCurve => ({
  name: 'generated',
  mark: 'bars',
  curve: {
    at: centers,
    values: centers.map(
      (_, k) => samples.filter((x) => x >= edges[k] && x < edges[k + 1]).length / (count * 0.15),
    ),
  },
});
type Trained = Awaited<ReturnType<typeof trained>>;
const animation = ({ objective, looks }: Trained): AnimatedPanel => ({
  title: { name: objective.name },
  horizontal: { name: 'x' },
  vertical: { name: 'density' },
  horizontalRange: [-1.2, 4.8],
  verticalRange: [0, 1.2],
  frames: looks.map((own) => ({ label: `step ${own.step}`, curves: [histogram(own), density] })),
});
const path = (
  name: string,
  of: (own: Look) => number,
  target?: number,
  verticalRange?: readonly [number, number],
): PlotPanel => ({
  title: { name },
  horizontal: { name: 'step' },
  vertical: { name },
  verticalRange,
  curves: [
    ...[classic, wasserstein].map(({ objective, looks }) => ({
      name: objective.name,
      curve: { at: looks.map(({ step }) => step), values: looks.map(of) },
    })),
    ...(target === undefined
      ? []
      : [
          {
            name: 'goal',
            mark: 'dashes' as const,
            curve: { at: [0, classic.steps], values: [target, target] },
          },
        ]),
  ],
});
const every = (values: readonly number[]) => ({
  at: values.flatMap((_, k) => (k % 5 === 0 ? [k + 1] : [])),
  values: values.filter((_, k) => k % 5 === 0),
});
const lossesOf = ({ objective, generatorLosses, discriminatorLosses }: Trained): PlotPanel => ({
  title: { name: objective.name },
  horizontal: { name: 'step' },
  vertical: { name: 'loss' },
  curves: [
    { name: 'generator', curve: every(generatorLosses) },
    { name: 'discriminator', curve: every(discriminatorLosses) },
  ],
});

await coursePage(import.meta.url, {
  title: 'Adversaries on a normal law',
  settings: {
    seed,
    backend,
    optimizer: 'Adam without momentum, rates that fall by half a cosine',
    network: 'generator 100–64–64–1, discriminator 1–64–64–1, leaky ReLU',
  },
  sections: [
    {
      heading: 'Two networks against each other',
      parts: [
        `A generator makes numbers out of 100 random ones. It is never told that they should have mean ${mean} and deviation ${deviation}: a discriminator sees its numbers among real ones, learns to tell them apart, and the generator learns to be taken for real.`,
        { tex: classic.objective.tex },
        `Left alone the two circle around their balance. A penalty on the discriminator's slope at real samples makes them converge (Mescheder, Geiger & Nowozin 2018), and the generator shown has the mean of its weights over the last hundred steps or so.`,
        {
          caption: `${count} generated numbers while the two learn: move the slider. The latent draws are the same in every frame.`,
          panels: [animation(classic)],
        },
        `At the end the mean is ${classic.last.mean.toFixed(3)} and the deviation ${classic.last.deviation.toFixed(3)}.`,
      ],
    },
    {
      heading: 'Is it a normal law?',
      parts: [
        'Mean and deviation say nothing of the shape. The statistic W of Shapiro and Wilk compares the sorted sample with the order statistics that a normal law would have: 1 if they lie on a line.',
        { tex: 'W = \\frac{\\bigl(\\sum_i a_i\\, x_{(i)}\\bigr)^2}{\\sum_i (x_i - \\bar x)^2}' },
        `It says nothing of place and width in turn. Before any training W is already ${classic.looks[0].statistic.toFixed(4)}, since a sum over many hidden units is nearly normal; then the shape is bent while the samples are moved, and mended at last: W = ${classic.last.statistic.toFixed(4)}, and at least 0.995 in ${classic.normal} of ${classic.again.length} further samples of ${count}; in ${classic.met} of them mean and deviation are right within 0.05 as well. Of ${exact.length} samples that a normal law itself gave, ${exact.filter((w) => w >= 0.995).length} have such a W.`,
        {
          caption: `Of ${count} generated numbers, every 25 steps.`,
          panels: [
            path('mean', (own) => own.mean, mean, [0, 5]),
            path('deviation', (own) => own.deviation, deviation, [0, 1.5]),
            path('W', (own) => own.statistic, 0.995, [0.98, 1]),
          ],
          columns: 3,
        },
      ],
    },
    {
      heading: 'A distance in place of a judge',
      parts: [
        'A discriminator that is sure of itself has little to teach. A critic measures instead how far the two laws lie apart, as the least mean way by which one heap of sand becomes the other (Wasserstein distance): the largest difference of means over functions whose slope is nowhere above 1. A penalty keeps the slope there, at points between real and generated samples.',
        { tex: wasserstein.objective.tex },
        `After ${wasserstein.last.step} steps of the generator, each after ${wasserstein.discriminatorSteps} of the critic, the mean is ${wasserstein.last.mean.toFixed(3)}, the deviation ${wasserstein.last.deviation.toFixed(3)} and W = ${wasserstein.last.statistic.toFixed(4)} (at least 0.995 in ${wasserstein.normal} of ${wasserstein.again.length} further samples).`,
        { caption: 'The same by means of a critic.', panels: [animation(wasserstein)] },
        {
          caption:
            "Losses. Those of the first pair say who is ahead, not how good the samples are: both near balance at 2 ln 2 and ln 2. The critic's falls to zero in size as the distance does.",
          panels: [classic, wasserstein].map(lossesOf),
          columns: 2,
        },
      ],
    },
  ],
});
