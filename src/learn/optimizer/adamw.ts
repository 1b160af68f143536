import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { optimizerWithState } from './optimizer-with-state.ts';

export interface AdamWOptions {
  readonly learningRate?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** λ; default 0.01. */
  readonly weightDecay?: number;
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter, Decoupled weight decay regularization, ICLR 2019):
 *
 *   m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  w ← w − η (m̂ / (√v̂ + ε) + λ w).
 *
 * Inside Adam's gradient a penalty would be divided by √v̂ and so be weakest where gradients are large.
 */
export function adamW(
  tf: TensorLibrary,
  { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, weightDecay = 0.01 }: AdamWOptions = {},
): TensorFlow.Optimizer {
  return optimizerWithState(tf, learningRate, {
    name: 'AdamW',
    memory: 2,
    move(library, { value, gradient, memory: [mean, square], learningRate: rate, step }) {
      mean.assign(mean.mul(beta1).add(gradient.mul(1 - beta1)));
      square.assign(square.mul(beta2).add(gradient.square().mul(1 - beta2)));
      const direction = library.div(
        mean.div(1 - beta1 ** step),
        square
          .div(1 - beta2 ** step)
          .sqrt()
          .add(epsilon),
      );
      return value.sub(direction.add(value.mul(weightDecay)).mul(rate));
    },
  });
}
