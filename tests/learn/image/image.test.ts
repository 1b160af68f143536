import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { learningBackend } from '../../../src/learn/backend/index.ts';
import {
  classification,
  confusionMatrix,
  convolutionalNetwork,
  drawnDigits,
  featureMaps,
  filterPictures,
  imagePerceptron,
  imageSamples,
  pixelsOf,
  seededDropout,
  shiftedImage,
  storedWeights,
  trainModel,
} from '../../../src/learn/index.ts';

let before = 0;
beforeEach(async () => {
  await learningBackend({ backend: 'wasm' });
  before = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(before);
});

const digits = drawnDigits({ count: 8, seed: 3 });

describe('a convolution is equivariant under shifts', () => {
  test.each([
    [2, 0],
    [0, -3],
    [-1, 4],
  ])('by (%i, %i) pixels, away from the rim', async (down, right) => {
    const model = convolutionalNetwork(tf, { seed: 1 });
    for (let n = 0; n < 3; n++) {
      const pixels = pixelsOf(digits, n);
      const here = await featureMaps(tf, model, 'convolution-1', pixels);
      const there = await featureMaps(
        tf,
        model,
        'convolution-1',
        shiftedImage(pixels, [28, 28], [down, right]),
      );
      const [height, width] = here.size;
      expect([height, width]).toEqual([26, 26]);
      here.pictures.forEach((picture, channel) => {
        const expected = shiftedImage(picture, here.size, [down, right]);
        for (let u = Math.max(0, down); u < height + Math.min(0, down); u++)
          for (let v = Math.max(0, right); v < width + Math.min(0, right); v++)
            expect(there.pictures[channel][u * width + v]).toBeCloseTo(expected[u * width + v], 5);
      });
    }
    model.dispose();
  });

  test('two of them with pooling by multiples of what pooling merges', async () => {
    const model = convolutionalNetwork(tf, { seed: 2 });
    const pixels = pixelsOf(digits, 4);
    const here = await featureMaps(tf, model, 'convolution-2', pixels);
    const there = await featureMaps(tf, model, 'convolution-2', shiftedImage(pixels, [28, 28], [4, -2]));
    const [height, width] = here.size;
    here.pictures.forEach((picture, channel) => {
      const expected = shiftedImage(picture, here.size, [2, -1]);
      for (let u = 2; u < height; u++)
        for (let v = 0; v < width - 1; v++)
          expect(there.pictures[channel][u * width + v]).toBeCloseTo(expected[u * width + v], 4);
    });
    model.dispose();
  });

  test('and a dense layer is not', () => {
    tf.tidy(() => {
      const model = imagePerceptron(tf, { seed: 1, hidden: [784] });
      const hidden = tf.model({ inputs: model.inputs, outputs: model.layers[1].output as tf.SymbolicTensor });
      const of = (pixels: Float32Array) =>
        (hidden.predict(tf.tensor4d(pixels, [1, 28, 28, 1])) as tf.Tensor).dataSync<'float32'>();
      const pixels = pixelsOf(digits, 0);
      const expected = shiftedImage(of(pixels), [28, 28], [2, 0]);
      const found = of(shiftedImage(pixels, [28, 28], [2, 0]));
      const away = found.reduce((sum, value, i) => sum + Math.abs(value - expected[i]), 0);
      expect(away / found.reduce((sum, value) => sum + value, 0)).toBeGreaterThan(0.3);
      model.dispose();
    });
  });
});

test('a feature map is the sum of filter taps times pixels, and ReLU', async () => {
  const model = convolutionalNetwork(tf, { seed: 5, filters: [3], size: [10, 9] });
  const pixels = Float32Array.from({ length: 90 }, (_, i) => Math.sin(i * i));
  const { pictures: filters, size } = await filterPictures(tf, model, 'convolution-1');
  const maps = await featureMaps(tf, model, 'convolution-1', pixels);
  expect(size).toEqual([3, 3]);
  expect(maps.size).toEqual([8, 7]);
  maps.pictures.forEach((map, k) => {
    for (let u = 0; u < 8; u++)
      for (let v = 0; v < 7; v++) {
        let sum = 0;
        for (let i = 0; i < 3; i++)
          for (let j = 0; j < 3; j++) sum += filters[k][3 * i + j] * pixels[(u + i) * 9 + v + j];
        expect(map[u * 7 + v]).toBeCloseTo(Math.max(0, sum), 5);
      }
  });
  await expect(filterPictures(tf, model, model.layers[2].name)).rejects.toThrow(/has no filters/);
  await expect(featureMaps(tf, model, model.layers[2].name, pixels)).rejects.toThrow(/no pictures/);
  model.dispose();
});

test('a shifted image is what came from there, and paper where nothing came', () => {
  const image = [1, 2, 3, 4, 5, 6];
  expect([...shiftedImage(image, [2, 3], [1, 0])]).toEqual([0, 0, 0, 1, 2, 3]);
  expect([...shiftedImage(image, [2, 3], [0, -2])]).toEqual([3, 0, 0, 6, 0, 0]);
  expect([...shiftedImage(image, [2, 3], [0, 0])]).toEqual(image);
});

describe('the confusion matrix', () => {
  test('counts, and says recall, precision and accuracy', () => {
    const { counts, accuracy, recall, precision } = confusionMatrix(
      [0, 0, 0, 1, 1, 2],
      [0, 0, 1, 1, 2, 1],
      4,
    );
    expect([...counts]).toEqual([2, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    expect(accuracy).toBeCloseTo(3 / 6, 12);
    expect([...recall]).toEqual([2 / 3, 1 / 2, 0, 0]);
    expect([...precision]).toEqual([1, 1 / 3, 0, 0]);
  });

  test('of classes out of range or unlike numbers is refused', () => {
    expect(() => confusionMatrix([0, 1], [0], 2)).toThrow(/2 true classes against 1/);
    expect(() => confusionMatrix([0, 2], [0, 1], 2)).toThrow(/class 2 of 2/);
    expect(() => imageSamples(tf, { ...digits, labels: Uint8Array.of(11) })).toThrow(/label 11/);
  });
});

test('networks of one seed are the same, of another are not', async () => {
  const weights = async (seed: number) => {
    const models = [convolutionalNetwork(tf, { seed }), imagePerceptron(tf, { seed })];
    const stored = await Promise.all(models.map(storedWeights));
    for (const model of models) model.dispose();
    return stored;
  };
  const [first, again, other] = [await weights(1), await weights(1), await weights(2)];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test('a few hundred digits are learnt, and nothing is left behind', async () => {
  const training = drawnDigits({ count: 300, seed: 1 });
  const samples = imageSamples(tf, training);
  const model = convolutionalNetwork(tf, { seed: 1, filters: [4, 8], units: 32, dropout: 0.1 });
  expect(
    model.layers.some(
      (layer) => layer.getClassName() === seededDropout(tf, { rate: 0, seed: 0 }).getClassName(),
    ),
  ).toBe(true);
  const optimizer = tf.train.adam(5e-3);
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  await trainModel(tf, model, { ...samples }, { epochs: 6, batchSize: 20, seed: 1 });
  const test = drawnDigits({ count: 200, seed: 2 });
  const found = await classification(tf, model, test);
  expect(confusionMatrix(test.labels, found.classes, 10).accuracy).toBeGreaterThan(0.8);
  for (let n = 0; n < test.count; n++) {
    const row = found.probabilities.subarray(10 * n, 10 * n + 10);
    expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(row[found.classes[n]]).toBe(Math.max(...row));
  }
  tf.dispose({ ...samples });
  model.dispose();
  optimizer.dispose();
});
