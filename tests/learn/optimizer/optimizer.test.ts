import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { adamW, descentPath, lars, optimizerKinds, testSurfaces } from '../../../src/learn/index.ts';

let before = 0;
beforeEach(async () => {
  await tf.setBackend('cpu');
  before = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(before);
});

describe.each(testSurfaces.map((own) => [own.name, own] as const))('the surface %s', (_, surface) => {
  test('has the gradient of its values, and none where it is least', () => {
    for (const [x, y] of [surface.start, [0.3, -0.7], [1.9, 0.4]]) {
      const difference = [
        (surface.value(x + 1e-6, y) - surface.value(x - 1e-6, y)) / 2e-6,
        (surface.value(x, y + 1e-6) - surface.value(x, y - 1e-6)) / 2e-6,
      ];
      surface.gradient(x, y).forEach((slope, k) => {
        expect(Math.abs(slope - difference[k])).toBeLessThan(1e-6 * (1 + Math.abs(slope)) + 1e-7);
      });
    }
    for (const slope of surface.gradient(...surface.minimum!)) expect(slope).toBeCloseTo(0, 12);
  });
});

describe.each(optimizerKinds.map((own) => [own.name, own] as const))('%s', (name, kind) => {
  test('goes down a bowl', () => {
    const gradient = (x: number, y: number) => [2 * x, 0.5 * y] as const;
    const rate = { SGD: 0.1, momentum: 0.02, AdaGrad: 0.5, RMSprop: 0.05, Adam: 0.1, AdamW: 0.1, LARS: 1 }[
      name
    ]!;
    const path = descentPath(tf, kind.make(tf, rate), { gradient }, [1, -2], 150);
    const last = path.at(-1)!;
    expect(last[0] ** 2 + 0.25 * last[1] ** 2).toBeLessThan(0.02);
  });

  test('remembers as many numbers as it says', () => {
    const empty = tf.memory().numTensors;
    const w = tf.tidy(() => tf.variable(tf.ones([3, 2])));
    const optimizer = kind.make(tf, 0.1);
    const idle = tf.memory().numTensors;
    const slope = tf.ones([3, 2]);
    optimizer.applyGradients([{ name: w.name, tensor: slope }]);
    // Those of the variable's shape; Adam's two scalars are there from the start.
    expect(tf.memory().numTensors - idle - 1).toBeGreaterThanOrEqual(kind.memory);
    tf.dispose([w, slope]);
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(empty);
  });
});

describe('by the formulas of their papers', () => {
  const weights = [1, -2, 0.5];
  const slopes = [
    [0.3, -0.1, 0.2],
    [-0.2, 0.4, 0.1],
  ];
  const moved = (optimizer: tf.Optimizer): number[] => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d(weights)));
    for (const slope of slopes)
      tf.tidy(() => optimizer.applyGradients([{ name: w.name, tensor: tf.tensor1d(slope) }]));
    const values = Array.from(w.dataSync());
    tf.dispose(w);
    optimizer.dispose();
    return values;
  };

  test('AdamW decays weights outside of its moments', () => {
    const expected = weights.map((first, k) => {
      let [w, m, v] = [first, 0, 0];
      slopes.forEach((slope, t) => {
        m = 0.9 * m + 0.1 * slope[k];
        v = 0.999 * v + 0.001 * slope[k] ** 2;
        const direction = m / (1 - 0.9 ** (t + 1)) / (Math.sqrt(v / (1 - 0.999 ** (t + 1))) + 1e-7);
        w -= 0.1 * (direction + 0.05 * w);
      });
      return w;
    });
    moved(adamW(tf, { learningRate: 0.1, weightDecay: 0.05 })).forEach((value, k) => {
      expect(value).toBeCloseTo(expected[k], 5);
    });
  });

  test('without decay AdamW is Adam', () => {
    const plain = moved(tf.train.adam(0.1));
    moved(adamW(tf, { learningRate: 0.1, weightDecay: 0 })).forEach((value, k) => {
      expect(value).toBeCloseTo(plain[k], 5);
    });
  });

  test('LARS moves a layer by a share of its norm, whatever the size of the gradient', () => {
    const step = (scale: number): number[] => {
      const w = tf.tidy(() => tf.variable(tf.tensor1d(weights)));
      const optimizer = lars(tf, { learningRate: 2, trust: 0.01, momentum: 0 });
      tf.tidy(() =>
        optimizer.applyGradients([{ name: w.name, tensor: tf.tensor1d(slopes[0].map((g) => scale * g)) }]),
      );
      const by = Array.from(w.dataSync(), (value, k) => value - weights[k]);
      tf.dispose(w);
      optimizer.dispose();
      return by;
    };
    const [small, large] = [step(1), step(1000)];
    expect(Math.hypot(...small)).toBeCloseTo(0.02 * Math.hypot(...weights), 5);
    small.forEach((value, k) => {
      expect(large[k]).toBeCloseTo(value, 5);
    });
  });
});
