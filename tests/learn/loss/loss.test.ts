import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  categoricalCrossEntropy,
  lossFunctions,
  penalized,
  weightPenalty,
} from '../../../src/learn/index.ts';

beforeAll(() => tf.setBackend('cpu'));

test.each(lossFunctions.map((own) => [own.name, own] as const))(
  '%s has the slope of its values',
  (_, own) => {
    for (const y of [0, 1, 0.3])
      for (const p of [0.05, 0.4, 0.85]) {
        const difference = (own.value(y, p + 1e-6) - own.value(y, p - 1e-6)) / 2e-6;
        expect(own.slope(y, p)).toBeCloseTo(difference, 6);
      }
  },
);

test('cross-entropies agree with tfjs, squares and Huber too', () => {
  const y = [0, 1, 1, 0];
  const p = [0.2, 0.7, 0.9, 0.4];
  const mean = (name: string) => {
    const { value } = lossFunctions.find((own) => own.name === name)!;
    return y.reduce((sum, target, i) => sum + value(target, p[i]), 0) / 4;
  };
  const of = (loss: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) =>
    tf.tidy(() => loss(tf.tensor1d(y), tf.tensor1d(p)).mean().dataSync()[0]);
  expect(mean('squared error')).toBeCloseTo(of(tf.losses.meanSquaredError), 6);
  expect(mean('Huber')).toBeCloseTo(of(tf.losses.huberLoss), 6);
  expect(mean('binary cross-entropy')).toBeCloseTo(of(tf.metrics.binaryCrossentropy), 5);
  const categorical = tf.tidy(() =>
    tf.metrics.categoricalCrossentropy(tf.tensor2d([[0, 1, 0]]), tf.tensor2d([[0.2, 0.5, 0.3]])).dataSync(),
  );
  expect(categoricalCrossEntropy([0, 1, 0], [0.2, 0.5, 0.3])).toBeCloseTo(categorical[0], 6);
});

describe('penalties', () => {
  test('are the sums of magnitudes and squares', () => {
    const value = tf.tidy(
      () => weightPenalty(tf, [tf.tensor1d([1, -2]), tf.scalar(3)], { l1: 0.5, l2: 0.1 }).dataSync()[0],
    );
    expect(value).toBeCloseTo(0.5 * 6 + 0.1 * 14, 6);
    expect(() => weightPenalty(tf, [], { l1: -1 })).toThrow(/no penalty/);
  });

  test('on any loss add their own slope to that of the weights, not of the biases', async () => {
    const before = tf.memory().numTensors;
    const zeroGradient = tf.losses.meanSquaredError;
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones', biasInitializer: 'ones' }),
      ],
    });
    const optimizer = tf.train.sgd(0.1);
    model.compile({ optimizer, loss: penalized(tf, zeroGradient, model, { l1: 0.2, l2: 0.3 }) });
    // Targets met exactly, so that only the penalty moves the weights: w ← 1 − 0.1 (0.2 + 2 · 0.3).
    const [x, y] = [tf.tensor2d([[1, 2]]), tf.tensor2d([[4]])];
    const loss = await model.trainOnBatch(x, y);
    expect(loss).toBeCloseTo(0.2 * 2 + 0.3 * 2, 6);
    const [kernel, bias] = model.getWeights().map((own) => Array.from(own.dataSync()));
    for (const weight of kernel) expect(weight).toBeCloseTo(0.92, 6);
    expect(bias[0]).toBeCloseTo(1, 6);
    tf.dispose([x, y]);
    model.dispose();
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('of magnitudes leave fewer weights than penalties of squares', async () => {
    const data = tf.randomNormal([200, 10], 0, 1, 'float32', 1);
    const target = tf.tidy(() => data.slice([0, 0], [200, 1]).mul(2));
    const small = async (penalty: { l1?: number; l2?: number }) => {
      const model = tf.sequential({
        layers: [
          tf.layers.dense({
            units: 1,
            inputShape: [10],
            useBias: false,
            kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }),
          }),
        ],
      });
      const optimizer = tf.train.sgd(0.02);
      model.compile({ optimizer, loss: penalized(tf, tf.losses.meanSquaredError, model, penalty) });
      await model.fit(data, target, { epochs: 80, batchSize: 50, shuffle: false, verbose: 0 });
      const weights = Array.from(model.getWeights()[0].dataSync());
      model.dispose();
      optimizer.dispose();
      return { zeros: weights.filter((w) => Math.abs(w) < 0.03).length, first: weights[0] };
    };
    const [magnitudes, squares] = [await small({ l1: 0.5 }), await small({ l2: 0.5 })];
    tf.dispose([data, target]);
    expect(magnitudes.zeros).toBe(9);
    expect(squares.zeros).toBeLessThan(9);
    expect(magnitudes.first).toBeGreaterThan(squares.first);
  });
});
