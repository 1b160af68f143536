import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  imageBranch,
  learningBackend,
  multimodalNetwork,
  productOfExperts,
  trainModel,
  vectorBranch,
} from '../../../src/learn/index.ts';

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

/** A bright or a dark image and a number of either sign: the class is whether the two agree. */
function agreement() {
  const count = 40;
  const bright = (n: number) => n % 2;
  const sign = (n: number) => (Math.floor(n / 2) % 2 === 0 ? 1 : -1);
  const images = tf.tidy(() =>
    tf
      .tensor1d(Array.from({ length: count }, (_, n) => bright(n)))
      .reshape([count, 1, 1, 1])
      .tile([1, 4, 4, 1]),
  );
  const numbers = tf.tensor2d(
    Array.from({ length: count }, (_, n) => sign(n)),
    [count, 1],
  );
  const targets = tf.tidy(() =>
    tf
      .oneHot(
        tf.tensor1d(
          Array.from({ length: count }, (_, n) => Number((bright(n) === 1) === sign(n) > 0)),
          'int32',
        ),
        2,
      )
      .toFloat(),
  );
  return { images, numbers, targets };
}

test('two inputs together decide what neither can alone', async () => {
  const { images, numbers, targets } = agreement();
  const image = () => imageBranch(tf, { size: [4, 4], filters: [2], features: 4, seed: 5 });
  const number = () => vectorBranch(tf, { inputs: 1, hidden: [], features: 4, seed: 6 });
  const accuracy = async (branches: tf.LayersModel[], inputs: tf.Tensor | tf.Tensor[]) => {
    const own = multimodalNetwork(tf, branches, { classes: 2, hidden: 8, seed: 7 });
    const optimizer = tf.train.adam(0.02);
    own.model.compile({ optimizer, loss: 'categoricalCrossentropy' });
    await trainModel(tf, own.model, { inputs, targets }, { epochs: 40, batchSize: 20, seed: 1 });
    const share = tf.tidy(() => {
      const found = own.model.predict(inputs) as tf.Tensor;
      const sums = found.sum(-1).dataSync();
      for (const sum of sums) expect(sum).toBeCloseTo(1, 5);
      return found.argMax(-1).equal(targets.argMax(-1)).mean().dataSync()[0];
    });
    optimizer.dispose();
    own.dispose();
    return share;
  };
  expect(await accuracy([image(), number()], [images, numbers])).toBe(1);
  expect(await accuracy([image()], images)).toBeCloseTo(0.5, 6);
  expect(await accuracy([number()], numbers)).toBeCloseTo(0.5, 6);
  tf.dispose([images, numbers, targets]);
});

test('a network without a branch, or with one that gives no vector, says so', () => {
  expect(() => multimodalNetwork(tf, [], { classes: 2, seed: 1 })).toThrow(/without an input/);
  const flat = tf.sequential({ layers: [tf.layers.reshape({ targetShape: [2, 2], inputShape: [4] })] });
  expect(() => multimodalNetwork(tf, [flat], { classes: 2, seed: 1 })).toThrow(/features of shape/);
});

test('a product of experts is Bayes’ rule for inputs that are independent given the class', () => {
  const prior = [0.3, 0.7];
  // p(a | y) and p(b | y) of two binary inputs, seen as 1.
  const [a, b] = [
    [0.9, 0.2],
    [0.4, 0.5],
  ];
  const posterior = (likelihood: readonly number[]): number[] => {
    const joint = likelihood.map((own, y) => own * prior[y]);
    return joint.map((own) => own / (joint[0] + joint[1]));
  };
  const exact = posterior(a.map((own, y) => own * b[y]));
  const found = productOfExperts([posterior(a), posterior(b)], 2, prior);
  expect(found[0]).toBeCloseTo(exact[0], 12);
  expect(found[1]).toBeCloseTo(exact[1], 12);
  const even = productOfExperts([[0.5, 0.5, 0, 1]], 2);
  [0.5, 0.5, 0, 1].forEach((value, i) => {
    expect(even[i]).toBeCloseTo(value, 9);
  });
  expect(() => productOfExperts([[1], [1, 0]], 2)).toThrow(/for 2 classes/);
});
