/** The tensor library with a backend on which everything here trains. */
import { type BackendOptions, loadBackend } from '../../engine/tfjs/backend.ts';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { replaceSlowKernels } from './faster-kernels.ts';
import { registerMissingKernels } from './missing-kernels.ts';

export interface LearningBackend {
  readonly tf: TensorLibrary;
  /** tfjs-node-gpu, tfjs-node, wasm, cpu; in a browser webgpu, webgl, wasm, cpu. */
  readonly name: string;
}

/**
 * Loads the backend asked for, or the first that loads here, makes it tfjs's own and registers the kernels that it
 * lacks: the gradient of convolutions (wasm) and of gathered rows. On wasm the gradients of convolutions, of dense layers and of
 * max-pooling are replaced by faster ones.
 *
 * @throws ProblemError if the backend asked for does not load
 * @example
 * const { tf } = await learningBackend();
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
 */
export async function learningBackend(options: BackendOptions = {}): Promise<LearningBackend> {
  const { tf, name, registered } = await loadBackend(options);
  registerMissingKernels(tf, registered);
  replaceSlowKernels(tf, registered);
  return { tf, name };
}
