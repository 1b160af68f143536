/** One network with inputs of several kinds. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { ProblemError } from '../../errors.ts';
import { seededLayers } from '../training/seeded-layers.ts';

export interface MultimodalNetwork {
  /** Takes a list of inputs, one for each branch (a single one as it is); gives probabilities (N, classes). */
  readonly model: TensorFlow.LayersModel;
  /** Frees the weights, those of the branches included. */
  dispose(): void;
}

export interface MultimodalOptions {
  readonly classes: number;
  /** Units of the hidden layer that sees the features of all branches; default 32. */
  readonly hidden?: number;
  readonly seed: number;
}

/**
 * Each branch brings its input to features; these, one behind the other, are read by a common head that is trained
 * together with all branches:
 *
 *   p(y | x₁, x₂, …) = softmax(head([f₁(x₁); f₂(x₂); …])).
 *
 * So what one input means may depend on the others (Ngiam et al., Multimodal deep learning, ICML 2011).
 *
 * @throws ProblemError without a branch, or where one does not give a vector
 * @example
 * const branches = [imageBranch(tf, { seed: 1 }), vectorBranch(tf, { inputs: 3, seed: 2 })];
 * const { model } = multimodalNetwork(tf, branches, { classes: 10, seed: 3 });
 * model.compile({ optimizer, loss: 'categoricalCrossentropy' });
 * await trainModel(tf, model, { inputs: [images, vectors], targets }, { epochs: 5, seed: 0 });
 */
export function multimodalNetwork(
  tf: TensorLibrary,
  branches: readonly TensorFlow.LayersModel[],
  { classes, hidden = 32, seed }: MultimodalOptions,
): MultimodalNetwork {
  if (branches.length === 0)
    throw new ProblemError('a network without an input', { path: 'branches', hint: 'give one or more' });
  branches.forEach(({ outputShape }, k) => {
    if (outputShape.length !== 2)
      throw new ProblemError(`features of shape (${outputShape.slice(1)})`, {
        path: `branches[${k}]`,
        hint: 'a branch gives a vector',
      });
  });
  const inputs = branches.map((branch) => tf.input({ shape: branch.inputs[0].shape.slice(1) as number[] }));
  const features = branches.map((branch, k) => branch.apply(inputs[k]) as TensorFlow.SymbolicTensor);
  const { dense } = seededLayers(tf, seed);
  const together =
    features.length === 1
      ? features[0]
      : (tf.layers.concatenate().apply(features) as TensorFlow.SymbolicTensor);
  const seen = dense({ units: hidden, activation: 'relu' }).apply(together);
  const outputs = dense({ units: classes, activation: 'softmax' }).apply(seen) as TensorFlow.SymbolicTensor;
  const model = tf.model({ inputs: inputs.length === 1 ? inputs[0] : inputs, outputs });
  return {
    model,
    dispose: () => {
      for (const weight of model.weights) weight.dispose();
    },
  };
}
