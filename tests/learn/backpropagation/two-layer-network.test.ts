import * as tf from '@tensorflow/tfjs';
import { Matrix } from 'ml-matrix';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  backwardPass,
  descended,
  forwardPass,
  lossOf,
  type TwoLayerLoss,
  type TwoLayerWeights,
  twoLayerWeights,
} from '../../../src/learn/index.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

beforeAll(() => tf.setBackend('cpu'));

const random = randomGenerator(1);
const noise = (rows: number, columns: number) =>
  new Matrix(Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal())));
const x = noise(3, 7);
const targets: Record<TwoLayerLoss, Matrix> = {
  squares: noise(2, 7),
  'cross-entropy': new Matrix([
    [0, 1, 1, 0, 1, 0, 1],
    [1, 1, 0, 0, 0, 0, 1],
  ]),
};
const weights = twoLayerWeights(3, 5, 2, 4);
const keys = ['hidden', 'hiddenBias', 'output', 'outputBias'] as const;

describe.each(['squares', 'cross-entropy'] as const)('the gradient of %s by hand', (loss) => {
  const options = { activation: 'tanh', loss } as const;
  const gradient = backwardPass(weights, x, targets[loss], options);

  test('equals central differences', () => {
    for (const key of keys)
      for (let i = 0; i < weights[key].rows; i++)
        for (let j = 0; j < weights[key].columns; j++) {
          const moved = (by: number): TwoLayerWeights => {
            const own = weights[key].clone();
            own.set(i, j, own.get(i, j) + by);
            return { ...weights, [key]: own };
          };
          const at = (by: number) => lossOf(forwardPass(moved(by), x, options), targets[loss], options);
          expect(gradient[key].get(i, j)).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 8);
        }
  });

  test('equals that of tfjs to 1e-6', () => {
    const names = keys.map((key) => weights[key].to2DArray());
    const automatic = tf.tidy(() => {
      const gradients = tf.grads((...parts: tf.Tensor[]) => {
        const [w1, b1, w2, b2] = parts as tf.Tensor2D[];
        const output = w2.matMul(w1.matMul(tf.tensor2d(x.to2DArray())).add(b1).tanh()).add(b2) as tf.Tensor2D;
        const y = tf.tensor2d(targets[loss].to2DArray());
        const sum =
          loss === 'squares' ? output.sub(y).square().sum() : output.softplus().sub(output.mul(y)).sum();
        return sum.div(7) as tf.Scalar;
      })(names.map((rows) => tf.tensor2d(rows)));
      return gradients.map((own) => own.arraySync() as number[][]);
    });
    keys.forEach((key, k) => {
      automatic[k].forEach((row, i) => {
        row.forEach((value, j) => {
          expect(Math.abs(value - gradient[key].get(i, j))).toBeLessThan(1e-6);
        });
      });
    });
  });

  test('leads downhill', () => {
    const before = lossOf(forwardPass(weights, x, options), targets[loss], options);
    const after = descended(weights, gradient, 1e-2);
    expect(lossOf(forwardPass(after, x, options), targets[loss], options)).toBeLessThan(before);
  });
});

test('a hidden layer solves the exclusive or, which no single unit can', () => {
  const corners = new Matrix([
    [-1, -1, 1, 1],
    [-1, 1, -1, 1],
  ]);
  const y = new Matrix([[0, 1, 1, 0]]);
  const options = { activation: 'tanh', loss: 'cross-entropy' } as const;
  let own = twoLayerWeights(2, 4, 1, 1);
  for (let step = 0; step < 500; step++) own = descended(own, backwardPass(own, corners, y, options), 0.5);
  const { output } = forwardPass(own, corners, options);
  expect(output.to1DArray().map(Math.round)).toEqual([0, 1, 1, 0]);
  expect(lossOf(forwardPass(own, corners, options), y, options)).toBeLessThan(0.05);
});

test('targets of another shape are refused', () => {
  expect(() => backwardPass(weights, x, noise(2, 6), { activation: 'tanh', loss: 'squares' })).toThrow(
    /2 × 7/,
  );
});
