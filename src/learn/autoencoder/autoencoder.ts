/** An autoencoder: a network that says its input again after a bottleneck. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { ProblemError } from '../../errors.ts';

export interface Autoencoder {
  /** Inputs to reconstructions: the decoder after the encoder, with their weights. */
  readonly model: TensorFlow.LayersModel;
  readonly encoder: TensorFlow.LayersModel;
  readonly decoder: TensorFlow.LayersModel;
  /** Numbers in a code. */
  readonly latent: number;
  /** Shape of one input, e.g. [784] or [28, 28, 1]. */
  readonly inputShape: readonly number[];
  /** Codes (N, latent) of inputs (N, …), row-major. */
  encode(inputs: ArrayLike<number>): Promise<Float32Array>;
  /** Inputs (N, …) that codes (N, latent) stand for. */
  decode(codes: ArrayLike<number>): Promise<Float32Array>;
  /** The encoder, then the decoder. */
  reconstruct(inputs: ArrayLike<number>): Promise<Float32Array>;
  /** Frees the weights. */
  dispose(): void;
}

async function predicted(
  tf: TensorLibrary,
  model: TensorFlow.LayersModel,
  values: ArrayLike<number>,
  shape: readonly number[],
): Promise<Float32Array> {
  const size = shape.reduce((a, b) => a * b, 1);
  if (values.length === 0 || values.length % size !== 0)
    throw new ProblemError(`${values.length} numbers are no samples of ${size}`, { path: 'inputs' });
  const output = tf.tidy(
    () =>
      model.predict(tf.tensor(Float32Array.from(values), [values.length / size, ...shape]), {
        batchSize: 256,
      }) as TensorFlow.Tensor,
  );
  try {
    return Float32Array.from(await output.data());
  } finally {
    output.dispose();
  }
}

/**
 * Puts a decoder behind an encoder. With the code z = f(x) narrower than x, or kept sparse, what the decoder g makes of
 * it can only be right where data have structure, and the code has to hold that structure (Hinton & Salakhutdinov,
 * Reducing the dimensionality of data with neural networks, Science 313 (2006)):
 *
 *   min over f, g of (1/N) Σ |xₙ − g(f(xₙ))|².
 *
 * With f and g linear the minimum is that of principal components (Baldi & Hornik, Neural Networks 2 (1989)).
 *
 * @param encoder  inputs (N, …) to codes (N, latent)
 * @param decoder  codes to inputs
 * @throws ProblemError where the two do not fit
 */
export function autoencoder(
  tf: TensorLibrary,
  encoder: TensorFlow.LayersModel,
  decoder: TensorFlow.LayersModel,
): Autoencoder {
  const shapeOf = (shape: TensorFlow.Shape | TensorFlow.Shape[]): number[] => shape.slice(1) as number[];
  const inputShape = shapeOf(encoder.inputs[0].shape);
  const code = shapeOf(encoder.outputShape);
  const taken = shapeOf(decoder.inputs[0].shape);
  const given = shapeOf(decoder.outputShape);
  if (code.length !== 1 || code.join() !== taken.join() || given.join() !== inputShape.join())
    throw new ProblemError(
      `an encoder of (${inputShape}) to (${code}) before a decoder of (${taken}) to (${given})`,
      { path: 'decoder', hint: 'the code is a vector, and the decoder leads back to the inputs' },
    );
  const input = tf.input({ shape: inputShape });
  const latentCode = encoder.apply(input) as TensorFlow.SymbolicTensor;
  const model = tf.model({
    inputs: input,
    outputs: decoder.apply(latentCode) as TensorFlow.SymbolicTensor,
  });
  const encode = (inputs: ArrayLike<number>) => predicted(tf, encoder, inputs, inputShape);
  const decode = (codes: ArrayLike<number>) => predicted(tf, decoder, codes, code);
  return {
    model,
    encoder,
    decoder,
    latent: code[0],
    inputShape,
    encode,
    decode,
    reconstruct: async (inputs) => decode(await encode(inputs)),
    // tfjs' own dispose counts models within models twice, and fails where one is in several.
    dispose: () => {
      for (const weight of model.weights) weight.dispose();
    },
  };
}
