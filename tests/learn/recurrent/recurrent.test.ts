import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { epidemicCurves, slidingWindows } from '../../../src/learn/data/sequences.ts';
import { forecastNetwork, forecastSamples, lstmSequence } from '../../../src/learn/recurrent/index.ts';
import { trainModel } from '../../../src/learn/training/index.ts';

let before = 0;
beforeEach(async () => {
  await tf.setBackend('cpu');
  before = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(before);
});

describe('epidemic curves', () => {
  const curves = epidemicCurves({ count: 200, days: 40, seed: 3 });

  test('grow at first by β S/N − γ, and peak where S = Nγ/β', () => {
    for (let n = 0; n < 20; n++) {
      const [beta, gamma] = [curves.transmission[n], curves.recovery[n]];
      const curve = curves.expected.slice(40 * n, 40 * (n + 1));
      const initial = curve[0];
      // I + S − (Nγ/β) ln S is constant along a trajectory: at the peak S is known, and so is I.
      const r = 763 / (beta / gamma);
      const peak = 763 - r + r * Math.log(r / (763 - initial));
      expect(Math.max(...curve)).toBeLessThanOrEqual(peak * (1 + 1e-6));
      if (gamma > 0.4 && beta / gamma > 2) expect(Math.max(...curve)).toBeGreaterThan(0.8 * peak);
    }
  });

  test('have errors of mean 0 and of variance 3 times their mean', () => {
    const errors = Array.from(curves.values, (value, i) => [value, curves.expected[i]] as const)
      .filter(([, expected]) => expected > 50)
      .map(([value, expected]) => (value - expected) / Math.sqrt(3 * expected));
    const count = errors.length;
    expect(Math.abs(errors.reduce((a, b) => a + b, 0) / count)).toBeLessThan(4 / Math.sqrt(count));
    const square = errors.reduce((a, b) => a + b * b, 0) / count;
    expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
  });

  test('do not depend on how many are drawn', () => {
    expect(epidemicCurves({ count: 3, days: 40, seed: 3 }).values).toEqual(curves.values.slice(0, 120));
  });

  test('windows hold every stretch and what follows', () => {
    const { seen, following, count } = slidingWindows([1, 2, 3, 4, 5, 6], { length: 3, horizon: 2 });
    expect(count).toBe(2);
    expect(Array.from(seen)).toEqual([1, 2, 3, 2, 3, 4]);
    expect(Array.from(following)).toEqual([4, 5, 5, 6]);
    expect(() => slidingWindows([1, 2], { length: 2 })).toThrow(/no window/);
  });
});

describe('the long short-term memory', () => {
  test('of tfjs gives what the equations say', () => {
    const model = forecastNetwork(tf, { seed: 2, units: [5], features: 2, horizon: 3 });
    const sequence = Array.from({ length: 14 }, (_, i) => Math.sin(3 * i * i));
    const [kernel, recurrent, bias, top, level] = model.getWeights().map((weight) => weight.dataSync());
    const steps = lstmSequence({ kernel, recurrent, bias }, sequence, 2);
    const given = tf.tidy(() => (model.predict(tf.tensor3d(sequence, [1, 7, 2])) as tf.Tensor).dataSync());
    expect(steps).toHaveLength(7);
    for (const [t, { output }] of steps.entries())
      for (let k = 0; k < 3; k++) {
        const own = output.reduce((sum, h, j) => sum + h * top[3 * j + k], level[k]);
        expect(given[3 * t + k]).toBeCloseTo(own, 5);
      }
    model.dispose();
  });

  test('with an open forget gate and a closed input gate keeps its memory', () => {
    const bias = [-50, 50, 0, 50];
    const weights = { kernel: [0, 0, 0, 0], recurrent: [0, 0, 0, 0], bias };
    const [first, ...later] = lstmSequence({ ...weights, bias: [50, 50, 2, 50] }, [1], 1);
    expect(first.memory[0]).toBeCloseTo(Math.tanh(2), 12);
    expect(later).toHaveLength(0);
    for (const { memory } of lstmSequence(weights, [1, 2, 3], 1)) expect(memory[0]).toBeCloseTo(0, 12);
  });
});

describe('a forecasting network', () => {
  test.each(['lstm', 'gru', 'simple'] as const)('of kind %s reads in one direction', (kind) => {
    const model = forecastNetwork(tf, { seed: 1, kind, units: [4], horizon: 2 });
    const values = [0.1, 0.5, -0.3, 0.7];
    const forecast = (sequence: number[]) =>
      tf.tidy(() => (model.predict(tf.tensor3d(sequence, [1, sequence.length, 1])) as tf.Tensor).dataSync());
    const all = forecast(values);
    const changed = forecast([...values.slice(0, 3), 5]);
    const fewer = forecast(values.slice(0, 2));
    for (let i = 0; i < 6; i++) expect(changed[i]).toBeCloseTo(all[i], 6);
    for (let i = 0; i < 4; i++) expect(fewer[i]).toBeCloseTo(all[i], 6);
    expect(changed[6]).not.toBeCloseTo(all[6], 3);
    model.dispose();
  });

  test('learns to continue waves, and leaves no tensor behind', { timeout: 60_000 }, async () => {
    const [count, length] = [60, 14];
    const values = Float64Array.from({ length: count * length }, (_, i) =>
      Math.sin(0.8 * (i % length) + Math.floor(i / length)),
    );
    const samples = forecastSamples({ values, count, length }, { horizon: 2 });
    expect(samples.length).toBe(12);
    // Row t of the targets is what stands at t + 1 and t + 2.
    expect(samples.targets[2 * 3 + 1]).toBeCloseTo(values[5], 6);
    const model = forecastNetwork(tf, { seed: 4, units: [8], horizon: 2 });
    const inputs = tf.tensor3d(samples.inputs, [count, 12, 1]);
    const targets = tf.tensor3d(samples.targets, [count, 12, 2]);
    const optimizer = tf.train.adam(0.02);
    model.compile({ optimizer, loss: 'meanSquaredError' });
    const { losses } = await trainModel(
      tf,
      model,
      { inputs, targets },
      { epochs: 12, batchSize: 20, seed: 1 },
    );
    expect(losses[0]).toBeGreaterThan(0.25);
    expect(losses.at(-1)!).toBeLessThan(0.08);
    tf.dispose([inputs, targets]);
    model.dispose();
    optimizer.dispose();
  });
});
