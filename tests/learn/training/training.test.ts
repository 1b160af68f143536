import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  checkpoint,
  cosineDecay,
  EarlyStopping,
  exponentialDecay,
  type LearningCallback,
  learningRateSchedule,
  progressLines,
  restoreWeights,
  type StoredWeights,
  seededDropout,
  stepDecay,
  storedWeights,
  trainModel,
  warmUp,
} from '../../../src/learn/index.ts';

let before = 0;
beforeEach(async () => {
  await tf.setBackend('cpu');
  before = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(before);
});

/** y = 3x − 1 with 20 samples, and a line that learns it. */
function line(optimizer: tf.Optimizer = tf.train.sgd(0.1)) {
  const inputs = tf.tidy(() => tf.linspace(-1, 1, 20).reshape([20, 1]));
  const targets = tf.tidy(() => inputs.mul(3).sub(1));
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 1,
        inputShape: [1],
        kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }),
      }),
    ],
  });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  return {
    samples: { inputs, targets },
    model,
    weights: () => model.getWeights().map((own) => own.dataSync()[0]),
    dispose: () => {
      tf.dispose([inputs, targets]);
      model.dispose();
      optimizer.dispose();
    },
  };
}

const trained = async (seed: number, batchSize: number, callbacks: LearningCallback[] = [], epochs = 30) => {
  const own = line();
  try {
    const history = await trainModel(tf, own.model, own.samples, { epochs, batchSize, seed, callbacks });
    return { ...history, weights: own.weights() };
  } finally {
    own.dispose();
  }
};

describe('training', () => {
  test.each([
    ['online', 1],
    ['in batches', 6],
    ['all at once', 20],
  ])('%s finds the line', async (_, batchSize) => {
    const { weights, losses, stopped } = await trained(1, batchSize, [], 200);
    expect(weights[0]).toBeCloseTo(3, 3);
    expect(weights[1]).toBeCloseTo(-1, 3);
    expect(losses).toHaveLength(200);
    expect(stopped).toBe('epochs');
  });

  test('by one seed is the same twice, by another it is not', async () => {
    const [first, again, other] = [await trained(1, 3), await trained(1, 3), await trained(2, 3)];
    expect(again.losses).toEqual(first.losses);
    expect(other.losses).not.toEqual(first.losses);
  });

  test('all at once is gradient descent by the formula', async () => {
    const own = line();
    const [w, b] = own.weights();
    const xs = Array.from({ length: 20 }, (_, n) => -1 + (2 * n) / 19);
    const errors = xs.map((x) => w * x + b - (3 * x - 1));
    const slope = (2 / 20) * xs.reduce((sum, x, n) => sum + errors[n] * x, 0);
    const shift = (2 / 20) * errors.reduce((a, c) => a + c, 0);
    await trainModel(tf, own.model, own.samples, { epochs: 1, batchSize: 20, seed: 0 });
    expect(own.weights()[0]).toBeCloseTo(w - 0.1 * slope, 5);
    expect(own.weights()[1]).toBeCloseTo(b - 0.1 * shift, 5);
    own.dispose();
  });

  test('that diverges, is interrupted, or has unlike numbers of samples says so', async () => {
    const wild = line(tf.train.sgd(50));
    await expect(trainModel(tf, wild.model, wild.samples, { epochs: 200, seed: 0 })).rejects.toThrow(
      /the loss is (Infinity|NaN)/,
    );
    const controller = new AbortController();
    controller.abort();
    await expect(
      trainModel(tf, wild.model, wild.samples, { epochs: 2, seed: 0, signal: controller.signal }),
    ).rejects.toThrow(/interrupted/);
    const fewer = wild.samples.targets.slice([0], [5]);
    await expect(
      trainModel(tf, wild.model, { ...wild.samples, targets: fewer }, { epochs: 2, seed: 0 }),
    ).rejects.toThrow(/20, 5 samples/);
    fewer.dispose();
    wild.dispose();
  });
});

describe('callbacks', () => {
  test('early stopping ends at the best weights', async () => {
    const own = line();
    const early = new EarlyStopping({ patience: 3 });
    const kept: StoredWeights[] = [];
    // Held-out samples of another line: their loss falls at first, and rises later.
    const targets = tf.tidy(() => own.samples.inputs.mul(1.5).sub(0.5));
    const { heldOutLosses, stopped, losses } = await trainModel(tf, own.model, own.samples, {
      epochs: 100,
      batchSize: 20,
      seed: 0,
      heldOut: { inputs: own.samples.inputs, targets },
      callbacks: [early, checkpoint((weights) => void kept.push(weights))],
    });
    const best = heldOutLosses.indexOf(Math.min(...heldOutLosses));
    expect(early.bestEpoch).toBe(best + 1);
    expect(losses).toHaveLength(best + 4);
    expect(stopped).toContain(`epoch ${best + 1}`);
    expect(own.weights()).toEqual(kept[best].map(({ values }) => values[0]));
    targets.dispose();
    own.dispose();
  });

  test('a checkpoint can be gone back to', async () => {
    const own = line();
    const kept = new Map<number, StoredWeights>();
    const callbacks = [checkpoint((weights, epoch) => void kept.set(epoch, weights), { every: 4 })];
    await trainModel(tf, own.model, own.samples, { epochs: 10, seed: 0, callbacks });
    expect([...kept.keys()]).toEqual([4, 8, 10]);
    restoreWeights(tf, own.model, kept.get(4)!);
    expect(await storedWeights(own.model)).toEqual(kept.get(4));
    own.dispose();
  });

  test('a schedule sets the optimizer’s rate, and gives it back', async () => {
    const optimizer = tf.train.sgd(0.1);
    const own = line(optimizer);
    const rates: number[] = [];
    const losses: number[] = [];
    const watch: LearningCallback = {
      onBatch: ({ learningRate, loss }) => {
        rates.push(learningRate);
        losses.push(loss);
      },
    };
    await trainModel(tf, own.model, own.samples, {
      epochs: 4,
      batchSize: 20,
      seed: 0,
      callbacks: [learningRateSchedule(stepDecay([0.5], 0.1)), watch],
    });
    // A tenth of the rate, and so about a tenth of the way down.
    expect(losses[2] - losses[3]).toBeLessThan(0.2 * (losses[1] - losses[2]));
    [0.1, 0.1, 0.01, 0.01].forEach((rate, k) => {
      expect(rates[k]).toBeCloseTo(rate, 12);
    });
    expect((optimizer as unknown as { learningRate: number }).learningRate).toBe(0.1);
    own.dispose();
  });

  test('schedules begin and end as they say', () => {
    expect(cosineDecay(0.01)(0, 3)).toBeCloseTo(3, 12);
    expect(cosineDecay(0.01)(1, 3)).toBeCloseTo(0.03, 12);
    expect(cosineDecay()(0.5, 1)).toBeCloseTo(0.5, 12);
    expect(exponentialDecay(0.01)(0.5, 2)).toBeCloseTo(0.2, 12);
    const warm = warmUp(0.2, cosineDecay());
    expect(warm(0.1, 1)).toBeCloseTo(0.5, 12);
    expect(warm(0.2, 1)).toBeCloseTo(1, 12);
    expect(warm(1, 1)).toBeCloseTo(0, 12);
  });

  test('of one’s own can stop in the middle of an epoch', async () => {
    const stopAtFive: LearningCallback = {
      onBatch: ({ step, stop }) => void (step === 5 && stop('five steps')),
    };
    const lines: string[] = [];
    const { stopped, losses } = await trained(1, 2, [stopAtFive, progressLines((text) => lines.push(text))]);
    expect(stopped).toBe('five steps');
    expect(losses).toHaveLength(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^epoch 1\/30: loss /);
  });
});

test('dropout leaves out its share, keeps the mean, differs by step and is the same by seed', () => {
  tf.tidy(() => {
    const ones = tf.ones([50, 200]);
    const layer = seededDropout(tf, { rate: 0.3, seed: 1 });
    const again = seededDropout(tf, { rate: 0.3, seed: 1 });
    const masks = [0, 1].map(() => (layer.apply(ones, { training: true }) as tf.Tensor).dataSync());
    const zeros = masks[0].filter((value) => value === 0).length / masks[0].length;
    // 10⁴ draws: six deviations of the binomial.
    expect(Math.abs(zeros - 0.3)).toBeLessThan(6 * Math.sqrt(0.21 / 1e4));
    expect(Math.max(...masks[0])).toBeCloseTo(1 / 0.7, 5);
    expect(masks[1]).not.toEqual(masks[0]);
    expect((again.apply(ones, { training: true }) as tf.Tensor).dataSync()).toEqual(masks[0]);
    expect((layer.apply(ones) as tf.Tensor).dataSync()).toEqual(ones.dataSync());
  });
});
