/** Siamese networks: one branch looks at two inputs, and what it makes of them is compared. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { ProblemError } from '../../errors.ts';
import { seededLayers } from '../training/seeded-layers.ts';
import { differenceLayer, distanceLayer } from './embedding-distance.ts';

export interface SiameseNetwork {
  /** Takes [first, second], each (N, …); gives (N, 1): distances, or probabilities that both are of one class. */
  readonly model: TensorFlow.LayersModel;
  /** The shared branch: inputs (N, …) to embeddings (N, features). */
  readonly branch: TensorFlow.LayersModel;
  /** Frees the weights, those of the branch included. */
  dispose(): void;
}

export interface SiameseOptions {
  /**
   * 'distance', the default: |f(x₁) − f(x₂)|, to be trained on the contrastive loss (Hadsell, Chopra & LeCun, CVPR 2006).
   * 'probability': the sigmoid of a weighted sum of |f(x₁) − f(x₂)| by component, for binary cross-entropy (Koch, Zemel &
   * Salakhutdinov, Siamese neural networks for one-shot image recognition, ICML workshop 2015).
   */
  readonly output?: 'distance' | 'probability';
  /** Of the weights of 'probability'. */
  readonly seed: number;
}

/**
 * Both inputs go through the same branch f, with the same weights (Bromley et al., Signature verification using a siamese
 * time delay neural network, NIPS 1993), so that swapping them changes nothing. It learns to tell like from unlike, not
 * classes, and can be asked about classes that it has never seen.
 *
 * @param branch  a model with a vector as its output
 * @throws ProblemError where it gives none
 * @example
 * const branch = imageBranch(tf, { features: 8, activation: 'linear', seed: 1 });
 * const { model } = siameseNetwork(tf, branch, { seed: 2 });
 * model.compile({ optimizer, loss: contrastiveLoss(tf) });
 * await trainModel(tf, model, { inputs: [first, second], targets: same }, { epochs: 5, seed: 0 });
 */
export function siameseNetwork(
  tf: TensorLibrary,
  branch: TensorFlow.LayersModel,
  { output = 'distance', seed }: SiameseOptions,
): SiameseNetwork {
  if (branch.outputShape.length !== 2)
    throw new ProblemError(`embeddings of shape (${branch.outputShape.slice(1)})`, {
      path: 'branch',
      hint: 'the branch gives a vector',
    });
  const shape = branch.inputs[0].shape.slice(1) as number[];
  const inputs = [tf.input({ shape }), tf.input({ shape })];
  const embeddings = inputs.map((input) => branch.apply(input) as TensorFlow.SymbolicTensor);
  const outputs =
    output === 'distance'
      ? distanceLayer(tf).apply(embeddings)
      : seededLayers(tf, seed)
          .dense({ units: 1, activation: 'sigmoid' })
          .apply(differenceLayer(tf).apply(embeddings));
  const model = tf.model({ inputs, outputs: outputs as TensorFlow.SymbolicTensor });
  return {
    model,
    branch,
    dispose: () => {
      for (const weight of new Set(model.weights)) weight.dispose();
    },
  };
}
