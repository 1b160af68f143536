/** Dropout whose masks follow from a seed. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { ProblemError } from '../../errors.ts';
import { streamSeed } from '../../random/generator.ts';

export interface DropoutOptions {
  /** Share of the units that are left out, below 1. */
  readonly rate: number;
  readonly seed: number;
}

/**
 * A layer that in training leaves out each unit with probability `rate` and scales the others by 1/(1 − rate), and
 * otherwise does nothing (Srivastava et al., Dropout, JMLR 15 (2014)). tfjs' own draws the same mask in every step
 * if it is given a seed, and cannot be repeated without one; here the n-th mask follows from the seed and n.
 */
export function seededDropout(tf: TensorLibrary, { rate, seed }: DropoutOptions): TensorFlow.layers.Layer {
  if (!(rate >= 0 && rate < 1))
    throw new ProblemError(`a rate of ${rate}`, { path: 'rate', hint: 'give at least 0 and less than 1' });
  let masks = 0;
  class SeededDropout extends tf.layers.Layer {
    static className = 'SeededDropout';

    override computeOutputShape(shape: TensorFlow.Shape): TensorFlow.Shape {
      return shape;
    }

    override call(inputs: TensorFlow.Tensor | TensorFlow.Tensor[], options: { training?: boolean }) {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      if (options.training !== true || rate === 0) return x.clone();
      masks += 1;
      return tf.dropout(x, rate, undefined, streamSeed(seed, masks) % 2 ** 31);
    }
  }
  return new SeededDropout({});
}
