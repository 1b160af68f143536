/** The tensor library as the engine uses it: few operations, constants uploaded once, traits of backends. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { BaseFunction } from '../../network/activation/derivative-program.ts';

export type TensorLibrary = typeof TensorFlow;
export type Tensor = TensorFlow.Tensor;

/** A tensor, or null where it is zero throughout, so that nothing is computed with it. */
export type MaybeTensor = Tensor | null;

export class TensorArithmetic {
  readonly tf: TensorLibrary;
  readonly #wasm: boolean;
  readonly #scalars = new Map<number, Tensor>();
  readonly #filled = new Map<string, Tensor>();

  constructor(tf: TensorLibrary, backend: string) {
    this.tf = tf;
    this.#wasm = backend === 'wasm';
  }

  /** A constant of shape (), kept until {@link dispose}. */
  scalar(value: number): Tensor {
    let scalar = this.#scalars.get(value);
    if (scalar === undefined) {
      scalar = this.tf.keep(this.tf.scalar(value, 'float32'));
      this.#scalars.set(value, scalar);
    }
    return scalar;
  }

  /** A constant of the given shape with one value everywhere, kept until {@link dispose}. */
  filled(shape: number[], value: number): Tensor {
    const key = `${shape.join(',')}:${value}`;
    let tensor = this.#filled.get(key);
    if (tensor === undefined) {
      tensor = this.tf.keep(this.tf.fill(shape, value, 'float32'));
      this.#filled.set(key, tensor);
    }
    return tensor;
  }

  scale(a: Tensor, factor: number): Tensor {
    if (factor === 1) return a;
    return factor === -1 ? this.tf.neg(a) : this.tf.mul(a, this.scalar(factor));
  }

  multiply(a: MaybeTensor, b: MaybeTensor): MaybeTensor {
    if (a === null || b === null) return null;
    return a === b ? this.tf.square(a) : this.tf.mul(a, b);
  }

  add(a: MaybeTensor, b: MaybeTensor): MaybeTensor {
    if (a === null) return b;
    return b === null ? a : this.tf.add(a, b);
  }

  /** aᵀ·b for a of shape (N, m) and b of shape (N, n). */
  transposedProduct(a: Tensor, b: Tensor): Tensor {
    // The wasm kernel with a transpose flag is some thirteen times slower than transposing first.
    if (!this.#wasm) return this.tf.matMul(a as TensorFlow.Tensor2D, b as TensorFlow.Tensor2D, true, false);
    if (a.shape[1]! <= b.shape[1]!) return this.tf.matMul(this.transpose(a), b);
    return this.transpose(this.tf.matMul(this.transpose(b), a));
  }

  transpose(a: Tensor): Tensor {
    const [rows, columns] = a.shape;
    return rows === 1 || columns === 1 ? this.tf.reshape(a, [columns!, rows!]) : this.tf.transpose(a);
  }

  /** aᵀ as the right operand of a product in which a itself was the right operand of another. */
  transposedOperand(a: Tensor): Tensor {
    // The wasm kernel keeps its packing of a right operand by the identity of the data, not by shape: a row
    // and a column that share their data would share the packing, and the product would be wrong.
    const shares = this.#wasm && (a.shape[0] === 1 || a.shape[1] === 1);
    return this.transpose(shares ? this.tf.mul(a, this.scalar(1)) : a);
  }

  /** The sum over the rows of (N, n), as (1, n). */
  rowSum(a: Tensor): Tensor {
    const rows = a.shape[0]!;
    return rows === 1 ? a : this.tf.matMul(this.filled([1, rows], 1), a);
  }

  /** A base function of an activation, on every entry. */
  base(name: BaseFunction, z: Tensor): Tensor {
    const tf = this.tf;
    switch (name) {
      case 'identity':
        return z;
      case 'step':
        return tf.step(z);
      case 'tanh':
        // 2 s(2z) − 1 with the vectorised logistic function: ten times faster there, absolute error the same.
        if (!this.#wasm) return tf.tanh(z);
        return tf.sub(this.scale(tf.sigmoid(this.scale(z, 2)), 2), this.scalar(1));
      case 'sigmoid':
        return tf.sigmoid(z);
      case 'softplus':
        return tf.softplus(z);
      case 'sin':
        return tf.sin(z);
      case 'cos':
        return tf.cos(z);
      case 'negative-exponential':
        return tf.expm1(tf.minimum(z, this.scalar(0)));
      case 'normal-distribution': {
        const half = this.scalar(0.5);
        return tf.add(tf.mul(tf.erf(this.scale(z, Math.SQRT1_2)), half), half);
      }
      case 'normal-density':
        return this.scale(tf.exp(this.scale(tf.square(z), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    }
  }

  dispose(): void {
    for (const tensor of [...this.#scalars.values(), ...this.#filled.values()]) tensor.dispose();
    this.#scalars.clear();
    this.#filled.clear();
  }
}
