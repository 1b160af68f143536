/**
 * An epidemic forecast by a recurrent network that has read three thousand made-up ones, and by the SIR model fitted to the
 * same days. Run: npx tsx examples/session-2/recurrent.ts
 */

import type { PlotPanel } from 'ansatz';
import {
  cosineDecay,
  epidemicCurves,
  forecastNetwork,
  forecastSamples,
  learningBackend,
  learningRateSchedule,
  lstmSequence,
  progressLines,
  trainModel,
} from 'ansatz/learn';
import { loadProblem, problem, resolveProblemFile, shootFrom } from 'ansatz/node';
import { coursePage } from '../course/page.ts';

const seed = 1;
const [population, horizon, days] = [763, 7, 21];
const { tf, name: backend } = await learningBackend();

/** Roots of shares: the noise of counts is then alike at all sizes. */
const scaled = (count: number): number => Math.sqrt(count / population);
const counted = (root: number): number => population * Math.max(0, root) ** 2;

const curves = (count: number, own: number) => epidemicCurves({ count, days, seed: own, population });
const samplesOf = (count: number, own: number) => {
  const drawn = curves(count, own);
  return forecastSamples({ ...drawn, values: drawn.values.map(scaled) }, { horizon });
};
const tensorsOf = ({ inputs, targets, count, length }: ReturnType<typeof samplesOf>) => ({
  inputs: tf.tensor3d(inputs, [count, length, 1]),
  targets: tf.tensor3d(targets, [count, length, horizon]),
});

const training = tensorsOf(samplesOf(3000, seed));
const heldOut = tensorsOf(samplesOf(300, seed + 1));
const network = forecastNetwork(tf, { seed, units: [32], horizon });
const optimizer = tf.train.adam(0.01);
network.compile({ optimizer, loss: 'meanSquaredError' });
const { losses, heldOutLosses } = await trainModel(tf, network, training, {
  epochs: 24,
  batchSize: 64,
  seed,
  heldOut,
  callbacks: [learningRateSchedule(cosineDecay()), progressLines(console.log, { every: 6 })],
});

/** What the network expects of the seven days after those it has seen. */
function byNetwork(seen: readonly number[]): number[] {
  const values = tf.tidy(() => {
    const all = network.predict(tf.tensor3d(seen.map(scaled), [1, seen.length, 1])) as typeof heldOut.targets;
    return all.slice([0, seen.length - 1, 0], [1, 1, horizon]).arraySync() as number[][][];
  });
  return values[0][0].map(counted);
}

/**
 * The same by the SIR model: its rates, within the ranges of the epidemics that the network has read, fitted to the days
 * seen by maximum likelihood.
 */
const school = await loadProblem(resolveProblemFile('influenza-1978'));
function bySir(seen: readonly number[]): number[] {
  const fit = shootFrom(
    problem({
      ...school.definition,
      domain: { t: [0, days] },
      unknowns: { beta: { initial: 1.5, min: 0.26, max: 6 }, gamma: { initial: 0.5, min: 0.2, max: 1 } },
      conditions: [`S = ${population - seen[0]}`, `I = ${seen[0]}`, 'R = 0'].map((equation) => ({
        on: 't = 0',
        equation,
      })),
      data: [
        {
          rows: seen.map((in_bed, day) => ({ day, in_bed })),
          at: { t: 'day' },
          observe: { I: 'in_bed' },
          noise: 'poisson',
        },
      ],
    }),
    [{}, { beta: 1, gamma: 0.25 }, { beta: 3, gamma: 0.9 }],
    { rtol: 1e-7 },
  );
  return Array.from({ length: horizon }, (_, k) => fit.trajectory.at(seen.length + k).I);
}
const asYesterday = (seen: readonly number[]): number[] => Array(horizon).fill(seen.at(-1));

const methods = { LSTM: byNetwork, 'SIR fit': bySir, 'as on the last day': asYesterday };
const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
const errorsOf = (series: readonly number[], seen: number): number[] =>
  Object.values(methods).map((forecast) => {
    const future = series.slice(seen, seen + horizon);
    const own = forecast(series.slice(0, seen));
    return rootMeanSquare(future.map((value, k) => own[k] - value));
  });

/** The school's boys, and forty epidemics that nobody has seen. */
const boys = Array.from(school.observations[0].values);
const seenDays = [4, 5, 6, 7, 8];
const schoolErrors = seenDays.map((seen) => errorsOf(boys, seen));
const fresh = curves(40, seed + 2);
const freshErrors = [3, 4, 5, 6, 7, 8, 10, 12].map((seen) => {
  const each = Array.from({ length: fresh.count }, (_, n) =>
    errorsOf(Array.from(fresh.values.subarray(n * days, (n + 1) * days)), seen),
  );
  return { seen, errors: Object.keys(methods).map((_, m) => rootMeanSquare(each.map((own) => own[m]))) };
});
for (const [n, errors] of schoolErrors.entries())
  console.log(
    `influenza, ${seenDays[n]} days seen: ${Object.keys(methods)
      .map((name, m) => `${name} ${errors[m].toFixed(0)}`)
      .join(', ')} boys`,
  );
for (const { seen, errors } of freshErrors)
  console.log(
    `forty new epidemics, ${seen} days seen: ${Object.keys(methods)
      .map((name, m) => `${name} ${errors[m].toFixed(0)}`)
      .join(', ')} people`,
  );

const forecastPanel = (seen: number): PlotPanel => ({
  title: { name: `${seen} days seen` },
  horizontal: { name: 'day' },
  vertical: { name: 'in bed' },
  verticalRange: [0, 500],
  curves: [
    {
      name: 'seen',
      mark: 'circle',
      curve: { at: boys.slice(0, seen).map((_, day) => day), values: boys.slice(0, seen) },
    },
    {
      name: 'counted later',
      mark: 'cross',
      curve: { at: boys.slice(seen).map((_, k) => seen + k), values: boys.slice(seen) },
    },
    ...(['LSTM', 'SIR fit'] as const).map((name) => ({
      name,
      curve: {
        at: Array.from({ length: horizon }, (_, k) => seen + k),
        values: methods[name](boys.slice(0, seen)),
      },
    })),
  ],
});

/** What some of the cells remember while they read the school's days, by the equations of the cell. */
const [kernel, recurrent, bias] = network.getWeights().map((weight) => weight.dataSync());
const steps = lstmSequence({ kernel, recurrent, bias }, boys.map(scaled), 1);
const ranges = Array.from({ length: 32 }, (_, j) => {
  const values = steps.map(({ memory }) => memory[j]);
  return { j, range: Math.max(...values) - Math.min(...values) };
}).sort((a, b) => b.range - a.range);
const ends = (name: string, of: (step: (typeof steps)[number], j: number) => number): PlotPanel => ({
  title: { name },
  horizontal: { name: 'day' },
  vertical: { name },
  curves: ranges.slice(0, 5).map(({ j }) => ({
    name: `cell ${j + 1}`,
    curve: { at: steps.map((_, day) => day), values: steps.map((step) => of(step, j)) },
  })),
});

/** After which numbers of days the network is the better one of the two. */
function verdict(cases: readonly { readonly seen: number; readonly errors: readonly number[] }[]): string {
  const days = (network: boolean): string =>
    cases
      .filter(({ errors }) => errors[0] < errors[1] === network)
      .map(({ seen }) => seen)
      .join(', ') || 'no number of';
  return `Here the network is nearer to what came after ${days(true)} days, the SIR fit after ${days(false)} days.`;
}
const schoolCases = seenDays.map((seen, n) => ({ seen, errors: schoolErrors[n] }));
await coursePage(import.meta.url, {
  title: 'A recurrent network forecasts an epidemic',
  settings: {
    seed,
    backend,
    optimizer: 'Adam, 24 epochs',
    network: `LSTM of 32 cells, ${network.countParams()} weights`,
  },
  sections: [
    {
      heading: 'A network that reads day by day',
      parts: [
        'A recurrent network reads a sequence one entry at a time and keeps a state. In a long short-term memory (LSTM) each cell has a memory c and three gates between 0 and 1: what is written, what is kept, what is shown.',
        {
          tex: '\\begin{aligned} i &= \\sigma(W_i x + U_i h + b_i), & f &= \\sigma(W_f x + U_f h + b_f), & o &= \\sigma(W_o x + U_o h + b_o), \\\\ \\hat c &= \\tanh(W_c x + U_c h + b_c), & c &\\leftarrow f \\circ c + i \\circ \\hat c, & h &\\leftarrow o \\circ \\tanh c \\end{aligned}',
        },
        `The network reads the number of infected people of each day and says, after every day, the next ${horizon}. It has learnt from 3000 made-up epidemics: SIR models of random rates among ${population} people, counted with errors.`,
        {
          caption:
            'Mean square error of the roots of shares, on the epidemics trained on and on 300 held out.',
          panels: [
            {
              horizontal: { name: 'epoch' },
              vertical: { name: 'loss' },
              logarithmic: true,
              curves: [
                { name: 'training', curve: { at: losses.map((_, k) => k + 1), values: losses } },
                { name: 'held out', curve: { at: losses.map((_, k) => k + 1), values: heldOutLosses } },
              ],
            },
          ],
        },
      ],
    },
    {
      heading: 'Influenza at a boarding school, 1978',
      parts: [
        `Now a real epidemic: boys in bed, day by day. Both forecasts are made from the days seen alone. The SIR fit estimates two rates from them, within the ranges of the epidemics that the network has read; the network has never fitted anything to this school. ${verdict(schoolCases)}`,
        {
          caption: 'Seven days ahead, after four, six and eight days.',
          panels: [4, 6, 8].map(forecastPanel),
          columns: 3,
        },
        {
          caption: 'Root mean square error of the seven days that follow, in boys.',
          head: ['days seen', ...Object.keys(methods)],
          rows: seenDays.map((seen, n) => [seen, ...schoolErrors[n]]),
        },
      ],
    },
    {
      heading: 'Forty epidemics that nobody has seen',
      parts: [
        `${verdict(freshErrors)} The first counts tell how fast an epidemic grows, β − γ, and little else: many pairs of rates go with it. The fit has to take the likeliest pair; the network has seen what became of many such beginnings, and says their mean. The more days there are, the less is left to guess, for both.`,
        {
          caption: 'Root mean square error of the seven days that follow, over forty made-up epidemics.',
          panels: [
            {
              horizontal: { name: 'days seen' },
              vertical: { name: 'error (people)' },
              logarithmic: true,
              curves: Object.keys(methods).map((name, m) => ({
                name,
                curve: {
                  at: freshErrors.map(({ seen }) => seen),
                  values: freshErrors.map(({ errors }) => errors[m]),
                },
              })),
            },
          ],
        },
      ],
    },
    {
      heading: 'What the cells remember',
      parts: [
        'The five cells whose memory moves most while the network reads the days of the school. A forget gate near 1 keeps what there is; one that falls makes room.',
        {
          caption: 'Memory and forget gate of five cells, day by day.',
          panels: [
            ends('memory', ({ memory }, j) => memory[j]),
            ends('forget gate', ({ forget }, j) => forget[j]),
          ],
        },
      ],
    },
  ],
});
network.dispose();
tf.dispose([training, heldOut]);
optimizer.dispose();
