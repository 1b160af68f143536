/** Training of autoencoders: plain, from damaged inputs, and with a penalty on the code. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { type TrainingHistory, type TrainingOptions, trainModel } from '../training/train-model.ts';
import type { ActivityPenalty } from './activity-penalty.ts';
import type { Autoencoder } from './autoencoder.ts';

export interface AutoencoderSamples {
  /** (N, …), as the encoder takes them. */
  readonly inputs: TensorFlow.Tensor;
  /** What is to come out; default: the inputs. Clean ones where the inputs are damaged. */
  readonly targets?: TensorFlow.Tensor;
}

export interface AutoencoderTrainingOptions extends Omit<TrainingOptions, 'heldOut'> {
  /** Of Adam; default 0.002. */
  readonly learningRate?: number;
  /** Default 'meanSquaredError'; binary cross-entropy for pixels between 0 and 1. */
  readonly loss?: 'meanSquaredError' | 'binaryCrossentropy';
  /** Added to the loss, of the codes of each batch. */
  readonly penalty?: ActivityPenalty;
  readonly heldOut?: AutoencoderSamples;
}

/**
 * Trains with Adam. Losses in the history are those of reconstruction with the penalty, if there is one.
 *
 * @example
 * const network = denseAutoencoder(tf, { inputs: 784, latent: 16, seed: 1 });
 * await trainAutoencoder(tf, network, { inputs }, { epochs: 10, batchSize: 50, seed: 1 });
 * await trainAutoencoder(tf, network, { inputs: damaged, targets: inputs }, { epochs: 10, seed: 1 });
 */
export async function trainAutoencoder(
  tf: TensorLibrary,
  { model, encoder, decoder, inputShape, latent }: Autoencoder,
  samples: AutoencoderSamples,
  {
    learningRate = 2e-3,
    loss = 'meanSquaredError',
    penalty,
    heldOut,
    ...options
  }: AutoencoderTrainingOptions,
): Promise<TrainingHistory> {
  const optimizer = tf.train.adam(learningRate);
  if (penalty === undefined) {
    model.compile({ optimizer, loss });
    const both = ({ inputs, targets = inputs }: AutoencoderSamples) => ({ inputs, targets });
    try {
      return await trainModel(tf, model, both(samples), {
        ...options,
        heldOut: heldOut && both(heldOut),
      });
    } finally {
      optimizer.dispose();
    }
  }
  // The code is a second output, so that the loss can see it; what it is compared with does not matter.
  const input = tf.input({ shape: [...inputShape] });
  const code = encoder.apply(input) as TensorFlow.SymbolicTensor;
  const seeing = tf.model({
    inputs: input,
    outputs: [decoder.apply(code) as TensorFlow.SymbolicTensor, code],
  });
  const reconstruction =
    loss === 'meanSquaredError' ? tf.losses.meanSquaredError : tf.metrics.binaryCrossentropy;
  seeing.compile({
    optimizer,
    loss: [
      (targets: TensorFlow.Tensor, found: TensorFlow.Tensor) =>
        reconstruction(targets, found).mean() as TensorFlow.Scalar,
      (_: TensorFlow.Tensor, codes: TensorFlow.Tensor) => penalty(codes),
    ],
  });
  const nothing: TensorFlow.Tensor[] = [];
  const both = ({ inputs, targets = inputs }: AutoencoderSamples) => {
    const zeros = tf.zeros([inputs.shape[0], latent]);
    nothing.push(zeros);
    return { inputs, targets: [targets, zeros] };
  };
  try {
    return await trainModel(tf, seeing, both(samples), { ...options, heldOut: heldOut && both(heldOut) });
  } finally {
    tf.dispose(nothing);
    optimizer.dispose();
  }
}
