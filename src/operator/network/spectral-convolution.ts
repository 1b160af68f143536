/** The spectral convolution of the Fourier neural operator on tensors, with its gradient. */
import type { Tensor, TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { fourierMatrix, partOf } from './fourier-matrix.ts';

/** Along each of one or two axes: points on the circle, and modes that are kept. */
export interface SpectralAxis {
  readonly count: number;
  readonly modes: number;
}

/**
 * y = F⁻¹(R·F x) for values (count₁, …, batch, channels) on a circle or a torus (Li et al., Fourier neural operator for
 * parametric partial differential equations, ICLR 2021), the transform being a product with real matrices. Its tensors
 * are kept until `dispose`.
 */
export class SpectralConvolution {
  readonly #tf: TensorLibrary;
  readonly #axes: readonly SpectralAxis[];
  /** (2·modes, count) of each axis, and transposed. */
  readonly #forward: Tensor[];
  readonly #inverse: Tensor[];
  /** Modes in all, and real parts of each. */
  readonly modes: number;
  readonly parts: number;

  constructor(tf: TensorLibrary, axes: readonly SpectralAxis[]) {
    this.#tf = tf;
    this.#axes = axes;
    this.modes = axes.reduce((all, { modes }) => all * modes, 1);
    this.parts = 2 ** axes.length;
    this.#forward = axes.map(({ count, modes }) =>
      tf.keep(tf.tensor(Float32Array.from(fourierMatrix(count, modes)), [2 * modes, count])),
    );
    this.#inverse = this.#forward.map((matrix) => tf.keep(tf.transpose(matrix)));
  }

  /**
   * @param x       (count₁, …, batch, channels)
   * @param factors `parts` tensors (modes, channels, outputs)
   * @returns (count₁, …, batch, outputs)
   */
  apply(x: Tensor, factors: readonly Tensor[]): Tensor {
    const tf = this.#tf;
    return tf.customGrad((...given) => {
      const save = given[given.length - 1] as unknown as (tensors: Tensor[]) => void;
      const spectrum = this.#analysis(x);
      const block = this.#block(factors);
      save([spectrum, block]);
      return {
        value: this.#synthesis(tf.matMul(spectrum, block)),
        gradFunc: (dy: Tensor, [s, b]: Tensor[]) => {
          // The matrices are orthonormal: the adjoint of the synthesis is the analysis.
          const slopes = this.#analysis(dy);
          const dx = this.#synthesis(tf.matMul(slopes, tf.transpose(b, [0, 2, 1])));
          return [dx, ...this.#factorSlopes(tf.matMul(tf.transpose(s, [0, 2, 1]), slopes))];
        },
      };
    })(x, ...factors);
  }

  dispose(): void {
    for (const matrix of [...this.#forward, ...this.#inverse]) matrix.dispose();
  }

  /** To (modes, batch, parts·channels). */
  #analysis(x: Tensor): Tensor {
    const tf = this.#tf;
    const [batch, channels] = x.shape.slice(-2);
    const [first, second] = this.#axes;
    const along = (axis: number, values: Tensor): Tensor => {
      const { count } = this.#axes[axis];
      return tf.matMul(this.#forward[axis], tf.reshape(values, [count, values.size / count]));
    };
    // The wasm kernel keeps its packing of a right operand by the identity of the data, not by shape: what is a right
    // operand in another shape elsewhere has to be copied.
    const one = along(0, tf.getBackend() === 'wasm' ? tf.mul(x, 1) : x);
    if (second === undefined) {
      const spread = tf.transpose(tf.reshape(one, [2, first.modes, batch, channels]), [1, 2, 0, 3]);
      return tf.reshape(spread, [first.modes, batch, 2 * channels]);
    }
    const rows = 2 * first.modes;
    const turned = tf.transpose(tf.reshape(one, [rows, second.count, batch * channels]), [1, 0, 2]);
    const two = tf.reshape(along(1, turned), [2, second.modes, 2, first.modes, batch * channels]);
    const modes = tf.transpose(two, [1, 3, 0, 2, 4]);
    const wide = tf.reshape(modes, [this.modes, 4, batch, channels]);
    return tf.reshape(tf.transpose(wide, [0, 2, 1, 3]), [this.modes, batch, 4 * channels]);
  }

  /** From (modes, batch, parts·channels) to values. */
  #synthesis(spectrum: Tensor): Tensor {
    const tf = this.#tf;
    const [, batch, width] = spectrum.shape;
    const channels = width / this.parts;
    const [first, second] = this.#axes;
    const along = (axis: number, values: Tensor): Tensor => {
      const rows = 2 * this.#axes[axis].modes;
      return tf.matMul(this.#inverse[axis], tf.reshape(values, [rows, values.size / rows]));
    };
    if (second === undefined) {
      const spread = tf.transpose(tf.reshape(spectrum, [first.modes, batch, 2, channels]), [2, 0, 1, 3]);
      return tf.reshape(along(0, spread), [first.count, batch, channels]);
    }
    const wide = tf.transpose(tf.reshape(spectrum, [this.modes, batch, 4, channels]), [0, 2, 1, 3]);
    const modes = tf.reshape(wide, [second.modes, first.modes, 2, 2, batch * channels]);
    const two = along(1, tf.transpose(modes, [2, 0, 3, 1, 4]));
    const rows = 2 * first.modes;
    const turned = tf.transpose(tf.reshape(two, [second.count, rows, batch * channels]), [1, 0, 2]);
    return tf.reshape(along(0, turned), [first.count, second.count, batch, channels]);
  }

  /** (modes, parts·channels, parts·outputs). */
  #block(factors: readonly Tensor[]): Tensor {
    const tf = this.#tf;
    const negative = factors.map((factor) => tf.neg(factor));
    const numbers = factors.map((_, k) => k);
    return tf.concat(
      numbers.map((p) =>
        tf.concat(
          numbers.map((q) => {
            const { part, sign } = partOf(p, q);
            return sign === 1 ? factors[part] : negative[part];
          }),
          2,
        ),
      ),
      1,
    );
  }

  /** The adjoint of the block's making. */
  #factorSlopes(block: Tensor): Tensor[] {
    const tf = this.#tf;
    const [modes, inner, outer] = block.shape;
    const [channels, outputs] = [inner / this.parts, outer / this.parts];
    const numbers = Array.from({ length: this.parts }, (_, k) => k);
    return numbers.map((part) =>
      numbers
        .map((p) => {
          const q = p ^ part;
          const piece = tf.slice(block, [0, p * channels, q * outputs], [modes, channels, outputs]);
          return partOf(p, q).sign === 1 ? piece : tf.neg(piece);
        })
        .reduce((sum, piece) => tf.add(sum, piece)),
    );
  }
}
