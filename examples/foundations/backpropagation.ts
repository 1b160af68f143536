/**
 * Backpropagation by hand: a network of two layers learns a sine by the textbook's equations, and its gradient is that
 * of tfjs. Run: npx tsx examples/foundations/backpropagation.ts
 */
import {
  backwardPass,
  descended,
  forwardPass,
  learningBackend,
  lossOf,
  type TwoLayerWeights,
  twoLayerWeights,
} from 'ansatz/learn';
import { Matrix } from 'ml-matrix';
import { coursePage } from '../course/page.ts';

const seed = 2;
const hidden = 10;
const options = { activation: 'tanh', loss: 'squares' } as const;
const at = Array.from({ length: 60 }, (_, n) => -1 + n / 29.5);
const x = new Matrix([at]);
const y = new Matrix([at.map((value) => Math.sin(Math.PI * value))]);
const keys = ['hidden', 'hiddenBias', 'output', 'outputBias'] as const;

/** The largest difference between our gradient and that of tfjs. */
const { tf, name: backend } = await learningBackend({ backend: 'cpu' });
function difference(weights: TwoLayerWeights): number {
  const ours = backwardPass(weights, x, y, options);
  return tf.tidy(() => {
    const loss = (...[w1, b1, w2, b2]: InstanceType<typeof tf.Tensor>[]) => {
      const z = w1.matMul(tf.tensor2d(x.to2DArray())).add(b1).tanh();
      return w2.matMul(z).add(b2).sub(tf.tensor2d(y.to2DArray())).square().mean().asScalar();
    };
    const theirs = tf.grads(loss)(keys.map((key) => tf.tensor2d(weights[key].to2DArray())));
    return Math.max(
      ...keys.map((key, k) => theirs[k].sub(tf.tensor2d(ours[key].to2DArray())).abs().max().dataSync()[0]),
    );
  });
}

let weights = twoLayerWeights(1, hidden, 1, seed);
const apart = difference(weights);
const losses: number[] = [];
const shown = [0, 100, 1000, 20_000];
const curves: { name: string; curve: { at: number[]; values: number[] } }[] = [];
for (let step = 0; step <= 20_000; step++) {
  const forward = forwardPass(weights, x, options);
  if (step % 50 === 0) losses.push(lossOf(forward, y, options));
  if (shown.includes(step))
    curves.push({ name: `step ${step}`, curve: { at, values: forward.output.to1DArray() } });
  weights = descended(weights, backwardPass(weights, x, y, options, forward), 0.1);
}
console.log(`gradient by hand against tfjs (${backend}): ${apart.toExponential(1)} apart at most`);
console.log(`loss ${losses[0].toFixed(3)} at first, ${losses.at(-1)!.toExponential(2)} after 20000 steps`);

await coursePage(import.meta.url, {
  title: 'Forward and backward, by hand',
  settings: { seed, optimizer: 'gradient descent, rate 0.1', network: `1 → ${hidden} → 1, tanh` },
  sections: [
    {
      heading: 'The chain rule, from the output back',
      parts: [
        'Forward, a sample goes through a linear map, an activation, and another linear map.',
        {
          tex: 'a_1 = W_1 x + b_1, \\qquad z = \\tanh a_1, \\qquad \\hat y = W_2 z + b_2, \\qquad L = \\tfrac1N \\sum |\\hat y - y|^2',
        },
        'Backward, the error of the output is handed through the transposed weights to the hidden layer, where the slope of the activation weighs it. Every weight then knows its share of the loss.',
        {
          tex: '\\delta_2 = \\tfrac2N (\\hat y - y), \\qquad \\delta_1 = W_2^\\top \\delta_2 \\circ (1 - z^2)',
        },
        {
          tex: '\\frac{\\partial L}{\\partial W_2} = \\delta_2 z^\\top, \\quad \\frac{\\partial L}{\\partial b_2} = \\sum \\delta_2, \\quad \\frac{\\partial L}{\\partial W_1} = \\delta_1 x^\\top, \\quad \\frac{\\partial L}{\\partial b_1} = \\sum \\delta_1',
        },
        `This gradient and the one that tfjs finds by itself differ by ${apart.toExponential(0)} at most, which is what single precision leaves.`,
        {
          caption: `A sine learnt by ${hidden} hidden units. First the network bends where it pays most, then the rest follows, more and more slowly.`,
          panels: [
            {
              horizontal: { name: 'x' },
              vertical: { name: 'output' },
              curves: [...curves, { name: 'target', mark: 'dashes', curve: { at, values: y.to1DArray() } }],
            },
            {
              horizontal: { name: 'step' },
              vertical: { name: 'loss' },
              logarithmic: true,
              curves: [{ name: 'loss', curve: { at: losses.map((_, k) => 50 * k), values: losses } }],
            },
          ],
        },
      ],
    },
  ],
});
