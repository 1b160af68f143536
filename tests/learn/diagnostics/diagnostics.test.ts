import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  GradientNorms,
  gradientNorms,
  histogram,
  histogramDeviation,
  initializations,
  layerKernels,
  signalDeviations,
  trainModel,
  WeightHistograms,
  weightHistograms,
} from '../../../src/learn/index.ts';

let before = 0;
beforeEach(async () => {
  await tf.setBackend('cpu');
  before = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(before);
});

describe('a histogram', () => {
  test('counts every value once, in its bin', () => {
    const { edges, counts, count, least, greatest, sum, sumOfSquares } = histogram([0, 0.1, 0.5, 0.5, 1, 2], {
      bins: 4,
    });
    expect([...edges]).toEqual([0, 0.5, 1, 1.5, 2]);
    expect([...counts]).toEqual([2, 2, 1, 1]);
    expect([count, least, greatest]).toEqual([6, 0, 2]);
    expect(sum).toBeCloseTo(4.1, 12);
    expect(sumOfSquares).toBeCloseTo(5.51, 12);
  });

  test('over a range given counts what is beyond in the bins at the ends', () => {
    expect([...histogram([-5, 0.1, 0.9, 7], { bins: 2, range: [0, 1] }).counts]).toEqual([2, 2]);
  });

  test('of equal values has room around them', () => {
    const { edges, counts } = histogram([3, 3], { bins: 3 });
    expect(edges[0]).toBeLessThan(3);
    expect(edges[3]).toBeGreaterThan(3);
    expect([...counts]).toEqual([0, 2, 0]);
  });

  test('knows the deviation of its values', () => {
    expect(histogramDeviation(histogram([1, 3, 5, 7]))).toBeCloseTo(Math.sqrt(5), 12);
  });

  test('of nothing, or of what is no number, is refused', () => {
    expect(() => histogram([])).toThrow(/no values/);
    expect(() => histogram([1, Number.NaN])).toThrow(/NaN/);
  });
});

describe('initializations have the deviation they say', () => {
  test.each(initializations.map((own) => [own.name, own] as const))('%s', (_, own) => {
    for (const [inputs, outputs] of [
      [60, 200],
      [150, 80],
    ]) {
      const values = tf.tidy(() => own.initializer(tf, 7).apply([inputs, outputs]).dataSync());
      // 12,000 draws: the deviation is known to about 0.7 %.
      expect(histogramDeviation(histogram(values)) / own.deviation(inputs, outputs)).toBeGreaterThan(0.97);
      expect(histogramDeviation(histogram(values)) / own.deviation(inputs, outputs)).toBeLessThan(1.03);
    }
  });

  test('He’s keeps the mean square of signals through ReLU, layer after layer', () => {
    const he = initializations.find(({ name }) => name === 'He')!;
    const powers = tf.tidy(() => {
      let signal = tf.randomNormal([50, 300], 0, 1, 'float32', 1) as tf.Tensor;
      return Array.from({ length: 8 }, (_, layer) => {
        signal = tf.relu(tf.matMul(signal, he.initializer(tf, layer).apply([300, 300])));
        return signal.square().mean().dataSync()[0];
      });
    });
    for (const power of powers) expect(Math.abs(Math.log(power))).toBeLessThan(0.7);
  });
});

/** A deep narrow network of sigmoids or tanh on a few points. */
function deep(activation: 'sigmoid' | 'tanh' | 'relu', layers: number, seed = 1) {
  const model = tf.sequential();
  for (let k = 0; k < layers; k++)
    model.add(
      tf.layers.dense({
        name: `${activation}-${k + 1}`,
        units: 6,
        activation,
        ...(k === 0 ? { inputShape: [2] } : {}),
        kernelInitializer: tf.initializers.glorotUniform({ seed: seed + k }),
      }),
    );
  model.add(tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 99 }) }));
  const optimizer = tf.train.sgd(0.1);
  model.compile({ optimizer, loss: 'meanSquaredError' });
  const inputs = tf.randomNormal([16, 2], 0, 1, 'float32', 5);
  const targets = tf.tidy(() => inputs.sum(1, true).sin());
  return {
    model,
    inputs,
    targets,
    dispose: () => {
      tf.dispose([inputs, targets]);
      model.dispose();
      optimizer.dispose();
    },
  };
}

describe('gradient norms', () => {
  test('are those of central differences', async () => {
    const own = deep('tanh', 2);
    const found = await gradientNorms(tf, own.model, own);
    const loss = (): number =>
      tf.tidy(() =>
        tf.losses.meanSquaredError(own.targets, own.model.predict(own.inputs) as tf.Tensor).dataSync(),
      )[0];
    for (const [k, { name, variable }] of layerKernels(own.model).entries()) {
      const values = variable.dataSync<'float32'>().slice();
      const moved = (i: number, by: number): number => {
        const other = values.slice();
        other[i] += by;
        tf.tidy(() => variable.assign(tf.tensor(other, variable.shape)));
        return loss();
      };
      // float32: a step of 1e-2 leaves about 1e-4 of both errors.
      const slopes = Array.from(values, (_, i) => (moved(i, 1e-2) - moved(i, -1e-2)) / 2e-2);
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
      expect(found[k].name).toBe(name);
      expect(found[k].norm / Math.hypot(...slopes)).toBeCloseTo(1, 2);
    }
    own.dispose();
  });

  test('shrink towards the input of deep sigmoids, at least four times as fast as of tanh', async () => {
    const ratio = async (activation: 'sigmoid' | 'tanh') => {
      const own = deep(activation, 6);
      const norms = await gradientNorms(tf, own.model, own);
      own.dispose();
      return norms[1].norm / norms[5].norm;
    };
    expect(await ratio('sigmoid')).toBeLessThan((await ratio('tanh')) * 0.25 ** 3);
  });

  test('want a compiled model', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    const ones = tf.ones([2, 2]);
    await expect(gradientNorms(tf, model, { inputs: ones, targets: ones })).rejects.toThrow(/not compiled/);
    ones.dispose();
    model.dispose();
  });
});

test('signals of a linear layer deviate as its weights say', async () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ name: 'linear', units: 2, inputShape: [1] }), tf.layers.dense({ units: 1 })],
  });
  tf.tidy(() => {
    model.layers[0].setWeights([tf.tensor2d([[3, -4]]), tf.tensor1d([10, 20])]);
  });
  const inputs = tf.tensor2d([[-1], [1], [-1], [1]]);
  const [first, second] = await signalDeviations(tf, model, inputs);
  // Inputs of deviation 1, variances 9 and 16.
  expect(first.name).toBe('linear');
  expect(first.deviation).toBeCloseTo(Math.sqrt(12.5), 5);
  const kernel = model.layers[1].getWeights()[0].dataSync<'float32'>();
  expect(second.deviation).toBeCloseTo(Math.abs(3 * kernel[0] - 4 * kernel[1]), 4);
  inputs.dispose();
  model.dispose();
});

test('callbacks record histograms and norms before the training and by epochs', async () => {
  const own = deep('relu', 2);
  const histograms = new WeightHistograms({ bins: 5, every: 2 });
  const norms = new GradientNorms(own);
  const begun = await weightHistograms(own.model, { bins: 5 });
  const firstNorms = await gradientNorms(tf, own.model, own);
  await trainModel(
    tf,
    own.model,
    { inputs: own.inputs, targets: own.targets },
    {
      epochs: 5,
      seed: 0,
      callbacks: [histograms, norms],
    },
  );
  expect(histograms.records.map(({ epoch }) => epoch)).toEqual([0, 2, 4]);
  expect(norms.records.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(histograms.records[0].layers).toEqual(begun);
  expect(norms.records[0].layers).toEqual(firstNorms);
  expect(norms.records[5].layers).toEqual(await gradientNorms(tf, own.model, own));
  expect(histograms.records[2].layers.map(({ histogram: { count } }) => count)).toEqual([12, 36, 6]);
  expect(() => new WeightHistograms({ every: 0 })).toThrow(/every 0 epochs/);
  own.dispose();
});
