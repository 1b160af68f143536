/**
 * Scores of an exam from twelve numbers of each student: networks of several depths, activations and optimizers,
 * compared by cross-validation with ridge regression and nearest neighbors.
 * Run: npx tsx examples/session-2/tabular-regression.ts
 */
import type { PlotPanel } from 'ansatz';
import {
  crossValidation,
  learningBackend,
  linearRegression,
  type NetworkLearnerOptions,
  nearestNeighbors,
  networkLearner,
  optimizerKinds,
  studentScores,
  type TabularLearner,
} from 'ansatz/learn';
import { coursePage } from '../course/page.ts';

const seed = 1;
const [count, noise, folds] = [800, 3, 4];
const { tf, name: backend } = await learningBackend();
const students = studentScores({ count, seed, noise });
const floor = Math.sqrt(
  students.targets.reduce((sum, y, n) => sum + (y - students.expected[n]) ** 2, 0) / count,
);

interface Trial {
  readonly name: string;
  readonly error: number;
  readonly uncertainty: number;
  readonly predicted: Float64Array;
  readonly seconds: number;
}

/** All learners are judged on the same folds. */
async function judged(name: string, learner: TabularLearner): Promise<Trial> {
  const began = performance.now();
  const { error, uncertainty, predicted } = await crossValidation(students, learner, { folds, seed });
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${name.padEnd(24)} ${error.toFixed(2)} ± ${uncertainty.toFixed(2)} points, ${seconds.toFixed(1)} s`,
  );
  return { name, error, uncertainty, predicted, seconds };
}

const ridges = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
const byRidge: Trial[] = [];
for (const ridge of ridges)
  byRidge.push(
    await judged(`ridge ${ridge}`, ({ rows, targets }) => linearRegression(rows, targets, { ridge })),
  );
const numbers = [1, 2, 4, 8, 16, 32, 64];
const byNeighbors: Trial[] = [];
for (const neighbors of numbers)
  byNeighbors.push(
    await judged(`${neighbors} neighbors`, ({ rows, targets }) =>
      nearestNeighbors(rows, targets, { neighbors }),
    ),
  );

/** One choice is changed at a time; the others are those of the first network. */
const usual: NetworkLearnerOptions = {
  seed,
  layers: 2,
  units: 32,
  activation: 'relu',
  decay: 0.001,
  learningRate: 0.01,
  epochs: 40,
};
const network = (name: string, changes: Partial<NetworkLearnerOptions> = {}): Promise<Trial> =>
  judged(name, networkLearner(tf, { ...usual, ...changes }));
const two = await network('2 layers, ReLU, Adam');
const byDepth = [
  await network('no hidden layer', { layers: 0 }),
  await network('1 layer', { layers: 1 }),
  two,
  await network('4 layers', { layers: 4 }),
];
const byActivation = [
  two,
  await network('tanh', { activation: 'tanh' }),
  await network('sigmoid', { activation: 'sigmoid' }),
];
const optimizerOf = (name: string, learningRate: number): Partial<NetworkLearnerOptions> => ({
  optimizer: optimizerKinds.find((kind) => kind.name === name)!.make,
  learningRate,
});
const byOptimizer = [
  two,
  await network('SGD', optimizerOf('SGD', 0.05)),
  await network('momentum', optimizerOf('momentum', 0.01)),
  await network('RMSprop', optimizerOf('RMSprop', 0.005)),
];

const best = (trials: readonly Trial[]): Trial => trials.reduce((a, b) => (b.error < a.error ? b : a));
const networks = [...new Set([...byDepth, ...byActivation, ...byOptimizer])];
const [ridge, neighbors, winner] = [best(byRidge), best(byNeighbors), best(networks)];
const meanScore = students.targets.reduce((sum, y) => sum + y, 0) / count;
const spread = Math.sqrt(students.targets.reduce((sum, y) => sum + (y - meanScore) ** 2, 0) / count);

const table = (caption: string, trials: readonly Trial[]) => ({
  caption,
  head: ['model', 'error (points)', 'standard error', 'seconds'],
  rows: trials.map(({ name, error, uncertainty, seconds }) => [name, error, uncertainty, seconds]),
});
const against = (name: string, at: readonly number[], trials: readonly Trial[]): PlotPanel => ({
  title: { name },
  horizontal: { name },
  vertical: { name: 'error (points)' },
  logarithmic: 'both',
  curves: [
    { name: 'error', curve: { at, values: trials.map(({ error }) => error) } },
    {
      name: 'noise of the scores',
      mark: 'dashes',
      curve: { at: [at[0], at[at.length - 1]], values: [floor, floor] },
    },
  ],
});
const scatter = ({ name, predicted }: Trial): PlotPanel => ({
  title: { name },
  horizontal: { name: 'score' },
  vertical: { name: 'predicted' },
  horizontalRange: [10, 90],
  verticalRange: [10, 90],
  equalScale: true,
  curves: [
    { name: 'a student, held out', mark: 'circle', curve: { at: students.targets, values: predicted } },
    { name: 'as it is', curve: { at: [10, 90], values: [10, 90] } },
  ],
});
await coursePage(import.meta.url, {
  title: 'Scores from a table',
  settings: {
    seed,
    backend,
    network: '32 units of ReLU in each of two layers, unless said otherwise',
    optimizer: `Adam, ${usual.epochs} epochs`,
  },
  sections: [
    {
      heading: 'The data',
      parts: [
        `${count} students, ${students.names.length} numbers each: ${students.names.join(', ')}. The data are made up, so that the rule is known: seven numbers count, five do not.`,
        {
          tex: '\\begin{aligned} \\text{score} = {} & 18 + 0.4\\,\\text{previous} - 0.25\\,\\text{distance} + 30\\,\\text{attendance}\\,(1 - e^{-\\text{study}/8}) \\\\ & - 2\\,(\\text{sleep} - 7.5)^2 - 0.35\\,(\\text{anxiety} - 4)^2 + \\text{tutoring}\\cdot(10 \\text{ if previous} < 60, \\text{ else } 1) + \\varepsilon \\end{aligned}',
        },
        `The last term is chance, of deviation ${noise}: no model can have a smaller error than ${floor.toFixed(2)} points on these students. Saying the mean to everyone has an error of ${spread.toFixed(2)}.`,
        `Every model is judged by ${folds}-fold cross-validation: a quarter of the students is held out, predicted by a model that learnt from the others, and so on in turn, with the same folds for all.`,
      ],
    },
    {
      heading: 'Two classical models',
      parts: [
        `Ridge regression sees straight lines only: at best ${ridge.error.toFixed(2)} points (${ridge.name}). Its penalty hardly matters, as there are ${Math.round((count * (1 - 1 / folds)) / students.names.length)} students to each number; what it lacks is curvature. Nearest neighbors can follow any curve, but in twelve dimensions nobody is near: at best ${neighbors.error.toFixed(2)} points (${neighbors.name}).`,
        {
          caption: 'Error of held-out students against what has to be chosen.',
          panels: [against('ridge', ridges, byRidge), against('neighbors', numbers, byNeighbors)],
        },
      ],
    },
    {
      heading: 'Networks',
      parts: [
        'One choice is changed at a time: the number of hidden layers, the activation, the optimizer, each optimizer at a rate that suits it. A network without a hidden layer is ridge regression by descent.',
        table('Number of hidden layers.', byDepth),
        table('Activation.', byActivation),
        table('Optimizer.', byOptimizer),
        `Best of all: ${winner.name}, with ${winner.error.toFixed(2)} points. Differences of about a standard error mean nothing; and since the best of ${networks.length} was chosen by the same folds, its error is a little better than it will be on new students.`,
        {
          caption: 'What was predicted of each student when held out, against the score.',
          panels: [ridge, neighbors, winner].map(scatter),
          columns: 3,
        },
      ],
    },
  ],
});
