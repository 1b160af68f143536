/** A recurrent network that forecasts, after every entry of a sequence, the ones that follow. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { streamSeed } from '../../random/generator.ts';

export interface ForecastNetworkOptions {
  readonly seed: number;
  /** What remembers; default 'lstm'. */
  readonly kind?: 'lstm' | 'gru' | 'simple';
  /** Numbers that each layer remembers; default one layer of 32. */
  readonly units?: readonly number[];
  /** Numbers of each entry; default 1. */
  readonly features?: number;
  /** Entries foretold; default 1. */
  readonly horizon?: number;
}

/**
 * Takes sequences (N, length, features) of any length, gives (N, length, horizon): in row t the forecast of what
 * follows entry t, made from the entries 0 … t alone, since a recurrent layer reads in one direction. One network so
 * forecasts after any number of days, and learns from all of them at once.
 *
 * Kernels start by Glorot's rule, and forget gates with a bias of 1, so that memories last at first (Gers, Schmidhuber &
 * Cummins 2000; Jozefowicz, Zaremba & Sutskever, ICML 2015).
 */
export function forecastNetwork(
  tf: TensorLibrary,
  { seed, kind = 'lstm', units = [32], features = 1, horizon = 1 }: ForecastNetworkOptions,
): TensorFlow.Sequential {
  const own = (k: number): number => streamSeed(seed, k) % 2 ** 31;
  const recurrent = { lstm: tf.layers.lstm, gru: tf.layers.gru, simple: tf.layers.simpleRNN }[kind];
  const make = (): TensorFlow.Sequential =>
    tf.sequential({
      layers: [
        ...units.map((size, k) =>
          recurrent({
            units: size,
            returnSequences: true,
            kernelInitializer: tf.initializers.glorotUniform({ seed: own(2 * k) }),
            recurrentInitializer: tf.initializers.glorotUniform({ seed: own(2 * k + 1) }),
            ...(kind === 'lstm' ? { unitForgetBias: true } : {}),
            // By default tfjs takes a piecewise linear function for the sigmoid.
            ...(kind === 'simple' ? {} : { recurrentActivation: 'sigmoid' as const }),
            ...(k === 0 ? { inputShape: [null, features] } : {}),
          }),
        ),
        tf.layers.dense({
          units: horizon,
          kernelInitializer: tf.initializers.glorotUniform({ seed: own(2 * units.length) }),
        }),
      ],
    });
  let model: TensorFlow.Sequential | undefined;
  // tfjs leaves tensors behind where it sets the bias of forget gates; variables outlive a tidy.
  tf.tidy(() => {
    model = make();
  });
  return model!;
}
