import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gradientNoise } from '../../../src/learn/index.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

let before = 0;
beforeEach(async () => {
  await tf.setBackend('cpu');
  before = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(before);
});

const count = 40;
const random = randomGenerator(3);
const xs = Array.from({ length: count }, () => random.normal());
const ys = xs.map((x) => 2 * x + random.normal());
const [w, b] = [0.5, -0.25];
/** Of (w x + b − y)², by hand. */
const gradients = xs.map((x, n) => {
  const error = w * x + b - ys[n];
  return [2 * error * x, 2 * error];
});
const mean = [0, 1].map((k) => gradients.reduce((sum, own) => sum + own[k] / count, 0));
const variance = gradients.reduce(
  (sum, own) => sum + ((own[0] - mean[0]) ** 2 + (own[1] - mean[1]) ** 2) / count,
  0,
);

function measured(batchSizes: number[], draws: number) {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  const [inputs, targets] = [tf.tensor2d(xs, [count, 1]), tf.tensor2d(ys, [count, 1])];
  try {
    tf.tidy(() => model.setWeights([tf.tensor2d([w], [1, 1]), tf.tensor1d([b])]));
    return gradientNoise(
      tf,
      model,
      { inputs, targets },
      { loss: (y, p) => tf.losses.meanSquaredError(y, p), batchSizes, draws, seed: 1 },
    );
  } finally {
    tf.dispose([inputs, targets]);
    model.dispose();
  }
}

describe('the noise of the gradient', () => {
  test('is that of the samples’ gradients, by hand', () => {
    const { gradientNorm, sampleDeviation, noiseScale } = measured([1], 1);
    expect(gradientNorm).toBeCloseTo(Math.hypot(mean[0], mean[1]), 5);
    expect(sampleDeviation ** 2 / variance).toBeCloseTo(1, 5);
    expect(noiseScale).toBeCloseTo(variance / (mean[0] ** 2 + mean[1] ** 2), 4);
  });

  test('falls with the batch as that of draws without replacement', () => {
    const { batches } = measured([2, 8, 32], 400);
    // The square of a deviation from 400 draws strays by about 2/√400 of itself at most.
    for (const { deviation, expected } of batches)
      expect(Math.abs((deviation / expected) ** 2 - 1)).toBeLessThan(0.25);
    expect(batches[2].alignment).toBeGreaterThan(batches[0].alignment);
  });

  test('is none where the batch is all samples', () => {
    const [{ deviation, expected, alignment }] = measured([count], 2).batches;
    expect(deviation).toBeLessThan(1e-5);
    expect(expected).toBe(0);
    expect(alignment).toBeCloseTo(1, 6);
  });

  test('has no batch of more samples than there are', () => {
    expect(() => measured([count + 1], 1)).toThrow(/batch of 41 out of 40/);
  });
});
