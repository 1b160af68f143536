import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  contrastiveLoss,
  distanceThreshold,
  drawnDigits,
  embeddingDistance,
  imageBranch,
  imageSamples,
  learningBackend,
  pairAccuracy,
  samplePairs,
  siameseNetwork,
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

describe.each(['distance', 'probability'] as const)('a siamese network giving a %s', (output) => {
  test('does not care which input comes first, and says the same of all equal pairs', () => {
    const own = siameseNetwork(tf, imageBranch(tf, { size: [8, 8], features: 4, seed: 1 }), {
      output,
      seed: 2,
    });
    tf.tidy(() => {
      const { inputs } = imageSamples(tf, drawnDigits({ count: 6, seed: 1, side: 8 }));
      const [first, second] = [inputs.slice(0, 3), inputs.slice(3, 3)];
      const value = (a: tf.Tensor, b: tf.Tensor) => (own.model.predict([a, b]) as tf.Tensor).dataSync();
      expect(value(first, second)).toEqual(value(second, first));
      const equal = value(first, first);
      if (output === 'distance') expect(Array.from(equal)).toEqual([0, 0, 0]);
      else for (const p of equal) expect(p).toBeCloseTo(0.5, 6);
      expect(Math.abs(value(first, second)[0] - equal[0])).toBeGreaterThan(1e-3);
    });
    own.dispose();
  });

  test('has one set of weights for both inputs, and its gradient is the sum of both ways', () => {
    const branch = vectorBranch(tf, { inputs: 2, hidden: [], features: 2, seed: 3 });
    const own = siameseNetwork(tf, branch, { output, seed: 2 });
    // Kernel and bias of the branch, once; kernel and bias of the last unit.
    expect(own.model.trainableWeights).toHaveLength(output === 'distance' ? 2 : 4);
    const [kernel] = branch.getWeights();
    const values = Array.from(kernel.dataSync());
    tf.tidy(() => {
      const [a, b] = [tf.tensor2d([[1, 2]]), tf.tensor2d([[2.5, 0.2]])];
      const loss = () => (own.model.predict([a, b]) as tf.Tensor).sum() as tf.Scalar;
      const { grads } = tf.variableGrads(loss);
      const slopes = grads[branch.trainableWeights[0].name]?.dataSync() ?? [];
      const step = 1e-2;
      values.forEach((_, i) => {
        const at = (shift: number): number => {
          const moved = values.map((value, j) => (i === j ? value + shift : value));
          branch.setWeights([tf.tensor(moved, [2, 2]), branch.getWeights()[1]]);
          return loss().dataSync()[0];
        };
        const difference = (at(step) - at(-step)) / (2 * step);
        branch.setWeights([tf.tensor(values, [2, 2]), branch.getWeights()[1]]);
        if (slopes.length > 0) expect(slopes[i]).toBeCloseTo(difference, 2);
      });
      expect(slopes.length).toBe(4);
    });
    own.dispose();
  });
});

test('the rounded distance is the Euclidean one away from zero, and has no slope at zero', () => {
  tf.tidy(() => {
    const [a, b] = [
      tf.tensor2d([
        [3, 0],
        [1, 1],
      ]),
      tf.tensor2d([
        [0, 4],
        [1, 1],
      ]),
    ];
    const [far, near] = embeddingDistance(tf, a, b).dataSync();
    expect(Math.abs(far - 5)).toBeLessThan(2e-3);
    expect(near).toBe(0);
    const slopes = tf
      .grad((x: tf.Tensor) => embeddingDistance(tf, x, b).sum())(a)
      .dataSync();
    [0.6, -0.8, 0, 0].forEach((slope, i) => {
      expect(slopes[i]).toBeCloseTo(slope, 5);
    });
  });
});

describe('the contrastive loss', () => {
  const same = [1, 1, 0, 0, 0];
  const distances = [0, 0.7, 0.2, 0.9, 1.6];
  const value = (own: readonly number[], margin: number): number =>
    tf.tidy(() => contrastiveLoss(tf, { margin })(tf.tensor1d(same), tf.tensor1d([...own])).dataSync()[0]);

  test('is its formula', () => {
    expect(value(distances, 1)).toBeCloseTo((0.49 + 0.64 + 0.01) / 10, 6);
  });

  test('has the slope of finite differences, and leaves unlike pairs beyond the margin alone', () => {
    const slopes = tf.tidy(() =>
      tf
        .grad((d: tf.Tensor) => contrastiveLoss(tf, { margin: 1.2 })(tf.tensor1d(same), d))(
          tf.tensor1d(distances),
        )
        .dataSync(),
    );
    distances.forEach((_, i) => {
      const at = (step: number) =>
        value(
          distances.map((d, j) => (i === j ? d + step : d)),
          1.2,
        );
      expect(slopes[i]).toBeCloseTo((at(0.01) - at(-0.01)) / 0.02, 4);
    });
    expect(slopes[4]).toBeCloseTo(0, 12);
    expect(() => contrastiveLoss(tf, { margin: 0 })).toThrow(/margin/);
  });
});

test('training pulls like digits together and pushes unlike ones apart', async () => {
  const digits = drawnDigits({ count: 30, seed: 1, side: 12, digits: [0, 1], distortion: 0.5 });
  const pairs = samplePairs(digits.labels, { count: 60, seed: 1 });
  const own = siameseNetwork(
    tf,
    imageBranch(tf, { size: [12, 12], filters: [4], features: 3, activation: 'linear', seed: 1 }),
    { seed: 2 },
  );
  const samples = imageSamples(tf, digits);
  const gathered = (positions: Uint32Array) => tf.gather(samples.inputs, Array.from(positions));
  const inputs = [gathered(pairs.first), gathered(pairs.second)];
  const targets = tf.tensor2d(Array.from(pairs.same), [60, 1]);
  const optimizer = tf.train.adam(0.01);
  own.model.compile({ optimizer, loss: contrastiveLoss(tf) });
  await trainModel(tf, own.model, { inputs, targets }, { epochs: 12, batchSize: 20, seed: 1 });
  const distances = tf.tidy(() => (own.model.predict(inputs) as tf.Tensor).dataSync());
  expect(distanceThreshold(distances, pairs.same).accuracy).toBeGreaterThan(0.95);
  tf.dispose([samples.inputs, samples.targets, ...inputs, targets]);
  optimizer.dispose();
  own.dispose();
});

describe('pairs', () => {
  const labels = [0, 1, 2, 0, 1, 2, 2, 2, 2, 2];

  test('are half like, half unlike, never of a sample with itself, and the same by seed', () => {
    const { first, second, same } = samplePairs(labels, { count: 1000, seed: 1 });
    expect(same.reduce((a, b) => a + b, 0)).toBe(500);
    first.forEach((own, k) => {
      expect(own).not.toBe(second[k]);
      expect(labels[own] === labels[second[k]]).toBe(same[k] === 1);
    });
    // Classes alike: a third each, six deviations of the binomial.
    const twos = first.filter((own) => labels[own] === 2).length / 1000;
    expect(Math.abs(twos - 1 / 3)).toBeLessThan(6 * Math.sqrt(2 / 9 / 1000));
    expect(samplePairs(labels, { count: 1000, seed: 1 }).second).toEqual(second);
  });

  test('want two classes of two samples', () => {
    expect(() => samplePairs([1, 1], { count: 2, seed: 1 })).toThrow(/1 class/);
    expect(() => samplePairs([1, 1, 0], { count: 2, seed: 1 })).toThrow(/single sample of class 0/);
  });
});

test('the threshold is the best of all', () => {
  const distances = [0.1, 0.2, 0.3, 0.4, 0.5, 0.5];
  const same = [1, 1, 0, 1, 0, 1];
  const { threshold, accuracy } = distanceThreshold(distances, same);
  const all = [-1, 0.15, 0.25, 0.35, 0.45, 2].map((own) => pairAccuracy(distances, same, own));
  expect(accuracy).toBe(Math.max(...all));
  expect(pairAccuracy(distances, same, threshold)).toBe(accuracy);
});
