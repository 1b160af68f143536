import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  absoluteActivity,
  activeUnits,
  convolutionalAutoencoder,
  corrupted,
  denseAutoencoder,
  divergenceFromActivity,
  drawnDigits,
  inkMoments,
  latentDirection,
  latentGrid,
  latentLine,
  learningBackend,
  meanSquaredError,
  principalComponents,
  trainAutoencoder,
} from '../../../src/learn/index.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

beforeAll(async () => {
  await learningBackend({ backend: 'cpu' });
});
let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(before);
});

/** 60 rows of 5 numbers of mean about zero, most of their variance along two directions. */
function flatCloud(): Float32Array {
  const random = randomGenerator(1);
  const rows = new Float32Array(300);
  for (let n = 0; n < 60; n++) {
    const z = [1.2, 0.8, 0.2, 0.15, 0.1].map((size) => size * random.normal());
    for (let j = 0; j < 5; j++)
      rows[5 * n + j] = z.reduce((sum, own, k) => sum + own * Math.cos(1 + 1.3 * j * (k + 1)), 0);
  }
  return rows;
}

describe('the linear autoencoder', () => {
  test('reaches the error of principal components, in their subspace', async () => {
    const rows = flatCloud();
    const best = principalComponents(rows, 5).leading(2);
    const wanted = meanSquaredError(best.reconstruct(best.transform(rows)), rows);
    const own = denseAutoencoder(tf, { inputs: 5, latent: 2, hidden: [], output: 'linear', seed: 4 });
    const inputs = tf.tensor2d(rows, [60, 5]);
    for (const [learningRate, epochs] of [
      [0.05, 400],
      [0.01, 200],
    ])
      await trainAutoencoder(tf, own, { inputs }, { epochs, batchSize: 60, seed: 0, learningRate });
    const found = meanSquaredError(await own.reconstruct(rows), rows);
    expect(found).toBeGreaterThan(wanted * (1 - 1e-5));
    expect(found).toBeLessThan(wanted * (1 + 1e-3));
    // What the decoder can say, beyond its bias, lies in the span of the two directions.
    const kernel = Array.from(own.decoder.getWeights()[0].dataSync());
    for (const row of [kernel.slice(0, 5), kernel.slice(5)]) {
      const inside = [0, 1].map((k) =>
        row.reduce((sum, value, j) => sum + value * best.directions[5 * k + j], 0),
      );
      const share = (inside[0] ** 2 + inside[1] ** 2) / row.reduce((sum, value) => sum + value ** 2, 0);
      expect(share).toBeGreaterThan(0.999);
    }
    own.dispose();
    inputs.dispose();
  });
});

describe('autoencoders of images', () => {
  test('by one seed are the same twice; encoder and decoder have the weights that are trained', async () => {
    const { images } = drawnDigits({ count: 8, seed: 1, side: 8 });
    const inputs = tf.tensor2d(images, [8, 64]);
    const trained = async (seed: number) => {
      const own = denseAutoencoder(tf, { inputs: 64, latent: 3, hidden: [10], seed });
      const first = await own.reconstruct(images);
      const { losses } = await trainAutoencoder(tf, own, { inputs }, { epochs: 3, batchSize: 4, seed: 1 });
      const whole = tf.tidy(() => (own.model.predict(inputs) as tf.Tensor).dataSync());
      const parts = await own.reconstruct(images);
      own.dispose();
      return { losses, first, whole, parts };
    };
    const [one, again, other] = [await trained(1), await trained(1), await trained(2)];
    expect(again.losses).toEqual(one.losses);
    expect(other.losses).not.toEqual(one.losses);
    expect(one.losses[2]).toBeLessThan(one.losses[0]);
    expect(one.parts).not.toEqual(one.first);
    one.parts.forEach((value, i) => {
      expect(value).toBeCloseTo(one.whole[i], 6);
    });
    inputs.dispose();
  });

  test('of convolutions lead back to the size of the image, and learn', async () => {
    const { images } = drawnDigits({ count: 6, seed: 1, side: 12 });
    const own = convolutionalAutoencoder(tf, { size: [12, 12], latent: 4, filters: [3, 4], seed: 1 });
    expect(own.model.outputShape).toEqual([null, 12, 12, 1]);
    const inputs = tf.tensor4d(images, [6, 12, 12, 1]);
    const { losses } = await trainAutoencoder(tf, own, { inputs }, { epochs: 12, batchSize: 6, seed: 1 });
    expect(losses.at(-1)).toBeLessThan(0.9 * losses[0]);
    expect(await own.encode(images)).toHaveLength(24);
    await expect(own.encode([1, 2])).rejects.toThrow(/no samples of 144/);
    own.dispose();
    inputs.dispose();
    expect(() => convolutionalAutoencoder(tf, { size: [10, 12], latent: 4, seed: 1 })).toThrow(
      /divisible by 4/,
    );
  });

  test('learn to take noise away, which copying would leave in', async () => {
    const rows = flatCloud();
    const random = randomGenerator(2);
    const damaged = Float32Array.from(rows, (value) => value + 0.5 * random.normal());
    const own = denseAutoencoder(tf, { inputs: 5, latent: 2, hidden: [], output: 'linear', seed: 4 });
    const [inputs, targets] = [tf.tensor2d(damaged, [60, 5]), tf.tensor2d(rows, [60, 5])];
    await trainAutoencoder(
      tf,
      own,
      { inputs, targets },
      {
        epochs: 300,
        batchSize: 60,
        seed: 0,
        learningRate: 0.02,
        heldOut: { inputs, targets },
      },
    );
    expect(meanSquaredError(await own.reconstruct(damaged), rows)).toBeLessThan(
      0.7 * meanSquaredError(damaged, rows),
    );
    own.dispose();
    tf.dispose([inputs, targets]);
  });

  test('with a penalty have fewer units active than without', async () => {
    const { images } = drawnDigits({ count: 20, seed: 1, side: 8 });
    const inputs = tf.tensor2d(images, [20, 64]);
    const perSample = async (penalty?: ReturnType<typeof absoluteActivity>) => {
      const own = denseAutoencoder(tf, { inputs: 64, latent: 12, hidden: [], code: 'relu', seed: 1 });
      await trainAutoencoder(
        tf,
        own,
        { inputs },
        {
          epochs: 60,
          batchSize: 20,
          seed: 1,
          learningRate: 0.01,
          penalty,
          heldOut: { inputs },
        },
      );
      const codes = await own.encode(images);
      own.dispose();
      return activeUnits(codes, 12).perSample;
    };
    expect(await perSample(absoluteActivity(tf, { weight: 0.01 }))).toBeLessThan(0.7 * (await perSample()));
    inputs.dispose();
  });
});

describe('penalties on activity', () => {
  const codes = [
    [0.2, 0.7, 0.1],
    [0.4, 0.9, 0.05],
  ];

  test('are their formulas', () => {
    const value = (penalty: (codes: tf.Tensor) => tf.Scalar, own: number[][]): number =>
      tf.tidy(() => penalty(tf.tensor2d(own)).dataSync()[0]);
    const absolute = absoluteActivity(tf, { weight: 0.5 });
    expect(value(absolute, codes)).toBeCloseTo((0.5 * (1 + 1.35)) / 2, 6);
    const divergence = divergenceFromActivity(tf, { weight: 2, activity: 0.1 });
    const kl = (q: number) => 0.1 * Math.log(0.1 / q) + 0.9 * Math.log(0.9 / (1 - q));
    expect(value(divergence, codes)).toBeCloseTo(2 * (kl(0.3) + kl(0.8) + kl(0.075)), 4);
    expect(value(divergence, [[0.1, 0.1, 0.1]])).toBeCloseTo(0, 5);
    // Units that always or never speak cost much, but not without bound.
    expect(Number.isFinite(value(divergence, [[0, 1, 0.1]]))).toBe(true);
  });

  test('have the slopes of finite differences', () => {
    for (const penalty of [
      absoluteActivity(tf, { weight: 0.5 }),
      divergenceFromActivity(tf, { weight: 2, activity: 0.1 }),
    ]) {
      const slopes = tf.tidy(() =>
        tf
          .grad((x) => penalty(x))(tf.tensor2d(codes))
          .dataSync(),
      );
      const at = (i: number, step: number): number =>
        tf.tidy(() => {
          const moved = codes.flat();
          moved[i] += step;
          return penalty(tf.tensor2d(moved, [2, 3])).dataSync()[0];
        });
      slopes.forEach((slope, i) => {
        expect((at(i, 0.01) - at(i, -0.01)) / 0.02).toBeCloseTo(slope, 1);
      });
    }
  });

  test('want positive weights and a share', () => {
    expect(() => absoluteActivity(tf, { weight: 0 })).toThrow(/positive/);
    expect(() => divergenceFromActivity(tf, { weight: 1, activity: 1 })).toThrow(/between 0 and 1/);
  });
});

test('active units are counted by sample and by unit', () => {
  const { perSample, ever, meanActivity } = activeUnits([0, 0.5, 0, 1, 0.05, 0], 3);
  expect(perSample).toBe(1);
  expect(ever).toBe(2);
  expect(Array.from(meanActivity)).toEqual([0.5, 0.275, 0]);
});

test('corruption hides its share, adds its noise, and is the same by seed', () => {
  const images = new Float32Array(20000).fill(0.5);
  const hidden = corrupted(images, { hidden: 0.3, seed: 1 });
  const share = hidden.filter((pixel) => pixel === 0).length / images.length;
  expect(Math.abs(share - 0.3)).toBeLessThan(6 * Math.sqrt(0.21 / images.length));
  expect(hidden.every((pixel) => pixel === 0 || pixel === 0.5)).toBe(true);
  const noisy = corrupted(images, { noise: 0.1, seed: 1 });
  expect(Math.sqrt(meanSquaredError(noisy, images))).toBeCloseTo(0.1, 2);
  expect(corrupted(images, { noise: 0.1, seed: 1 })).toEqual(noisy);
  expect(() => corrupted(images, { hidden: 2, seed: 1 })).toThrow(/between 0 and 1/);
});

describe('walks through codes', () => {
  test('lines are even, and meet both ends', () => {
    expect(Array.from(latentLine([0, 2], [4, 0], 5))).toEqual([0, 2, 1, 1.5, 2, 1, 3, 0.5, 4, 0]);
    expect(() => latentLine([0], [1, 2], 3)).toThrow(/1 and 2 numbers/);
  });

  test('grids begin at the upper left', () => {
    expect(Array.from(latentGrid([0, 1], [5, 6], [2, 2]))).toEqual([0, 6, 1, 6, 0, 5, 1, 5]);
  });
});

test('the direction of a property is how codes follow it within classes', () => {
  const random = randomGenerator(5);
  const property = Array.from({ length: 30 }, () => random.normal());
  const labels = property.map((_, n) => n % 3);
  const codes = property.flatMap((own, n) => [10 * labels[n] + 2 * own, -5 * labels[n] - own, labels[n]]);
  const found = latentDirection(codes, property, labels);
  [2, -1, 0].forEach((slope, j) => {
    expect(found[j]).toBeCloseTo(slope, 10);
  });
  expect(() => latentDirection([1, 2], [1, 1], [0, 0])).toThrow(/does not vary/);
});

test('moments find the ink, the size and the slant of a bar', () => {
  const side = 21;
  const bar = (lean: number): Float32Array =>
    Float32Array.from({ length: side * side }, (_, i) => {
      const [column, row] = [i % side, Math.floor(i / side)];
      return Math.abs(row - 10) <= 8 && column === 10 - Math.round(lean * (row - 10)) ? 1 : 0;
    });
  const images = new Float32Array([...bar(0), ...bar(0.5), ...new Float32Array(side * side)]);
  const { ink, slant, height, width } = inkMoments({ images, count: 3, size: [side, side] });
  expect(Array.from(ink)).toEqual([17, 17, 0]);
  expect(slant[0]).toBeCloseTo(0, 12);
  expect(Math.abs(slant[1] - 0.5)).toBeLessThan(0.05);
  // The variance of 0 … 16 is (17² − 1)/12.
  expect(height[0]).toBeCloseTo(Math.sqrt(24), 10);
  expect(width[0]).toBe(0);
});
