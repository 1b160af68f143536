import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';

/**
 * tfjs' gradient descent with momentum: v ← μ v + g, w ← w − η v (Polyak, USSR Comput. Math. Math. Phys. 4 (1964)).
 * tfjs 4.22 forgets the scalar of the learning rate when it disposes of one; here it goes as well.
 */
export function momentum(tf: TensorLibrary, learningRate: number, share = 0.9): TensorFlow.Optimizer {
  const optimizer = tf.train.momentum(learningRate, share);
  const dispose = optimizer.dispose.bind(optimizer);
  optimizer.dispose = () => {
    dispose();
    tf.SGDOptimizer.prototype.dispose.call(optimizer);
  };
  return optimizer;
}
