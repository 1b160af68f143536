/**
 * Digits that nobody drew: adversarial networks on images, a judge of what comes out, latent space, and lost modes.
 * Run: npx tsx examples/session-2/digit-gan.ts [--mnist FOLDER]
 */
import type { ImagePanel } from 'ansatz';
import {
  type AdversarialCallback,
  classification,
  convolutionalNetwork,
  generatedSamples,
  imageDiscriminator,
  imageGenerator,
  imageSamples,
  latentDraws,
  learningBackend,
  logLossObjective,
  type ModeCoverage,
  modeCoverage,
  principalComponents,
  restoreWeights,
  trainAdversaries,
  trainModel,
  weightAverage,
} from 'ansatz/learn';
import { digitImages } from '../course/digit-images.ts';
import { coursePage } from '../course/page.ts';

const [seed, latent, steps, badSteps, shown] = [1, 32, 1600, 480, 1000];
/** Weight of the penalty on the discriminator's slope. */
const flatness = 0.3;
const { tf, name: backend } = await learningBackend();
const { training, test, source } = await digitImages(5000, 1000, seed, { distortion: 0.5, noise: 0 });
const { size } = training;
const pixels = size[0] * size[1];

/** The judge: a classifier that sees real digits only. */
const samples = imageSamples(tf, training);
const judge = convolutionalNetwork(tf, { seed, size });
const judgeOptimizer = tf.train.adam(2e-3);
judge.compile({ optimizer: judgeOptimizer, loss: 'categoricalCrossentropy' });
await trainModel(tf, judge, { ...samples }, { epochs: 4, batchSize: 64, seed });
judgeOptimizer.dispose();
const judged = (images: Float32Array) =>
  classification(tf, judge, { images, count: images.length / pixels, size });
const onTest = await judged(test.images);
const right = onTest.classes.filter((own, n) => own === test.labels[n]).length / test.count;
const real = modeCoverage(onTest);
console.log(`the judge is right about ${(100 * right).toFixed(1)} % of ${test.count} digits it has not seen`);

const generator = imageGenerator(tf, { seed, latent, size });
async function drawn(count: number, drawSeed: number): Promise<Float32Array> {
  const images = generatedSamples(tf, generator, count, drawSeed);
  const values = Float32Array.from(await images.data());
  images.dispose();
  return values;
}
const described = ({ sure, effectiveClasses, present, sureCounts }: ModeCoverage): string =>
  `sure of ${(100 * sure).toFixed(1)} %, as diverse as ${effectiveClasses.toFixed(1)} digits, ${present} of 10 appear (${sureCounts.join(' ')})`;

/** What comes out as the training goes. */
interface Moment extends ModeCoverage {
  readonly step: number;
  readonly images: Float32Array;
}
const looked = (moments: Moment[], every: number): AdversarialCallback => {
  const look = async (step: number): Promise<void> => {
    const images = await drawn(500, 7);
    moments.push({ step, images, ...modeCoverage(await judged(images)) });
  };
  return {
    onStart: () => look(0),
    onStep: async ({ step, seconds }) => {
      if (step % every !== 0) return;
      await look(step);
      console.log(`step ${step}, ${seconds.toFixed(0)} s: ${described(moments.at(-1)!)}`);
    },
  };
};

/** One training; without flatness the discriminator soon knows every real image from every generated one. */
async function adversaries(weight: number, count: number, moments: Moment[], every: number) {
  const discriminator = imageDiscriminator(tf, { seed: seed + 100, size });
  const [generatorOptimizer, discriminatorOptimizer] = [
    tf.train.adam(1.5e-3, 0.5),
    tf.train.adam(1.5e-3, 0.5),
  ];
  const average = weightAverage({ decay: 0.99 });
  await trainAdversaries(tf, {
    generator,
    discriminator,
    real: samples.inputs,
    generatorOptimizer,
    discriminatorOptimizer,
    objective: logLossObjective({ flatness: weight }),
    steps: count,
    seed,
    callbacks: [looked(moments, every), average],
  });
  for (const own of [generatorOptimizer, discriminatorOptimizer, discriminator]) own.dispose();
  return average.weights();
}

const first = generator.getWeights().map((own) => own.clone());
const bad: Moment[] = [];
console.log('without the penalty:');
await adversaries(0, badSteps, bad, 160);
const collapsedImages = await drawn(shown, 11);
const collapsed = modeCoverage(await judged(collapsedImages));
generator.setWeights(first);
tf.dispose(first);
const good: Moment[] = [];
console.log('with it:');
restoreWeights(tf, generator, await adversaries(flatness, steps, good, 160));
const images = await drawn(shown, 11);
const verdict = await judged(images);
const coverage = modeCoverage(verdict);
console.log(`without the penalty, after ${badSteps} steps: ${described(collapsed)}`);
console.log(`with it, after ${steps} steps, weights averaged: ${described(coverage)}`);

/** Latent space: principal components of the means of the latent draws of each digit. */
const draws = latentDraws(shown, latent, 11);
const sureOf = (digit: number): number[] =>
  Array.from(verdict.classes.keys()).filter(
    (n) => verdict.classes[n] === digit && verdict.certainty[n] >= 0.9,
  );
const present = Array.from({ length: 10 }, (_, digit) => digit).filter((digit) => sureOf(digit).length > 0);
const centers = present.flatMap((digit) => {
  const own = sureOf(digit);
  return Array.from({ length: latent }, (_, j) =>
    own.reduce((sum, n) => sum + draws[n * latent + j] / own.length, 0),
  );
});
const components = principalComponents(centers, latent).leading(2);
const onPlane = components.transform(centers);
const reach = 3.2;
async function atLatent(points: ArrayLike<number>): Promise<Float32Array> {
  const output = tf.tidy(
    () =>
      generator.predict(
        tf.tensor2d(Float32Array.from(points), [points.length / latent, latent]),
      ) as typeof samples.inputs,
  );
  const values = Float32Array.from(await output.data());
  output.dispose();
  return values;
}
const side = 13;
const axis = Array.from({ length: side }, (_, i) => -reach + (2 * reach * i) / (side - 1));
const plane = await atLatent(
  components.reconstruct(axis.toReversed().flatMap((v) => axis.flatMap((u) => [u, v]))),
);
const fine = Array.from({ length: 41 }, (_, i) => -reach + (2 * reach * i) / 40);
const regions = await judged(
  await atLatent(components.reconstruct(fine.flatMap((v) => fine.flatMap((u) => [u, v])))),
);

/** From one draw to the next and on, along straight lines. */
const stops = present.slice(0, 5).map((digit) => sureOf(digit)[0]);
const legs = stops.slice(1).map((to, k) => [stops[k], to] as const);
const journey = await atLatent(
  legs.flatMap(([from, to]) =>
    Array.from({ length: 12 }, (_, i) => i / 11).flatMap((s) =>
      Array.from(
        { length: latent },
        (_, j) => (1 - s) * draws[from * latent + j] + s * draws[to * latent + j],
      ),
    ),
  ),
);

/** How many directions images vary in: variances of images of half the size along their principal components. */
function halved(own: Float32Array): Float64Array {
  const [height, width] = size;
  const small = new Float64Array(own.length / 4);
  for (let i = 0; i < own.length; i++) {
    const [n, row, column] = [Math.floor(i / pixels), Math.floor((i % pixels) / width), i % width];
    small[n * (pixels / 4) + (row >> 1) * (width / 2) + (column >> 1)] += own[i] / 4;
  }
  return small.subarray(0, (own.length / pixels / 4) * height * width);
}
const spectra = [
  { name: 'real digits', images: test.images },
  { name: 'with the penalty', images },
  { name: 'without', images: collapsedImages },
].map(({ name, images: own }) => ({ name, spectrum: principalComponents(halved(own), pixels / 4) }));
tf.dispose({ ...samples });
judge.dispose();
generator.dispose();

const picture = (own: Float32Array, n: number) => own.subarray(n * pixels, (n + 1) * pixels);
const pictures = (
  name: string,
  own: Float32Array,
  count: number,
  perRow: number,
  label?: (n: number) => string,
): ImagePanel => ({
  ...(name === '' ? {} : { title: { name } }),
  size,
  range: [0, 1],
  perRow,
  images: Array.from({ length: count }, (_, n) => ({
    pixels: picture(own, n),
    ...(label === undefined ? {} : { label: label(n) }),
  })),
});
const told = good.filter((_, k) => [0, 1, 2, 4, 7, good.length - 1].includes(k));
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const digits = Array.from({ length: 10 }, (_, digit) => digit);
const byStep = (pick: (moment: Moment) => number) =>
  [
    { name: 'with the penalty', moments: good },
    { name: 'without', moments: bad },
  ].map(({ name, moments }) => ({
    name,
    curve: { at: moments.map(({ step }) => step), values: moments.map(pick) },
  }));

await coursePage(import.meta.url, {
  title: 'Digits that nobody drew',
  settings: {
    seed,
    backend,
    optimizer: `Adam, rate 0.0015, β₁ = 0.5, ${steps} steps of 64 real and 64 generated images`,
    network: `generator of ${generator.countParams()} weights from ${latent} latent numbers, discriminator of dense layers of 256 and 128`,
  },
  sections: [
    {
      heading: 'A forger and an expert',
      parts: [
        `The generator turns ${latent} random numbers into an image; the discriminator scores images, high for what seems real. Each learns from the other: the generator never sees a digit, only how its images would have to change to score higher. Real images: ${training.count} ${source}${source === 'drawn digits' ? ', in a tidy hand (half of the usual distortion, no noise)' : ''}, without their labels.`,
        { tex: logLossObjective({ flatness }).tex },
        {
          caption: 'The same twelve draws as the training goes, a row for each of these steps.',
          panels: [
            {
              size,
              range: [0, 1],
              perRow: 12,
              images: told.flatMap(({ step, images: own }) =>
                Array.from({ length: 12 }, (_, n) => ({
                  pixels: picture(own, n),
                  label: n === 0 ? `step ${step}` : '',
                })),
              ),
            },
          ],
        },
        {
          caption: `${coverage.present === 10 ? 'Generated digits, not picked' : 'Generated images, not picked'}, with what the judge takes each for and how sure it is.`,
          panels: [
            pictures(
              '',
              images,
              60,
              12,
              (n) => `${verdict.classes[n]}: ${Math.round(100 * verdict.certainty[n])} %`,
            ),
          ],
        },
      ],
    },
    {
      heading: 'What the judge says',
      parts: [
        `The judge is a convolutional network, trained here on real digits with their labels; it is right about ${percent(right)} of ${test.count} others. It was never part of the game. Of ${shown} generated images it is at least 90 % sure of ${percent(coverage.sure)}, and ${coverage.present === 10 ? 'all ten digits appear' : `${coverage.present} of the ten digits appear`}. Weights of the generator are averages over the last hundred steps or so: adversaries circle around their balance, and the middle of the circle is nearer to it.`,
        {
          tex: 'H = -\\sum_k p_k \\ln p_k, \\qquad \\text{diversity } e^H, \\qquad \\text{score } \\exp\\, \\mathbb{E}_x\\, \\mathrm{KL}\\bigl(p(k \\mid x)\\,\\|\\,p(k)\\bigr)',
        },
        {
          caption: `Share of ${shown} images of which the judge is at least 90 % sure; diversity, the number of equally frequent digits they are worth; digits that appear; and the score of Salimans et al. (2016) with this judge, 10 at best.`,
          head: ['images', 'sure', 'diversity', 'digits', 'score'],
          rows: [
            { name: 'real digits', own: real },
            { name: 'with the penalty', own: coverage },
            { name: 'without', own: collapsed },
          ].map(({ name, own }) => [
            name,
            percent(own.sure),
            own.effectiveClasses.toFixed(2),
            own.present,
            own.score.toFixed(2),
          ]),
        },
        {
          caption:
            'Over the training, on 500 draws: the share of which the judge is sure, and the diversity of all of them.',
          panels: [
            {
              horizontal: { name: 'step' },
              vertical: { name: 'sure' },
              verticalRange: [0, 1.02],
              curves: byStep(({ sure }) => sure),
            },
            {
              horizontal: { name: 'step' },
              vertical: { name: 'diversity' },
              verticalRange: [0, 10.5],
              curves: byStep(({ effectiveClasses }) => effectiveClasses),
            },
          ],
        },
      ],
    },
    {
      heading: 'Lost modes',
      parts: [
        `The generator is only asked to make what passes for real, not everything that is real. If the discriminator is left free to be as sure as it likes, it soon knows every generated image, there is little left to learn from its scores, and the generator sends all its draws to the one place that pays best at the moment: mode collapse. Without the penalty on the slope at real images, ${badSteps} steps from the same start lead to images worth ${collapsed.effectiveClasses.toFixed(1)} digits, of which the judge is sure of ${percent(collapsed.sure)}.`,
        {
          caption: `Without the penalty, after ${badSteps} steps.`,
          panels: [pictures('', collapsedImages, 24, 12)],
        },
        {
          caption:
            'Left: how often the judge sees each digit. Right: variances of the images, at half their size, along their principal components.',
          panels: [
            {
              horizontal: { name: 'digit' },
              vertical: { name: 'share' },
              curves: [
                { name: 'with the penalty', mark: 'bars', curve: { at: digits, values: coverage.shares } },
                {
                  name: 'without',
                  mark: 'cross',
                  curve: { at: digits, values: collapsed.shares },
                },
                { name: 'real digits', mark: 'circle', curve: { at: digits, values: real.shares } },
              ],
            },
            {
              horizontal: { name: 'component' },
              vertical: { name: 'variance' },
              logarithmic: true,
              verticalRange: [1e-5, 10],
              curves: spectra.map(({ name, spectrum }) => ({
                name,
                curve: {
                  at: Array.from({ length: 60 }, (_, k) => k + 1),
                  values: spectrum.variances.subarray(0, 60).map((own) => Math.max(own, 1e-9)),
                },
              })),
            },
          ],
        },
      ],
    },
    {
      heading: 'Latent space',
      parts: [
        `The draws fill ${latent} dimensions evenly; digits share them out. The mean of the draws that become a sure 0, a sure 1, and so on, is a point for each digit, and the first two principal components of these points span the plane in which digits are furthest apart. They hold ${percent(components.explained[0] + components.explained[1])} of the variance of the points: ten digits do not fit on a plane, but many meet on it.`,
        {
          caption: `Images on this plane. Those in the middle are blurred: in ${latent} dimensions nearly all draws have a length of about √${latent} = ${Math.sqrt(latent).toFixed(1)}, and none falls where the generator would have to be all digits at once.`,
          panels: [pictures('', plane, side * side, side)],
        },
        {
          caption:
            'What the judge takes them for, from 0 to 9; circles are the means of the draws of each digit.',
          panels: [
            {
              coordinates: [{ name: 'first component' }, { name: 'second component' }],
              grid: { horizontal: fine, vertical: fine },
              values: regions.classes,
              range: [0, 9],
              equalScale: true,
              curves: [
                {
                  name: 'means',
                  mark: 'circle',
                  curve: {
                    at: present.map((_, k) => onPlane[2 * k]),
                    values: present.map((_, k) => onPlane[2 * k + 1]),
                  },
                },
              ],
            },
          ],
        },
        {
          caption:
            'From one digit to another on a straight line through latent space: strokes bend and break, seldom is what lies between a blend of two pictures.',
          panels: [pictures('', journey, 12 * legs.length, 12)],
        },
      ],
    },
  ],
});
