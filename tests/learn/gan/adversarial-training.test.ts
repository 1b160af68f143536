import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type AdversarialObjective,
  denseDiscriminator,
  denseGenerator,
  generatedSamples,
  inputGradient,
  latentDraws,
  logLossObjective,
  trainAdversaries,
  wassersteinObjective,
  weightAverage,
} from '../../../src/learn/gan/index.ts';
import { cosineDecay, type RateSchedule } from '../../../src/learn/training/index.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

let before = 0;
beforeEach(async () => {
  await tf.setBackend('cpu');
  before = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(before);
});

const normals = (shape: number[], seed: number): tf.Tensor => {
  const random = randomGenerator(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
  );
};
const { dense, conv2d, flatten, leakyReLU, activation, reshape, reLU } = tf.layers;
const kernel = (seed: number) => tf.initializers.glorotNormal({ seed });
const bias = (seed: number) => tf.initializers.randomNormal({ seed, stddev: 0.3 });
const layer = (units: number, name: string, seed: number, inputShape?: number[]) =>
  dense({
    units,
    activation: name as 'relu',
    kernelInitializer: kernel(seed),
    biasInitializer: bias(seed + 50),
    ...(inputShape === undefined ? {} : { inputShape }),
  });

const networks: Record<string, () => { model: tf.Sequential; shape: number[] }> = {
  ...Object.fromEntries(
    ['tanh', 'relu', 'sigmoid', 'softplus', 'elu', 'swish'].map((name) => [
      `dense with ${name}`,
      () => ({
        model: tf.sequential({ layers: [layer(7, name, 1, [3]), layer(5, name, 2), layer(1, 'linear', 3)] }),
        shape: [4, 3],
      }),
    ]),
  ),
  'leaky ReLU as a layer, and an activation as one': () => ({
    model: tf.sequential({
      layers: [
        layer(6, 'linear', 1, [3]),
        leakyReLU({ alpha: 0.2 }),
        layer(6, 'linear', 2),
        activation({ activation: 'tanh' }),
        reLU(),
        dense({ units: 1, useBias: false, kernelInitializer: kernel(4) }),
      ],
    }),
    shape: [4, 3],
  }),
  convolutions: () => ({
    model: tf.sequential({
      layers: [
        reshape({ inputShape: [49], targetShape: [7, 7, 1] }),
        conv2d({
          filters: 3,
          kernelSize: 3,
          strides: 2,
          padding: 'same',
          activation: 'tanh',
          kernelInitializer: kernel(1),
          biasInitializer: bias(2),
        }),
        conv2d({ filters: 4, kernelSize: 2, padding: 'valid', kernelInitializer: kernel(3) }),
        // Smooth, so that finite differences hold.
        activation({ activation: 'softplus' }),
        flatten(),
        layer(1, 'linear', 5),
      ],
    }),
    shape: [2, 49],
  }),
};

describe('the gradient of a critic with respect to its input', () => {
  test.each(Object.entries(networks))('%s: as automatic differentiation has it', (_, make) => {
    const { model, shape } = make();
    const x = normals(shape, 7);
    const own = tf.tidy(() => inputGradient(tf, model, x).dataSync());
    const other = tf.tidy(() =>
      tf
        .grad((at) => (model.apply(at) as tf.Tensor).sum())(x)
        .dataSync(),
    );
    expect(own).toHaveLength(shape[0] * shape[1]);
    for (const [i, value] of own.entries()) expect(value).toBeCloseTo(other[i], 5);
    model.dispose();
    x.dispose();
  });

  test.each(['dense with tanh', 'dense with swish', 'convolutions'])(
    '%s: its square has, in the weights, the gradient of finite differences',
    (name) => {
      const { model, shape } = networks[name]();
      const x = normals(shape, 9);
      const loss = () => tf.tidy(() => inputGradient(tf, model, x).square().sum() as tf.Scalar);
      const weights = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
      const { value, grads } = tf.variableGrads(loss, weights);
      for (const variable of weights) {
        const gradient = grads[variable.name].dataSync();
        const kept = variable.dataSync().slice();
        const at = (i: number, shift: number): number =>
          tf.tidy(() => {
            const moved = kept.slice();
            moved[i] += shift;
            variable.assign(tf.tensor(moved, variable.shape));
            return loss().dataSync()[0];
          });
        for (const i of [0, Math.floor(kept.length / 2), kept.length - 1]) {
          const step = 1e-2;
          // Of fourth order, so that the step can be long enough for single precision.
          const difference =
            (8 * (at(i, step) - at(i, -step)) - (at(i, 2 * step) - at(i, -2 * step))) / (12 * step);
          expect(Math.abs(gradient[i] - difference)).toBeLessThan(2e-3 * (1 + Math.abs(difference)));
        }
        tf.tidy(() => variable.assign(tf.tensor(kept, variable.shape)));
      }
      tf.dispose([value, x, ...Object.values(grads)]);
      model.dispose();
    },
  );

  test('refuses layers whose gradient it does not know', () => {
    const model = tf.sequential({ layers: [layer(2, 'linear', 1, [3]), tf.layers.dropout({ rate: 0.5 })] });
    const x = normals([2, 3], 1);
    expect(() => inputGradient(tf, model, x)).toThrow(/Dropout/);
    model.dispose();
    x.dispose();
  });
});

describe('objectives', () => {
  test('the log loss is the cross-entropy of σ(score), also where scores are large', () => {
    const { discriminator, generator } = logLossObjective();
    const [real, fake] = [
      [1.3, -0.2],
      [0.4, 2.1],
    ];
    const sigma = (s: number): number => 1 / (1 + Math.exp(-s));
    const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
    tf.tidy(() => {
      const value = discriminator(tf, tf.tensor1d(real), tf.tensor1d(fake)).dataSync()[0];
      const exact =
        mean(real.map((s) => -Math.log(sigma(s)))) + mean(fake.map((s) => -Math.log(1 - sigma(s))));
      expect(value).toBeCloseTo(exact, 5);
      const made = generator(tf, tf.tensor1d(fake)).dataSync()[0];
      expect(made).toBeCloseTo(mean(fake.map((s) => -Math.log(sigma(s)))), 5);
      expect(generator(tf, tf.tensor1d([-300, -300])).dataSync()[0]).toBeCloseTo(300, 3);
    });
  });

  test.each([
    ['λ (|w| − 1)²', wassersteinObjective({ weight: 7 }), [3, 4], 7 * 16],
    ['λ (|w| − 1)², also below 1', wassersteinObjective({ weight: 7 }), [0.3, 0.4], 7 * 0.25],
    ['one-sided, nothing below 1', wassersteinObjective({ weight: 7, oneSided: true }), [0.3, 0.4], 0],
    ['one-sided, the same above', wassersteinObjective({ weight: 7, oneSided: true }), [3, 4], 7 * 16],
    ['for flatness, (γ/2) |w|²', logLossObjective({ flatness: 3 }), [3, 4], 1.5 * 25],
  ] as const)('the penalty of a linear critic w·x is %s', (_, { penalty }, [w1, w2], exact) => {
    const critic = tf.sequential({ layers: [dense({ units: 1, inputShape: [2] })] });
    tf.tidy(() => critic.setWeights([tf.tensor2d([[w1], [w2]]), tf.tensor1d([1])]));
    tf.tidy(() => {
      const [real, fake] = [normals([5, 2], 1), normals([5, 2], 2)];
      const value = penalty!(tf, critic, real, fake, tf.tensor1d([0, 0.2, 0.5, 0.9, 1]));
      expect(value.dataSync()[0]).toBeCloseTo(exact, 3);
    });
    critic.dispose();
  });
});

/** Samples z + shift against N(2, 1): one number to be learnt. */
function shifts(seed = 1) {
  const generator = tf.sequential({
    layers: [dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' })],
  });
  const discriminator = tf.sequential({
    layers: [layer(16, 'tanh', seed, [1]), layer(1, 'linear', seed + 1)],
  });
  return {
    generator,
    discriminator,
    real: (count: number, random: { normal(): number }) =>
      tf.tensor2d(
        Float32Array.from({ length: count }, () => 2 + random.normal()),
        [count, 1],
      ),
    // Without momentum, with which adversaries swing around their balance.
    generatorOptimizer: tf.train.adam(0.01, 0, 0.9),
    discriminatorOptimizer: tf.train.adam(0.01, 0, 0.9),
  };
}

async function trained(
  objective: AdversarialObjective,
  steps: number,
  seed = 1,
  callbacks = {},
  schedule?: RateSchedule,
) {
  const own = shifts();
  const dispose = () => {
    own.generator.dispose();
    own.discriminator.dispose();
    own.generatorOptimizer.dispose();
    own.discriminatorOptimizer.dispose();
  };
  try {
    const history = await trainAdversaries(tf, {
      ...own,
      objective,
      seed,
      steps,
      batchSize: 64,
      discriminatorSteps: objective.name === 'Wasserstein' ? 5 : 1,
      schedule,
      callbacks: [callbacks],
    });
    // The schedule ends with the training.
    expect((own.generatorOptimizer as unknown as { learningRate: number }).learningRate).toBe(0.01);
    return { history, weights: own.generator.getWeights().map((weight) => weight.dataSync()[0]) };
  } finally {
    dispose();
  }
}

describe('adversarial training', () => {
  test.each([
    ['the log loss', logLossObjective()],
    ['the log loss with a flat discriminator', logLossObjective({ flatness: 1 })],
    ['the Wasserstein distance', wassersteinObjective({ weight: 0.1 })],
  ] as const)('by %s, moves a normal law onto another', { timeout: 60_000 }, async (_, objective) => {
    const shifts: number[] = [];
    const { history } = await trained(objective, 250, 1, {
      onStep: ({ generator }: { generator: tf.LayersModel }) => {
        shifts.push(generator.getWeights()[1].dataSync()[0]);
      },
    });
    // Adversaries circle around their balance: the mean of the path lies there.
    const late = shifts.slice(150);
    expect(Math.abs(late.reduce((sum, shift) => sum + shift, 0) / late.length - 2)).toBeLessThan(0.4);
    expect(history.generatorLosses).toHaveLength(250);
    expect(history.stopped).toBe('steps');
  });

  test('by one seed is the same twice, by another it is not', async () => {
    const [first, again, other] = [
      await trained(logLossObjective(), 10),
      await trained(logLossObjective(), 10),
      await trained(logLossObjective(), 10, 2),
    ];
    expect(again.history.discriminatorLosses).toEqual(first.history.discriminatorLosses);
    expect(again.weights).toEqual(first.weights);
    expect(other.weights).not.toEqual(first.weights);
    const slowed = await trained(logLossObjective(), 10, 1, {}, cosineDecay());
    expect(slowed.weights).not.toEqual(first.weights);
  });

  test('a callback may stop it, is told of its end, and an error leaves no tensor behind', async () => {
    const calls: string[] = [];
    const { history } = await trained(logLossObjective(), 50, 1, {
      onStart: () => {
        calls.push('start');
      },
      onStep: ({ step, stop }: { step: number; stop(reason: string): void }) => {
        if (step === 3) stop('enough');
      },
      onEnd: () => {
        calls.push('end');
      },
    });
    expect(history.stopped).toBe('enough');
    expect(history.generatorLosses).toHaveLength(3);
    expect(calls).toEqual(['start', 'end']);
    await expect(
      trained({ ...logLossObjective(), generator: (own, fake) => own.mul(fake.mean(), Number.NaN) }, 5),
    ).rejects.toThrow(/loss of the generator is NaN/);
  });

  test('refuses networks that do not fit each other', async () => {
    const own = shifts();
    const wide = tf.sequential({ layers: [layer(1, 'linear', 1, [2])] });
    await expect(trainAdversaries(tf, { ...own, discriminator: wide, seed: 1, steps: 1 })).rejects.toThrow(
      /looks at \(2\)/,
    );
    for (const each of [own.generator, own.discriminator, wide]) each.dispose();
    own.generatorOptimizer.dispose();
    own.discriminatorOptimizer.dispose();
  });
});

describe('an average of weights', () => {
  test('forgets by δ, and its start sooner', async () => {
    const paths: number[] = [];
    const average = weightAverage({ decay: 0.6 });
    await trained(logLossObjective(), 8, 1, {
      onStep: async (state: Parameters<NonNullable<typeof average.onStep>>[0]) => {
        paths.push(state.generator.getWeights()[1].dataSync()[0]);
        await average.onStep!(state);
      },
    });
    const mean = paths.reduce((sum, value, k) => {
      const share = Math.min(0.6, (2 + k) / (11 + k));
      return k === 0 ? value : share * sum + (1 - share) * value;
    }, 0);
    expect(average.weights()[1].values[0]).toBeCloseTo(mean, 5);
    expect(() => weightAverage().weights()).toThrow(/before the first step/);
  });
});

describe('dense adversaries', () => {
  test('have the sizes asked for, and the same weights by the same seed', () => {
    const [first, again] = [1, 1].map((seed) =>
      denseGenerator(tf, { latent: 5, hidden: [4], outputs: 2, seed }),
    );
    const judge = denseDiscriminator(tf, { inputs: 2, hidden: [3, 3], seed: 1 });
    expect(first.countParams()).toBe(6 * 4 + 5 * 2);
    expect(judge.countParams()).toBe(3 * 3 + 4 * 3 + 4);
    expect(again.getWeights()[0].dataSync()).toEqual(first.getWeights()[0].dataSync());
    for (const own of [first, again, judge]) own.dispose();
  });
});

describe('latent draws', () => {
  test('are standard normal, and the n-th does not depend on how many there are', () => {
    const draws = latentDraws(4000, 2, 5);
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const square = draws.reduce((a, b) => a + b * b) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(8000));
    expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / 8000));
    expect(latentDraws(10, 2, 5)).toEqual(draws.slice(0, 20));
  });

  test('give the same samples from the same generator', () => {
    const { generator, discriminator, generatorOptimizer, discriminatorOptimizer } = shifts();
    const [first, again] = [1, 1].map((seed) =>
      tf.tidy(() => generatedSamples(tf, generator, 5, seed).dataSync()),
    );
    expect(again).toEqual(first);
    expect(first[0]).toBeCloseTo(latentDraws(1, 1, 1)[0], 6);
    for (const own of [generator, discriminator]) own.dispose();
    generatorOptimizer.dispose();
    discriminatorOptimizer.dispose();
  });
});
