/**
 * Linear and logistic regression: what is had in closed form, gradient descent finds too, and how fast.
 * Run: npx tsx examples/foundations/linear-and-logistic-regression.ts
 */
import {
  blobs,
  linearRegression,
  linearRegressionByDescent,
  logisticRegression,
  logisticRegressionByDescent,
} from 'ansatz/learn';
import { boundaryMap } from '../course/boundary-map.ts';
import { coursePage } from '../course/page.ts';

const seed = 3;
const { points: drawn } = blobs({ count: 60, seed, noise: 1, centers: [[0, 0]] });
const x = drawn.filter((_, i) => i % 2 === 0);
const y = x.map((value, n) => 1.5 * value - 0.7 + 0.6 * drawn[2 * n + 1]);

const line = linearRegression(x, y);
const meanSquare = (predicted: Float64Array): number =>
  predicted.reduce((sum, value, n) => sum + (value - y[n]) ** 2 / y.length, 0);
const least = meanSquare(line.predict(x));
const descents = [0.02, 0.2, 0.8].map((learningRate) => {
  const { losses, model } = linearRegressionByDescent(x, y, { learningRate, steps: 80 });
  return { learningRate, losses, model };
});

const clouds = blobs({
  count: 200,
  seed,
  noise: 0.9,
  centers: [
    [0, 0],
    [1.8, 1.2],
  ],
});
const newton = logisticRegression(clouds.points, clouds.labels);
const descent = logisticRegressionByDescent(clouds.points, clouds.labels, { learningRate: 1, steps: 2000 });
const apart = Math.hypot(...newton.model.weights.map((weight, k) => weight - descent.model.weights[k]));
const right = newton.model
  .probabilities(clouds.points)
  .filter((p, n) => p > 0.5 === (clouds.labels[n] === 1)).length;
const [weights, bias] = [Array.from(newton.model.weights), newton.model.bias];
const closest = Math.abs(descents[1].model.weights[0] - line.weights[0]);

console.log(
  `line: slope ${line.weights[0].toFixed(3)}, intercept ${line.bias.toFixed(3)}, mean square ${least.toFixed(4)}`,
);
console.log(`gradient descent at rate 0.2, 80 steps: slope off by ${closest.toExponential(1)}`);
console.log(
  `logistic regression: ${newton.losses.length - 1} steps of Newton, log loss ${newton.losses.at(-1)!.toFixed(4)}`,
);
console.log(`gradient descent, 2000 steps: weights off by ${apart.toExponential(1)}; ${right} of 200 right`);

const excess = (losses: readonly number[], minimum: number) => ({
  at: losses.map((_, k) => k),
  values: losses.map((loss) => Math.max(loss - minimum, 1e-16)),
});
await coursePage(import.meta.url, {
  title: 'Linear and logistic regression',
  settings: { seed, optimizer: 'closed form, Newton, gradient descent' },
  sections: [
    {
      heading: 'A line through points',
      parts: [
        { tex: 'L(w, b) = \\frac1N \\sum_n (w x_n + b - y_n)^2' },
        `The loss is a bowl, and its lowest point solves a linear system: slope ${line.weights[0].toFixed(3)}, intercept ${line.bias.toFixed(3)} (the points were drawn around 1.5 and −0.7). Gradient descent walks there. A rate too small takes long; a rate near the limit, where steps leap from one wall of the bowl to the other, does as well; in between 80 steps give the slope to ${closest.toExponential(0)}.`,
        {
          caption:
            'Left: the points and the line of least squares. Right: how far the loss still is above its least value, by learning rate.',
          panels: [
            {
              horizontal: { name: 'x' },
              vertical: { name: 'y' },
              curves: [
                { name: 'points', mark: 'circle', curve: { at: x, values: y } },
                { name: 'least squares', curve: { at: [-2.6, 2.6], values: line.predict([-2.6, 2.6]) } },
              ],
            },
            {
              horizontal: { name: 'step' },
              vertical: { name: 'loss above the least' },
              logarithmic: true,
              curves: descents.map(({ learningRate, losses }) => ({
                name: `rate ${learningRate}`,
                curve: excess(losses, least),
              })),
            },
          ],
        },
      ],
    },
    {
      heading: 'A probability instead of a number',
      parts: [
        {
          tex: 'p = \\sigma(w \\cdot x + b), \\qquad L = -\\frac1N \\sum_n y_n \\ln p_n + (1 - y_n) \\ln(1 - p_n)',
        },
        `For two classes a sigmoid turns the linear function into a probability, and the log loss punishes being sure and wrong. There is no closed form, but Newton's method needs ${newton.losses.length - 1} steps, each a weighted least-squares problem; gradient descent comes within ${apart.toExponential(0)} of the same weights in 2000. ${right} of 200 points lie on the right side; where clouds overlap nobody can do much better.`,
        {
          caption:
            'Left: the probability of class 1, a half along the boundary. Right: the log loss above its least value.',
          panels: [
            boundaryMap(
              'probability of class 1',
              clouds,
              (a, b) => 1 / (1 + Math.exp(-weights[0] * a - weights[1] * b - bias)),
            ),
            {
              horizontal: { name: 'step' },
              vertical: { name: 'log loss above the least' },
              logarithmic: 'both',
              curves: [
                { name: 'Newton', curve: excess(newton.losses, newton.losses.at(-1)!) },
                { name: 'gradient descent', curve: excess(descent.losses, newton.losses.at(-1)!) },
              ].map(({ name, curve }) => ({ name, curve: { ...curve, at: curve.at.map((k) => k + 1) } })),
            },
          ],
        },
      ],
    },
  ],
});
