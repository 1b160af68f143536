/** The weights that layers multiply by, which is where gradients vanish or not. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { ProblemError } from '../../errors.ts';
import { type Histogram, histogram } from './histogram.ts';

export interface LayerKernel {
  /** The layer's name. */
  readonly name: string;
  readonly variable: TensorFlow.Variable;
}

/** The first trainable weight of every layer that has some: kernels, not biases. From the input to the output. */
export function layerKernels(model: TensorFlow.LayersModel): readonly LayerKernel[] {
  return model.layers.flatMap((layer) => {
    const [kernel] = layer.trainableWeights;
    // What a layer's variable reads is the tfjs variable itself.
    return kernel === undefined ? [] : [{ name: layer.name, variable: kernel.read() as TensorFlow.Variable }];
  });
}

export interface LayerGradient {
  readonly name: string;
  /** ‖∂L/∂W‖, Euclidean. */
  readonly norm: number;
}

/**
 * Norms of the gradient of the loss with respect to each layer's kernel, over the samples given, all at once.
 *
 * @param model  compiled, with one input and one output; penalties of layers are left out
 * @throws ProblemError where it is not compiled
 */
export async function gradientNorms(
  tf: TensorLibrary,
  model: TensorFlow.LayersModel,
  { inputs, targets }: { readonly inputs: TensorFlow.Tensor; readonly targets: TensorFlow.Tensor },
): Promise<readonly LayerGradient[]> {
  const kernels = layerKernels(model);
  // A sequential model keeps its compiled losses in the model inside it.
  const [loss] = ((model as { readonly model?: TensorFlow.LayersModel }).model ?? model).lossFunctions ?? [];
  if (loss === undefined)
    throw new ProblemError('the model is not compiled', { path: 'model', hint: 'call model.compile first' });
  const norms = tf.tidy(() => {
    const { grads } = tf.variableGrads(
      () => tf.mean(loss(targets, model.apply(inputs, { training: false }) as TensorFlow.Tensor)).asScalar(),
      kernels.map(({ variable }) => variable),
    );
    return tf.stack(kernels.map(({ variable }) => tf.sqrt(tf.sum(tf.square(grads[variable.name])))));
  });
  const values = await norms.data();
  norms.dispose();
  return kernels.map(({ name }, k) => ({ name, norm: values[k] }));
}

export interface LayerHistogram {
  readonly name: string;
  readonly histogram: Histogram;
}

/** A histogram of each layer's kernel. @param options  as of {@link histogram} */
export async function weightHistograms(
  model: TensorFlow.LayersModel,
  options: Parameters<typeof histogram>[1] = {},
): Promise<readonly LayerHistogram[]> {
  return Promise.all(
    layerKernels(model).map(async ({ name, variable }) => ({
      name,
      histogram: histogram(await variable.data(), options),
    })),
  );
}
