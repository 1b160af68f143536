/** Layers of networks on tensors, with gradients of their own: what tfjs derives is slow on wasm or missing. */
import type { GradSaveFunc } from '@tensorflow/tfjs';
import { derivativeTensors } from '../../engine/tfjs/activation-jets.ts';
import type { LoadedBackend } from '../../engine/tfjs/backend.ts';
import { type Tensor, TensorArithmetic, type TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { activationNamed } from '../../network/activation/index.ts';
import type { ActivationName } from '../../network/activation.ts';

export class TensorLayers {
  readonly tf: TensorLibrary;
  readonly #arithmetic: TensorArithmetic;

  constructor({ tf, registered }: Pick<LoadedBackend, 'tf' | 'registered'>) {
    this.tf = tf;
    this.#arithmetic = new TensorArithmetic(tf, registered);
  }

  /**
   * x·W + b with x (n, i), W (i, o), b (o).
   *
   * @param constant  x is no part of the network: no gradient goes there
   */
  affine(x: Tensor, w: Tensor, b: Tensor, constant = false): Tensor {
    const { tf } = this;
    const arithmetic = this.#arithmetic;
    // What a gradient needs is saved: all else that the pass forward makes is disposed of before it runs.
    const layer = (...given: unknown[]) => {
      (given[given.length - 1] as GradSaveFunc)([x, w]);
      return {
        value: tf.add(tf.matMul(x, w), b) as Tensor,
        gradFunc: (dy: Tensor, [input, weights]: Tensor[]) => [
          ...(constant ? [] : [tf.matMul(dy, arithmetic.transposedOperand(weights)) as Tensor]),
          arithmetic.transposedProduct(input, dy),
          tf.reshape(arithmetic.rowSum(dy), b.shape) as Tensor,
        ],
      };
    };
    return constant ? tf.customGrad(layer)(w, b) : tf.customGrad(layer)(x, w, b);
  }

  /** a·bᵀ with a (n, p) and b (m, p): every row of the one with every row of the other. */
  crossProduct(a: Tensor, b: Tensor): Tensor {
    const { tf } = this;
    const arithmetic = this.#arithmetic;
    return tf.customGrad((...given) => {
      (given[2] as GradSaveFunc)([a, b]);
      return {
        value: tf.matMul(a, arithmetic.transposedOperand(b)) as Tensor,
        gradFunc: (dy: Tensor, [left, right]: Tensor[]) => [
          tf.matMul(dy, right) as Tensor,
          arithmetic.transposedProduct(dy, left),
        ],
      };
    })(a, b);
  }

  /** a·x with a constant a. */
  leftProduct(a: Tensor, x: Tensor): Tensor {
    const { tf } = this;
    const arithmetic = this.#arithmetic;
    return tf.customGrad(() => ({
      value: tf.matMul(a, x) as Tensor,
      gradFunc: (dy: Tensor) => tf.matMul(arithmetic.transpose(a), dy) as Tensor,
    }))(x);
  }

  activation(name: ActivationName, z: Tensor): Tensor {
    const { tf } = this;
    const program = activationNamed(name).derivatives(1);
    return tf.customGrad((input, save) => {
      const [value, slope] = derivativeTensors(this.#arithmetic, program, input as Tensor);
      (save as GradSaveFunc)([slope ?? tf.zerosLike(z)]);
      return { value: value!, gradFunc: (dy: Tensor, [own]: Tensor[]) => tf.mul(dy, own) };
    })(z);
  }

  /** The form of GELU without the error function, z·σ(z(a + b z²)) (Hendrycks & Gimpel, arXiv:1606.08415). */
  gelu(z: Tensor): Tensor {
    const { tf } = this;
    const arithmetic = this.#arithmetic;
    const [a, b] = geluCoefficients;
    return tf.customGrad((input, save) => {
      const square = tf.square(input as Tensor);
      const slope = tf.add(arithmetic.scale(square, b), arithmetic.scalar(a));
      const share = tf.sigmoid(tf.mul(input as Tensor, slope));
      const value = tf.mul(input as Tensor, share);
      (save as GradSaveFunc)([square, share, value]);
      return {
        value,
        gradFunc: (dy: Tensor, [squared, own, y]: Tensor[]) => {
          const steep = tf.add(arithmetic.scale(squared, 3 * b), arithmetic.scalar(a));
          const rest = tf.mul(tf.mul(y, tf.sub(arithmetic.scalar(1), own)), steep);
          return tf.mul(dy, tf.add(own, rest));
        },
      };
    })(z);
  }

  /** Constants are kept until then. */
  dispose(): void {
    this.#arithmetic.dispose();
  }
}

const root = Math.sqrt(2 / Math.PI);
const geluCoefficients = [2 * root, 2 * 0.044715 * root] as const;

/** In place, as {@link TensorLayers.gelu}. */
export function geluValues(z: Float64Array): Float64Array {
  const [a, b] = geluCoefficients;
  for (let i = 0; i < z.length; i++) z[i] /= 1 + Math.exp(-z[i] * (a + b * z[i] * z[i]));
  return z;
}
