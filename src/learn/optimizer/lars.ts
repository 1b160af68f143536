import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { optimizerWithState } from './optimizer-with-state.ts';

export interface LarsOptions {
  readonly learningRate?: number;
  readonly momentum?: number;
  /** λ; default 0. */
  readonly weightDecay?: number;
  /** What part of a layer's norm one step may move it by; default 0.01. */
  readonly trust?: number;
}

/**
 * Layer-wise adaptive rates (You, Gitman & Ginsburg, Large batch training of convolutional networks, 2017): every layer
 * moves by the same share of its own norm, so that large batches and large rates do not tear one of them apart.
 *
 *   η' = η · trust · |w| / (|g| + λ |w|),  v ← μ v + η' (g + λ w),  w ← w − v.
 *
 * Where the weights are zero, as biases are at first, η' = η · trust.
 */
export function lars(
  tf: TensorLibrary,
  { learningRate = 1, momentum = 0.9, weightDecay = 0, trust = 0.01 }: LarsOptions = {},
): TensorFlow.Optimizer {
  return optimizerWithState(tf, learningRate, {
    name: 'LARS',
    memory: 1,
    move(library, { value, gradient, memory: [velocity], learningRate: rate }) {
      const [size, slope] = [value.norm(), gradient.norm()];
      const ratio = size.div(slope.add(size.mul(weightDecay)).add(1e-12));
      const share = library.where(size.greater(0), ratio, library.onesLike(ratio));
      const step = gradient
        .add(value.mul(weightDecay))
        .mul(share)
        .mul(rate * trust);
      velocity.assign(velocity.mul(momentum).add(step));
      return value.sub(velocity);
    },
  });
}
