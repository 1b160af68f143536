import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convolutionFilterGradient } from '../../../src/learn/backend/convolution-filter-gradient.ts';
import { learningBackend } from '../../../src/learn/backend/index.ts';

/** Values of an operation on one backend. */
async function on(backend: string, compute: () => tf.Tensor): Promise<Float32Array> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const values = tf.tidy(() => compute().dataSync() as Float32Array);
  expect(tf.memory().numTensors).toBe(before);
  return values.slice();
}

function expectEqual(actual: Float32Array, expected: Float32Array): void {
  const scale = Math.max(...expected.map(Math.abs));
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(1e-5 * scale);
  });
}

beforeAll(async () => {
  await learningBackend({ backend: 'wasm' });
  await learningBackend({ backend: 'cpu' });
});
afterAll(() => tf.setBackend('cpu'));

describe('the gradient with respect to a convolution’s filter equals that of the cpu backend', () => {
  const cases: [
    string,
    [number, number, number, number],
    [number, number, number, number],
    number,
    'same' | 'valid',
  ][] = [
    ['3x3, same', [2, 7, 6, 3], [3, 3, 3, 4], 1, 'same'],
    ['stride 3, rim not reached', [2, 12, 11, 2], [3, 2, 2, 3], 3, 'valid'],
    ['5x5, valid', [3, 9, 8, 2], [5, 5, 2, 3], 1, 'valid'],
    ['stride 2, same', [2, 9, 8, 3], [3, 3, 3, 2], 2, 'same'],
    ['stride 2, valid, even filter', [2, 9, 10, 1], [2, 4, 1, 5], 2, 'valid'],
    ['stride 3, filter of one tap', [2, 8, 8, 2], [1, 1, 2, 2], 3, 'valid'],
  ];
  test.each(cases)('%s', async (_, inputs, filter, stride, pad) => {
    const gradient = () => {
      const x = tf.randomNormal(inputs, 0, 1, 'float32', 1) as tf.Tensor4D;
      const w = tf.randomNormal(filter, 0, 1, 'float32', 2) as tf.Tensor4D;
      return tf.grad((v) =>
        tf
          .conv2d(x, v as tf.Tensor4D, stride, pad)
          .square()
          .sum(),
      )(w);
    };
    expectEqual(await on('wasm', gradient), await on('cpu', gradient));
  });

  test('with channels second', async () => {
    await tf.setBackend('cpu');
    tf.tidy(() => {
      const x = tf.randomNormal([2, 6, 5, 3], 0, 1, 'float32', 3) as tf.Tensor4D;
      const dy = tf.randomNormal([2, 6, 5, 2], 0, 1, 'float32', 4) as tf.Tensor4D;
      const shape = {
        strides: 1,
        pad: 'same' as const,
        filterShape: [3, 3, 3, 2] as [number, number, number, number],
      };
      const last = convolutionFilterGradient(tf, x, dy, { ...shape, dataFormat: 'NHWC' });
      const second = convolutionFilterGradient(
        tf,
        tf.transpose(x, [0, 3, 1, 2]),
        tf.transpose(dy, [0, 3, 1, 2]),
        { ...shape, dataFormat: 'NCHW' },
      );
      expectEqual(second.dataSync() as Float32Array, last.dataSync() as Float32Array);
    });
  });
});

describe('gradients that are faster than the wasm backend’s own equal those of the cpu backend', () => {
  test.each([
    ['3x3, same', [2, 7, 6, 3], [3, 3, 3, 4], 1, 'same'],
    ['even filter, same', [2, 7, 6, 2], [4, 2, 2, 3], 1, 'same'],
    ['5x3, valid', [3, 9, 8, 2], [5, 3, 2, 3], 1, 'valid'],
    ['explicit padding', [2, 6, 7, 2], [3, 3, 2, 3], 1, 2],
    ['padding beyond the filter', [2, 6, 7, 1], [2, 2, 1, 2], 1, 3],
    ['stride 2', [2, 9, 8, 3], [3, 3, 3, 2], 2, 'same'],
  ] as const)('convolution, with respect to its input: %s', async (_, inputs, filter, stride, pad) => {
    const gradient = () => {
      const x = tf.randomNormal([...inputs], 0, 1, 'float32', 1) as tf.Tensor4D;
      const w = tf.randomNormal([...filter], 0, 1, 'float32', 2) as tf.Tensor4D;
      return tf.grad((v) =>
        tf
          .conv2d(v as tf.Tensor4D, w, stride, pad)
          .square()
          .sum(),
      )(x);
    };
    expectEqual(await on('wasm', gradient), await on('cpu', gradient));
  });

  test.each([
    ['2x2', 2, 2, 'valid'],
    ['overlapping, at the rim', 3, 2, 'same'],
    ['strides unlike', [2, 3], [1, 2], 'same'],
  ] as const)('max-pooling: %s', async (_, size, stride, pad) => {
    const gradient = () => {
      // Rounded and cut off below: equal pixels in a window are common, and the first of them counts.
      const x = tf.randomNormal([2, 7, 9, 3], 0, 2, 'float32', 1).round().relu() as tf.Tensor4D;
      return tf.grad((v) =>
        tf
          .maxPool(v as tf.Tensor4D, size as number, stride as number, pad)
          .square()
          .sum(),
      )(x);
    };
    expectEqual(await on('wasm', gradient), await on('cpu', gradient));
  });
});

describe('gradients of matrix products equal those of the cpu backend', () => {
  test.each([
    ['plain', [5, 7], [7, 3], false, false],
    ['both transposed', [7, 5], [3, 7], true, true],
    ['a stack of them, the second transposed', [2, 4, 5, 7], [2, 4, 3, 7], false, true],
  ] as const)('%s', async (_, first, second, transposeA, transposeB) => {
    const gradient = () => {
      const a = tf.randomNormal([...first], 0, 1, 'float32', 1);
      const b = tf.randomNormal([...second], 0, 1, 'float32', 2);
      const [da, db] = tf.grads((u, v) => tf.matMul(u, v, transposeA, transposeB).square().sum())([a, b]);
      return tf.concat([da.flatten(), db.flatten()]);
    };
    expectEqual(await on('wasm', gradient), await on('cpu', gradient));
  });
});

test('the gradient of gathered rows equals that of the cpu backend', async () => {
  const gradient = () => {
    const table = tf.randomNormal([5, 3], 0, 1, 'float32', 1);
    const rows = tf.tensor1d([0, 3, 3, 1, 0, 3], 'int32');
    return tf.grad((v) => tf.gather(v, rows).square().sum())(table);
  };
  expectEqual(await on('wasm', gradient), await on('cpu', gradient));
});

test('a network with convolutions trains on wasm, and leaves no tensor behind', async () => {
  await tf.setBackend('wasm');
  const before = tf.memory().numTensors;
  const seeded = (seed: number) => tf.initializers.glorotNormal({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        inputShape: [8, 8, 1],
        kernelInitializer: seeded(1),
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: seeded(2) }),
    ],
  });
  const optimizer = tf.train.adam(0.05);
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  // Upright against lying bars.
  const images = Array.from({ length: 32 }, (_, n) =>
    Array.from({ length: 64 }, (_, i) => ((n % 2 === 0 ? i % 8 : i >> 3) === 1 + (n % 6) ? 1 : 0)),
  );
  const x = tf.tensor4d(images.flat(), [32, 8, 8, 1]);
  const y = tf.tidy(() =>
    tf.oneHot(
      tf.tensor1d(
        images.map((_, n) => n % 2),
        'int32',
      ),
      2,
    ),
  );
  const history = await model.fit(x, y, { epochs: 15, shuffle: false, verbose: 0 });
  const losses = history.history.loss as number[];
  expect(losses[14]).toBeLessThan(0.2 * losses[0]);
  tf.dispose([x, y]);
  model.dispose();
  optimizer.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
