import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  generatedSamples,
  imageDiscriminator,
  imageGenerator,
  logLossObjective,
  trainAdversaries,
} from '../../../src/learn/index.ts';

let before = 0;
beforeEach(async () => {
  await tf.setBackend('cpu');
  before = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(before);
});

describe('networks for images', () => {
  test('make images of the size asked for, in (0, 1), the same by the same seed', () => {
    const options = { seed: 3, size: [8, 12] as const, latent: 5, units: 6, features: 4 };
    const [first, second] = [imageGenerator(tf, options), imageGenerator(tf, options)];
    const [images, again] = [generatedSamples(tf, first, 7, 1), generatedSamples(tf, second, 7, 1)];
    expect(images.shape).toEqual([7, 8, 12, 1]);
    const values = images.dataSync();
    expect(Math.min(...values)).toBeGreaterThan(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(again.dataSync()).toEqual(values);
    tf.dispose([images, again]);
    first.dispose();
    second.dispose();
    expect(() => imageGenerator(tf, { seed: 0, size: [10, 8] })).toThrow(/multiples of 4/);
  });

  test('put the pixels of a place next to each other: a feature at one place reaches 12 × 12 pixels around it', () => {
    const generator = imageGenerator(tf, { seed: 1, size: [28, 28], latent: 2, units: 3, features: 2 });
    // From the features on, behind the second normalization.
    const convolution = generator.layers.findIndex((layer) => layer.getClassName() === 'Conv2D');
    const input = tf.input({ shape: [7, 7, 2] });
    const head = tf.model({
      inputs: input,
      outputs: generator.layers
        .slice(convolution)
        .reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input),
    });
    const reached = tf.tidy(() => {
      const place = tf.buffer([1, 7, 7, 2]);
      place.set(5, 0, 2, 3, 1);
      const bright = head.predict(place.toTensor()) as tf.Tensor;
      const dark = head.predict(tf.zeros([1, 7, 7, 2])) as tf.Tensor;
      return Array.from(bright.sub(dark).abs().greater(1e-6).dataSync());
    });
    const rows = reached.flatMap((own, i) => (own ? [Math.floor(i / 28)] : []));
    const columns = reached.flatMap((own, i) => (own ? [i % 28] : []));
    expect([Math.min(...rows), Math.max(...rows)]).toEqual([4, 15]);
    expect([Math.min(...columns), Math.max(...columns)]).toEqual([8, 19]);
    expect(rows).toHaveLength(144);
    head.dispose();
    generator.dispose();
  });

  test('are trained to the mean of what they are shown, and leave no tensor behind', async () => {
    const size = [8, 8] as const;
    const generator = imageGenerator(tf, { seed: 1, size, latent: 3, units: 8, features: 4 });
    const discriminator = imageDiscriminator(tf, { seed: 2, size, hidden: [16] });
    // A bright bar on the left of every image.
    const real = tf.tidy(() =>
      tf.tensor4d(
        Array.from({ length: 16 * 64 }, (_, i) => (i % 8 < 2 ? 0.9 : 0.05)),
        [16, 8, 8, 1],
      ),
    );
    const optimizers = [tf.train.adam(1e-2, 0.5), tf.train.adam(1e-2, 0.5)];
    await trainAdversaries(tf, {
      generator,
      discriminator,
      real,
      generatorOptimizer: optimizers[0],
      discriminatorOptimizer: optimizers[1],
      objective: logLossObjective({ flatness: 1 }),
      steps: 80,
      batchSize: 8,
      seed: 1,
    });
    const images = generatedSamples(tf, generator, 32, 5);
    const [left, right] = tf.tidy(() =>
      [images.slice([0, 0, 0, 0], [32, 8, 2, 1]), images.slice([0, 0, 2, 0], [32, 8, 6, 1])].map(
        (part) => part.mean().dataSync()[0],
      ),
    );
    expect(left).toBeGreaterThan(0.7);
    expect(right).toBeLessThan(0.2);
    tf.dispose([images, real]);
    for (const own of [...optimizers, generator, discriminator]) own.dispose();
  });
});
