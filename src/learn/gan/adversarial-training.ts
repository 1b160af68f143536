/** Two networks that learn against each other: a generator makes samples, a discriminator tells them from real ones. */

import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { InterruptedError, ProblemError, SolveError } from '../../errors.ts';
import { type RandomGenerator, randomGenerator, streamSeed } from '../../random/generator.ts';
import type { RateSchedule } from '../training/learning-rate-schedule.ts';
import { learningRateOf, setLearningRate } from '../training/optimizer-rate.ts';
import { type AdversarialObjective, logLossObjective } from './adversarial-objective.ts';
import { latentDraws } from './latent.ts';

/** The training after a step. */
export interface AdversarialState {
  readonly tf: TensorLibrary;
  readonly generator: TensorFlow.LayersModel;
  readonly discriminator: TensorFlow.LayersModel;
  /** From 1; 0 at the start. */
  readonly step: number;
  readonly steps: number;
  readonly generatorLoss: number;
  readonly discriminatorLoss: number;
  readonly seconds: number;
  /** Ends the training after this call. @param reason  as it stands in the history */
  stop(reason: string): void;
}

/** Called as the training goes on; what a callback keeps it disposes of in `onEnd`, which is always called. */
export interface AdversarialCallback {
  onStart?(state: AdversarialState): void | Promise<void>;
  onStep?(state: AdversarialState): void | Promise<void>;
  onEnd?(state: AdversarialState): void | Promise<void>;
}

export interface AdversarialOptions {
  /** (count, latent) to samples (count, …). */
  readonly generator: TensorFlow.LayersModel;
  /** Samples (count, …) to scores (count, 1): numbers, no probabilities, positive for what seems real. */
  readonly discriminator: TensorFlow.LayersModel;
  /**
   * Real samples, (count, …), of which rows are drawn at random; or a function that draws `count` of them, whose
   * tensor the training disposes of.
   */
  readonly real: TensorFlow.Tensor | ((count: number, random: RandomGenerator) => TensorFlow.Tensor);
  readonly generatorOptimizer: TensorFlow.Optimizer;
  readonly discriminatorOptimizer: TensorFlow.Optimizer;
  readonly steps: number;
  /** Real samples, and as many generated ones, of a step; default 64. */
  readonly batchSize?: number;
  /** Steps of the discriminator for each one of the generator; default 1. */
  readonly discriminatorSteps?: number;
  /** Default: the log loss. */
  readonly objective?: AdversarialObjective;
  /** Changes both learning rates as the training goes, such as `cosineDecay()`; default: they stay. */
  readonly schedule?: RateSchedule;
  /** Of latent draws, of real rows and of points between them. */
  readonly seed: number;
  readonly callbacks?: readonly AdversarialCallback[];
  readonly signal?: AbortSignal;
}

export interface AdversarialHistory {
  /** Of every step. */
  readonly generatorLosses: readonly number[];
  /** Of every step, the last one of its discriminator's; the penalty included. */
  readonly discriminatorLosses: readonly number[];
  readonly seconds: number;
  /** 'steps', or what a callback said. */
  readonly stopped: string;
}

/** What an optimizer may change. tfjs hands out its variables as tensors. */
const variables = (model: TensorFlow.LayersModel): TensorFlow.Variable[] =>
  model.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);

/** Length of a generator's input. */
function latentDimension(generator: TensorFlow.LayersModel): number {
  const shape = generator.inputs[0].shape;
  if (generator.inputs.length !== 1 || shape.length !== 2 || shape[1] === null)
    throw new ProblemError(`a generator of inputs (${shape.join(', ')})`, {
      path: 'generator',
      hint: 'it takes one tensor (count, latent)',
    });
  return shape[1];
}

/**
 * Samples of a generator, outside any training (dropout off, averages of batch normalization in place).
 *
 * @returns (count, …), to be disposed of
 */
export function generatedSamples(
  tf: TensorLibrary,
  generator: TensorFlow.LayersModel,
  count: number,
  seed: number,
): TensorFlow.Tensor {
  const dimension = latentDimension(generator);
  return tf.tidy(
    () =>
      generator.predict(
        tf.tensor2d(latentDraws(count, dimension, seed), [count, dimension]),
      ) as TensorFlow.Tensor,
  );
}

/**
 * Trains both by turns: some steps of the discriminator on real samples and generated ones, then one of the generator,
 * whose gradient goes through the discriminator (Goodfellow et al., Generative adversarial nets, NeurIPS 2014,
 * algorithm 1). The same seed gives the same training.
 *
 * Optimizers and models stay with the caller, who disposes of them; every other tensor is disposed of here.
 *
 * @throws ProblemError where the networks do not fit each other
 * @throws SolveError where a loss is no number any more
 * @throws InterruptedError when the signal says so
 * @example
 * await trainAdversaries(tf, {
 *   generator, discriminator, real: images, seed: 0, steps: 2000,
 *   generatorOptimizer: tf.train.adam(2e-4, 0.5), discriminatorOptimizer: tf.train.adam(2e-4, 0.5),
 * });
 */
export async function trainAdversaries(
  tf: TensorLibrary,
  {
    generator,
    discriminator,
    real,
    generatorOptimizer,
    discriminatorOptimizer,
    steps,
    batchSize = 64,
    discriminatorSteps = 1,
    objective = logLossObjective(),
    schedule,
    seed,
    callbacks = [],
    signal,
  }: AdversarialOptions,
): Promise<AdversarialHistory> {
  const dimension = latentDimension(generator);
  const shapes = [generator.outputs[0].shape, discriminator.inputs[0].shape].map((shape) => shape.slice(1));
  if (shapes[0].join() !== shapes[1].join())
    throw new ProblemError(
      `the generator makes samples (${shapes[0].join(', ')}), the discriminator looks at (${shapes[1].join(', ')})`,
      { path: 'discriminator', hint: 'give both the same shape' },
    );
  const began = performance.now();
  const random = randomGenerator(streamSeed(seed, 0));
  const generatorLosses: number[] = [];
  const discriminatorLosses: number[] = [];
  let [step, stopped] = [0, undefined as string | undefined];
  const state = (): AdversarialState => ({
    tf,
    generator,
    discriminator,
    step,
    steps,
    generatorLoss: generatorLosses[generatorLosses.length - 1] ?? Number.NaN,
    discriminatorLoss: discriminatorLosses[discriminatorLosses.length - 1] ?? Number.NaN,
    seconds: (performance.now() - began) / 1000,
    stop: (reason) => {
      stopped ??= reason;
    },
  });
  const call = async (moment: keyof AdversarialCallback): Promise<void> => {
    for (const callback of callbacks) await callback[moment]?.(state());
  };

  const latent = (): TensorFlow.Tensor2D =>
    tf.tensor2d(
      Float32Array.from({ length: batchSize * dimension }, () => random.normal()),
      [batchSize, dimension],
    );
  const realBatch = (): TensorFlow.Tensor => {
    if (typeof real === 'function') return real(batchSize, random);
    const rows = Int32Array.from({ length: batchSize }, () => random.integer(real.shape[0]));
    return tf.gather(real, tf.tensor1d(rows, 'int32'));
  };
  const generate = (): TensorFlow.Tensor =>
    generator.apply(latent(), { training: true }) as TensorFlow.Tensor;
  const scores = (samples: TensorFlow.Tensor): TensorFlow.Tensor1D =>
    (discriminator.apply(samples, { training: true }) as TensorFlow.Tensor).reshape([batchSize]);

  // Losses are read outside the tidy, since reading may have to wait.
  const read = async (loss: TensorFlow.Scalar, whose: string): Promise<number> => {
    const [value] = await loss.data();
    loss.dispose();
    if (!Number.isFinite(value))
      throw new SolveError(
        `the loss of the ${whose} is ${value} after ${step} steps; lower its learning rate, or look for samples that are no numbers`,
      );
    return value;
  };
  const discriminatorStep = (): TensorFlow.Scalar =>
    tf.tidy(() => {
      const [seen, made] = [realBatch(), generate()];
      const mixing = tf.tensor1d(Float32Array.from({ length: batchSize }, () => random.uniform()));
      return discriminatorOptimizer.minimize(
        () => {
          const loss = objective.discriminator(tf, scores(seen), scores(made));
          const penalty = objective.penalty?.(tf, discriminator, seen, made, mixing);
          return penalty === undefined ? loss : loss.add(penalty);
        },
        true,
        variables(discriminator),
      )!;
    });
  const generatorStep = (): TensorFlow.Scalar =>
    tf.tidy(
      () =>
        generatorOptimizer.minimize(
          () => objective.generator(tf, scores(generate())),
          true,
          variables(generator),
        )!,
    );

  const optimizers = [generatorOptimizer, discriminatorOptimizer].map((optimizer) => ({
    optimizer,
    rate: learningRateOf(optimizer),
  }));
  try {
    await call('onStart');
    let paused = performance.now();
    while (step < steps && stopped === undefined) {
      if (signal?.aborted) throw new InterruptedError('the training was interrupted');
      if (schedule !== undefined)
        for (const { optimizer, rate } of optimizers)
          setLearningRate(optimizer, schedule(step / steps, rate));
      let loss = Number.NaN;
      for (let k = 0; k < discriminatorSteps; k++) loss = await read(discriminatorStep(), 'discriminator');
      discriminatorLosses.push(loss);
      generatorLosses.push(await read(generatorStep(), 'generator'));
      step += 1;
      await call('onStep');
      // Signals and a browser's page have their turn.
      if (performance.now() - paused > 50) {
        await tf.nextFrame();
        paused = performance.now();
      }
    }
  } finally {
    for (const { optimizer, rate } of optimizers) setLearningRate(optimizer, rate);
    await call('onEnd');
  }
  return {
    generatorLosses,
    discriminatorLosses,
    seconds: (performance.now() - began) / 1000,
    stopped: stopped ?? 'steps',
  };
}
