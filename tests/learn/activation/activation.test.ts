import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { activationFunctions, maxout, softmax, softmaxJacobian } from '../../../src/learn/index.ts';

beforeAll(() => tf.setBackend('cpu'));

const z = [-3.1, -1.2, -0.4, 0.3, 0.9, 2.6];
const named = (name: string) => activationFunctions.find((own) => own.name === name)!;

describe.each(activationFunctions.map(({ name }) => name))('%s', (name) => {
  test('has the slope of its values', () => {
    const { values, derivatives } = named(name);
    const slopes = derivatives(z);
    const [up, down] = [values(z.map((v) => v + 1e-5)), values(z.map((v) => v - 1e-5))];
    slopes.forEach((slope, i) => {
      expect(slope).toBeCloseTo((up[i] - down[i]) / 2e-5, 7);
    });
  });
});

test('values agree with tfjs where it has them', () => {
  const there: Record<string, (x: tf.Tensor) => tf.Tensor> = {
    sigmoid: tf.sigmoid,
    tanh: tf.tanh,
    relu: tf.relu,
    'leaky-relu': (x) => tf.leakyRelu(x, 0.01),
    elu: tf.elu,
    swish: (x) => x.mul(tf.sigmoid(x)),
    sign: tf.sign,
    gelu: (x) => x.mul(tf.erf(x.div(Math.SQRT2)).add(1)).div(2),
  };
  for (const [name, compute] of Object.entries(there)) {
    const values = tf.tidy(() => compute(tf.tensor1d(z)).dataSync());
    named(name)
      .values(z)
      .forEach((value, i) => {
        expect(Math.abs(value - values[i])).toBeLessThan(2e-6);
      });
  }
});

test('softmax is a distribution, unmoved by a shift, with the slopes of its Jacobian', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 2, maxLength: 6 }),
      (own) => {
        const p = softmax(own);
        expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
        softmax(own.map((v) => v + 1000)).forEach((value, i) => {
          expect(value).toBeCloseTo(p[i], 9);
        });
        const jacobian = softmaxJacobian(own);
        for (let j = 0; j < own.length; j++) {
          const moved = (by: number) => softmax(own.map((v, i) => (i === j ? v + by : v)));
          const [up, down] = [moved(1e-5), moved(-1e-5)];
          for (let i = 0; i < own.length; i++)
            expect(jacobian.get(i, j)).toBeCloseTo((up[i] - down[i]) / 2e-5, 7);
        }
      },
    ),
  );
});

test('maxout takes the largest piece: |z| from z and −z', () => {
  const { values, largest } = maxout(
    z.flatMap((v) => [v, -v]),
    2,
  );
  expect(Array.from(values)).toEqual(z.map(Math.abs));
  expect(Array.from(largest)).toEqual(z.map((v) => (v > 0 ? 0 : 1)));
});
