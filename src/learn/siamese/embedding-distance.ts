/** Distance and difference of two embeddings, as layers. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';

/**
 * d = √(|a − b|² + ε) − √ε, (N, 1): the Euclidean distance, rounded at zero so that it has a gradient there, where the
 * root has none. Zero for equal embeddings, and the same either way round.
 */
export function embeddingDistance(
  tf: TensorLibrary,
  a: TensorFlow.Tensor,
  b: TensorFlow.Tensor,
  roundness = 1e-6,
): TensorFlow.Tensor {
  return tf.tidy(() => {
    const squared = a.sub(b).square().sum(-1, true);
    return squared.add(roundness).sqrt().sub(tf.scalar(roundness).sqrt());
  });
}

/** The layer of {@link embeddingDistance} for a list of two inputs. */
export function distanceLayer(tf: TensorLibrary): TensorFlow.layers.Layer {
  class EmbeddingDistance extends tf.layers.Layer {
    static className = 'EmbeddingDistance';

    override computeOutputShape(): TensorFlow.Shape {
      return [null, 1];
    }

    override call(inputs: TensorFlow.Tensor | TensorFlow.Tensor[]) {
      const [a, b] = inputs as TensorFlow.Tensor[];
      return embeddingDistance(tf, a, b);
    }
  }
  return new EmbeddingDistance({});
}

/** The layer |a − b|, component by component, for a list of two inputs of one shape. */
export function differenceLayer(tf: TensorLibrary): TensorFlow.layers.Layer {
  class AbsoluteDifference extends tf.layers.Layer {
    static className = 'AbsoluteDifference';

    override computeOutputShape(shapes: TensorFlow.Shape | TensorFlow.Shape[]): TensorFlow.Shape {
      return (shapes as TensorFlow.Shape[])[0];
    }

    override call(inputs: TensorFlow.Tensor | TensorFlow.Tensor[]) {
      const [a, b] = inputs as TensorFlow.Tensor[];
      return tf.tidy(() => a.sub(b).abs());
    }
  }
  return new AbsoluteDifference({});
}
