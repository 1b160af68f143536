/**
 * The perceptron: its rule separates what a line can separate, fails on the exclusive or, and a hidden layer solves it.
 * Run: npx tsx examples/foundations/perceptron.ts
 */
import {
  backwardPass,
  blobs,
  descended,
  exclusiveOr,
  forwardPass,
  type LabelledPoints,
  trainPerceptron,
  twoLayerWeights,
} from 'ansatz/learn';
import { Matrix } from 'ml-matrix';
import { boundaryMap } from '../course/boundary-map.ts';
import { coursePage } from '../course/page.ts';

const seed = 1;
const clouds = blobs({
  count: 120,
  seed,
  noise: 0.45,
  centers: [
    [-1, -0.5],
    [1, 0.8],
  ],
});
const either = exclusiveOr({ count: 120, seed });

const separable = trainPerceptron(clouds.points, clouds.labels, { seed, learningRate: 0.1 });
const hopeless = trainPerceptron(either.points, either.labels, { seed, learningRate: 0.1, epochs: 60 });

/** A hidden layer of four units, trained by backpropagation on the same points. */
const columns = ({ points, count }: LabelledPoints): Matrix =>
  new Matrix([0, 1].map((k) => Array.from({ length: count }, (_, n) => points[2 * n + k])));
const options = { activation: 'tanh', loss: 'cross-entropy' } as const;
const targets = new Matrix([Array.from(either.labels)]);
let weights = twoLayerWeights(2, 4, 1, seed);
for (let step = 0; step < 4000; step++)
  weights = descended(weights, backwardPass(weights, columns(either), targets, options), 0.5);
const probability = (x: number, y: number): number =>
  forwardPass(weights, new Matrix([[x], [y]]), options).output.get(0, 0);
const wrong = Array.from(either.labels).filter(
  (label, n) => probability(either.points[2 * n], either.points[2 * n + 1]) > 0.5 !== (label === 1),
).length;

const passes = separable.mistakes.length;
console.log(
  `separable clouds: no mistake in pass ${passes}, ${separable.mistakes.reduce((a, b) => a + b)} in all`,
);
console.log(`exclusive or: at least ${Math.min(...hopeless.mistakes)} mistakes in every one of 60 passes`);
console.log(`exclusive or with a hidden layer of 4: ${wrong} of ${either.count} wrong`);

const mistakes = (name: string, values: readonly number[]) => ({
  name,
  curve: { at: values.map((_, k) => k + 1), values },
});
await coursePage(import.meta.url, {
  title: 'The perceptron',
  settings: { seed, optimizer: 'the perceptron rule; gradient descent for the hidden layer' },
  sections: [
    {
      heading: 'One neuron',
      parts: [
        'A perceptron weighs its inputs, adds a bias, and says 1 where the sum is positive. It learns from its mistakes alone: each one moves the weights towards the sample that was missed, or away from it.',
        {
          tex: '\\hat y = [w \\cdot x + b > 0], \\qquad w \\leftarrow w + \\eta\\,(y - \\hat y)\\,x, \\qquad b \\leftarrow b + \\eta\\,(y - \\hat y)',
        },
        `Where a line separates the two classes the rule finds one after finitely many mistakes (Novikoff 1962); here it made none in pass ${passes}. On the exclusive or, where the class is whether two signs differ, there is no such line: mistakes never end.`,
        {
          caption: 'Mistakes in each pass over 120 points.',
          panels: [
            {
              horizontal: { name: 'pass' },
              vertical: { name: 'mistakes' },
              curves: [
                mistakes('separable clouds', separable.mistakes),
                mistakes('exclusive or', hopeless.mistakes),
              ],
            },
          ],
        },
        {
          caption:
            'What is decided: left and in the middle by one neuron, right by four hidden ones and one on top of them.',
          panels: [
            boundaryMap('separable clouds', clouds, (x, y) => separable.classify([x, y])),
            boundaryMap('exclusive or', either, (x, y) => hopeless.classify([x, y])),
            boundaryMap('with a hidden layer', either, probability),
          ],
        },
        `Each hidden neuron draws a line of its own, and the last one combines them: ${wrong} of ${either.count} points are wrong after 4000 steps of gradient descent.`,
      ],
    },
  ],
});
