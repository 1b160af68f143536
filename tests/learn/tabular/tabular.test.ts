import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectedScore, studentScores } from '../../../src/learn/data/scores.ts';
import { linearRegression } from '../../../src/learn/linear/linear-regression.ts';
import { nearestNeighbors } from '../../../src/learn/linear/nearest-neighbors.ts';
import { crossValidation, networkLearner, regressionNetwork } from '../../../src/learn/tabular/index.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

let before = 0;
beforeEach(async () => {
  await tf.setBackend('cpu');
  before = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(before);
});

const linear = { count: 40, rows: new Float64Array(80), targets: new Float64Array(40) };
const random = randomGenerator(5);
for (let n = 0; n < 40; n++) {
  linear.rows.set([random.normal(), 10 + 4 * random.normal()], 2 * n);
  linear.targets[n] = 3 * linear.rows[2 * n] - linear.rows[2 * n + 1] + 7;
}

describe('scores of students', () => {
  const data = studentScores({ count: 2000, seed: 1, noise: 2 });

  test('are what is expected of the row, and an error of the deviation given', () => {
    for (let n = 0; n < 5; n++)
      expect(expectedScore(data.rows.subarray(12 * n, 12 * n + 12))).toBe(data.expected[n]);
    const squares = data.targets.reduce((sum, y, n) => sum + (y - data.expected[n]) ** 2, 0) / 2000;
    expect(Math.abs(squares / 4 - 1)).toBeLessThan(4 * Math.sqrt(2 / 2000));
  });

  test('know nothing of the last five columns', () => {
    const row = data.rows.slice(0, 12);
    const changed = row.map((value, k) => (k < 7 ? value : value + 1));
    expect(expectedScore(changed)).toBe(expectedScore(row));
    for (let k = 0; k < 7; k++) {
      const other = row.slice();
      other[k] = k === 6 ? 1 - other[k] : other[k] * 1.1;
      expect(expectedScore(other)).not.toBe(expectedScore(row));
    }
  });

  test('do not depend on how many there are', () => {
    expect(studentScores({ count: 3, seed: 1, noise: 2 }).rows).toEqual(data.rows.slice(0, 36));
  });
});

describe('nearest neighbors', () => {
  test('one is the row itself, all are the mean', () => {
    const { rows, targets } = linear;
    expect(nearestNeighbors(rows, targets, { neighbors: 1 }).predict(rows)).toEqual(targets);
    const mean = targets.reduce((a, b) => a + b) / 40;
    expect(nearestNeighbors(rows, targets, { neighbors: 40 }).predict([5, 5])[0]).toBeCloseTo(mean, 10);
  });

  test('are the nearest ones on a line', () => {
    const model = nearestNeighbors([0, 1, 2, 10, 11], [0, 1, 2, 3, 4], { neighbors: 2 });
    expect(Array.from(model.predict([0.4, 10.4, 1.6]))).toEqual([0.5, 3.5, 1.5]);
    expect(() => nearestNeighbors([0, 1], [0, 1], { neighbors: 3 })).toThrow(/3 neighbors among 2/);
  });
});

describe('cross-validation', () => {
  const exact = ({ rows, targets }: { rows: Float64Array; targets: Float64Array }) =>
    linearRegression(rows, targets);

  test('of what is linear has no error by linear regression, in units of the targets', async () => {
    const { error, predicted } = await crossValidation(linear, exact, { folds: 5, seed: 2 });
    expect(error).toBeLessThan(1e-10);
    for (const [n, value] of predicted.entries()) expect(value).toBeCloseTo(linear.targets[n], 8);
  });

  test('leaving one out agrees with the closed form of least squares', async () => {
    const noisy = { ...linear, targets: linear.targets.map((y, n) => y + Math.sin(n * n)) };
    const { error } = await crossValidation(noisy, exact, { folds: 40, seed: 2 });
    // PRESS: residuals over 1 − hᵢᵢ, by Sherman and Morrison; hᵢᵢ by a fit to the i-th unit vector.
    const fit = linearRegression(noisy.rows, noisy.targets).predict(noisy.rows);
    let sum = 0;
    for (let i = 0; i < 40; i++) {
      const unit = new Float64Array(40);
      unit[i] = 1;
      const leverage = linearRegression(noisy.rows, unit).predict(noisy.rows)[i];
      sum += ((noisy.targets[i] - fit[i]) / (1 - leverage)) ** 2;
    }
    expect(error).toBeCloseTo(Math.sqrt(sum / 40), 8);
  });

  test('of the mean alone has an error about the deviation of the targets', async () => {
    const { error, errors } = await crossValidation(
      linear,
      () => ({ predict: (rows) => new Float64Array(rows.length / 2) }),
      { folds: 4, seed: 3 },
    );
    const mean = linear.targets.reduce((a, b) => a + b) / 40;
    const deviation = Math.sqrt(linear.targets.reduce((sum, y) => sum + (y - mean) ** 2, 0) / 40);
    expect(errors).toHaveLength(4);
    expect(Math.abs(error / deviation - 1)).toBeLessThan(0.1);
  });
});

describe('a regression network', () => {
  test('has the layers asked for, and without a hidden one is linear', () => {
    const deep = regressionNetwork(tf, { inputs: 3, layers: 3, units: 5, seed: 1 });
    expect(deep.countParams()).toBe(4 * 5 + 2 * 6 * 5 + 6);
    const flat = regressionNetwork(tf, { inputs: 3, layers: 0, seed: 1 });
    const [kernel, bias] = flat.getWeights().map((weight) => weight.dataSync());
    const [y] = tf.tidy(() => (flat.predict(tf.tensor2d([[1, 2, 3]])) as tf.Tensor).dataSync());
    expect(y).toBeCloseTo(kernel[0] + 2 * kernel[1] + 3 * kernel[2] + bias[0], 6);
    deep.dispose();
    flat.dispose();
  });

  test('learns in every fold, the same twice, and leaves no tensor behind', { timeout: 60_000 }, async () => {
    const learner = networkLearner(tf, { layers: 0, epochs: 30, batchSize: 8, learningRate: 0.1, seed: 1 });
    const [first, again] = [
      await crossValidation(linear, learner, { folds: 2, seed: 1 }),
      await crossValidation(linear, learner, { folds: 2, seed: 1 }),
    ];
    expect(first.error).toBeLessThan(0.2);
    expect(again.errors).toEqual(first.errors);
  });
});
