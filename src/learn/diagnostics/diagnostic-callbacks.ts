/** Callbacks that keep what goes on inside a network while it trains. */
import type * as TensorFlow from '@tensorflow/tfjs';
import { ProblemError } from '../../errors.ts';
import type { LearningCallback, LearningState } from '../training/learning-callback.ts';
import type { histogram } from './histogram.ts';
import { gradientNorms, type LayerGradient, type LayerHistogram, weightHistograms } from './layer-weights.ts';

export interface Recorded<Layer> {
  /** 0 before the first one. */
  readonly epoch: number;
  readonly layers: readonly Layer[];
}

/** Measures before the training and every so many epochs. */
abstract class LayerRecorder<Layer> implements LearningCallback {
  /** In the order of epochs, the state before the training first. */
  readonly records: Recorded<Layer>[] = [];
  readonly #every: number;

  constructor(every: number) {
    if (!(Number.isInteger(every) && every >= 1))
      throw new ProblemError(`every ${every} epochs`, { path: 'every', hint: 'give 1 or more' });
    this.#every = every;
  }

  protected abstract measured(state: LearningState): Promise<readonly Layer[]>;

  async onStart(state: LearningState): Promise<void> {
    this.records.length = 0;
    this.records.push({ epoch: 0, layers: await this.measured(state) });
  }

  async onEpoch(state: LearningState): Promise<void> {
    if (state.epoch % this.#every !== 0) return;
    this.records.push({ epoch: state.epoch, layers: await this.measured(state) });
  }
}

/**
 * Histograms of each layer's weights over the training.
 *
 * @example
 * const histograms = new WeightHistograms({ bins: 40, every: 5 });
 * await trainModel(tf, model, samples, { epochs: 50, seed: 0, callbacks: [histograms] });
 * histograms.records.at(-1)?.layers[0].histogram.counts;
 */
export class WeightHistograms extends LayerRecorder<LayerHistogram> {
  readonly #options: Parameters<typeof histogram>[1];

  constructor({ every = 1, ...options }: Parameters<typeof histogram>[1] & { readonly every?: number } = {}) {
    super(every);
    this.#options = options;
  }

  protected measured({ model }: LearningState): Promise<readonly LayerHistogram[]> {
    return weightHistograms(model, this.#options);
  }
}

/** Gradient norms by layer over the training, on samples that stay the same. The samples are the caller's to dispose of. */
export class GradientNorms extends LayerRecorder<LayerGradient> {
  readonly #samples: { readonly inputs: TensorFlow.Tensor; readonly targets: TensorFlow.Tensor };

  constructor(
    samples: { readonly inputs: TensorFlow.Tensor; readonly targets: TensorFlow.Tensor },
    { every = 1 }: { readonly every?: number } = {},
  ) {
    super(every);
    this.#samples = samples;
  }

  protected measured({ tf, model }: LearningState): Promise<readonly LayerGradient[]> {
    return gradientNorms(tf, model, this.#samples);
  }
}
