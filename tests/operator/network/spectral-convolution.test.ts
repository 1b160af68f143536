import { afterAll, describe, expect, test } from 'vitest';
import { loadBackend } from '../../../src/engine/tfjs/backend.ts';
import type { Tensor } from '../../../src/engine/tfjs/tensor-arithmetic.ts';
import { fourierMatrix } from '../../../src/operator/network/fourier-matrix.ts';
import {
  FourierNetwork,
  type FourierShape,
  fourierShapes,
  initialFourier,
} from '../../../src/operator/network/fourier-network.ts';
import { FourierValues } from '../../../src/operator/network/fourier-values.ts';
import { SpectralConvolution } from '../../../src/operator/network/spectral-convolution.ts';
import { TensorLayers } from '../../../src/operator/network/tensor-layers.ts';
import { partsOf, sizeOf } from '../../../src/operator/network/tensor-objective.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

const loaded = await loadBackend({ backend: 'wasm' });
const { tf } = loaded;
const before = tf.memory().numTensors;
const random = randomGenerator(7);
const numbers = (shape: readonly number[]): Float64Array =>
  Float64Array.from({ length: sizeOf(shape) }, () => 2 * random.uniform() - 1);
const tensor = (values: Float64Array, shape: readonly number[]): Tensor =>
  tf.tensor(Float32Array.from(values), [...shape]);

/** A layer with random factors, and what it makes of values on the host. */
function layer(axes: readonly { count: number; modes: number }[], channels: number, batch = 1) {
  const convolution = new SpectralConvolution(tf, axes);
  const sides = axes.map(({ count }) => count);
  const factorShape = [convolution.modes, channels, channels];
  const factors = Array.from({ length: convolution.parts }, () => numbers(factorShape));
  const shape = [...sides, batch, channels];
  const apply = (x: Float64Array, own = factors): Float64Array =>
    Float64Array.from(
      tf.tidy(() =>
        convolution
          .apply(
            tensor(x, shape),
            own.map((f) => tensor(f, factorShape)),
          )
          .dataSync(),
      ),
    );
  return { convolution, shape, factorShape, factors, apply };
}

afterAll(() => void expect(tf.memory().numTensors).toBe(before));

test('the waves of the truncated transform are orthonormal', () => {
  const [count, modes] = [12, 5];
  const f = fourierMatrix(count, modes);
  for (let a = 0; a < 2 * modes; a++)
    for (let b = 0; b < 2 * modes; b++) {
      let dot = 0;
      for (let j = 0; j < count; j++) dot += f[a * count + j] * f[b * count + j];
      expect(dot).toBeCloseTo(a === b && a !== modes ? 1 : 0, 12);
    }
});

test('a spectral convolution is a convolution on the circle', () => {
  const { convolution, apply } = layer([{ count: 15, modes: 8 }], 1);
  const pulse = new Float64Array(15);
  pulse[0] = 1;
  const kernel = apply(pulse);
  const x = numbers([15]);
  const found = apply(x);
  for (let i = 0; i < 15; i++) {
    let sum = 0;
    for (let j = 0; j < 15; j++) sum += kernel[(i - j + 15) % 15] * x[j];
    expect(found[i]).toBeCloseTo(sum, 4);
  }
  convolution.dispose();
});

test('on a torus it commutes with shifts along both axes', () => {
  const [m, n] = [7, 8];
  const { convolution, apply } = layer(
    [
      { count: m, modes: 3 },
      { count: n, modes: 4 },
    ],
    2,
  );
  const shifted = (x: Float64Array): Float64Array =>
    Float64Array.from({ length: x.length }, (_, k) => {
      const [i, j] = [Math.floor(k / 2 / n), Math.floor(k / 2) % n];
      return x[2 * (((i + 3) % m) * n + ((j + 2) % n)) + (k % 2)];
    });
  const x = numbers([m * n * 2]);
  const [first, second] = [shifted(apply(x)), apply(shifted(x))];
  first.forEach((value, k) => void expect(second[k]).toBeCloseTo(value, 4));
  // It is not the same everywhere, and not symmetric.
  expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(0.1);
  convolution.dispose();
});

describe.each([
  ['circle', [{ count: 10, modes: 4 }]],
  [
    'torus',
    [
      { count: 5, modes: 2 },
      { count: 6, modes: 3 },
    ],
  ],
])('on a %s', (_, axes) => {
  test('the gradient of a spectral convolution is that of finite differences', () => {
    const { convolution, shape, factorShape, factors, apply } = layer(axes, 2, 3);
    const x = numbers(shape);
    const slopes = numbers(shape);
    const value = (at: Float64Array, own: Float64Array[]): number =>
      apply(at, own).reduce((sum, y, k) => sum + y * slopes[k], 0);
    const gradients = tf.tidy(() =>
      tf
        .grads((given, ...own) => tf.sum(tf.mul(convolution.apply(given, own), tensor(slopes, shape))))([
          tensor(x, shape),
          ...factors.map((f) => tensor(f, factorShape)),
        ])
        .map((gradient) => gradient.dataSync()),
    );
    // Linear in either, so that differences may be large.
    for (const k of [0, 7, x.length - 1]) {
      const moved = (by: number) => x.map((v, i) => (i === k ? v + by : v));
      const difference = (value(moved(1), factors) - value(moved(-1), factors)) / 2;
      expect(gradients[0][k]).toBeCloseTo(difference, 3);
    }
    factors.forEach((_, part) => {
      for (const k of [0, 5, factors[part].length - 1]) {
        const moved = (by: number) =>
          factors.map((f, p) => (p === part ? f.map((v, i) => (i === k ? v + by : v)) : f));
        const difference = (value(x, moved(1)) - value(x, moved(-1))) / 2;
        expect(gradients[1 + part][k]).toBeCloseTo(difference, 3);
      }
    });
    convolution.dispose();
  });

  test('a whole network has the same values on tensors and in float64, and the gradient of differences', () => {
    const shape: FourierShape = { axes, channels: 2, outputs: 1, width: 3, depth: 2 };
    const layers = new TensorLayers(loaded);
    const network = new FourierNetwork(layers, shape);
    const theta = initialFourier(shape, 3).map((value) => value + 0.05 * random.normal());
    const size = axes.reduce((all, { count }) => all * count, 1);
    const features = numbers([size, 2]);
    const host = (at: Float64Array): Float64Array => new FourierValues(shape, at).of(features);
    const shapes = fourierShapes(shape);
    const parameters = () => partsOf(theta, shapes).map((part, k) => tensor(part, shapes[k]));
    const input = () => tensor(features, [size, 1, 2]);
    const values = tf.tidy(() => network.apply(input(), parameters()).dataSync());
    host(theta).forEach((value, k) => void expect(values[k]).toBeCloseTo(value, 4));
    const gradient = tf.tidy(() =>
      tf
        .grads((...own) => tf.sum(network.apply(input(), own)))(parameters())
        .flatMap((part) => [...part.dataSync()]),
    );
    const total = (at: Float64Array): number => host(at).reduce((sum, y) => sum + y, 0);
    for (let k = 0; k < theta.length; k += Math.ceil(theta.length / 60)) {
      const moved = (by: number) => theta.map((v, i) => (i === k ? v + by : v));
      expect(gradient[k]).toBeCloseTo((total(moved(1e-4)) - total(moved(-1e-4))) / 2e-4, 3);
    }
    network.dispose();
    layers.dispose();
  });
});
