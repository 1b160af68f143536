/** A branch network as a function of its parameters, for losses of its outputs. */
import { matrixProduct } from './kernel-values.ts';
import { linearValues } from './linear-regression.ts';
import { columnsFrom, type StoredNetworkRegression } from './network-values.ts';
import { addGradient, layerValues, parameterCount } from './perceptron.ts';

/** Outputs for fixed rows of sensor values. */
export class NetworkChain {
  /** Of all networks, one after the other. */
  readonly theta: Float64Array;
  readonly #linear: Float64Array;
  readonly #inputs: readonly Float64Array[];

  /** @param rows  (count, inputs) */
  constructor(
    readonly stored: StoredNetworkRegression,
    rows: Float64Array,
    readonly count: number,
  ) {
    const { inputs, linear, mean, projection, widths, theta } = stored;
    this.theta = new Float64Array(theta.reduce((sum, own) => sum + own.length, 0));
    let at = 0;
    for (const own of theta) {
      this.theta.set(own, at);
      at += own.length;
    }
    this.#linear = linearValues(linear, rows, count);
    const centered = rows.map((value, k) => value - mean[k % inputs]);
    const z = matrixProduct(centered, projection, count, inputs);
    let first = 0;
    this.#inputs = widths.map(([width]) => {
      first += width;
      return columnsFrom(z, count, first - width, width);
    });
  }

  /** (count, outputs). */
  values(theta: Float64Array): Float64Array {
    const { factors } = this.#forward(theta);
    return this.#linear.map(
      (value, k) => value + this.stored.scale * factors.reduce((product, own) => product * own[k], 1),
    );
  }

  /** @param slopes  of the loss by the outputs, (count, outputs) */
  gradient(theta: Float64Array, slopes: Float64Array): Float64Array {
    const { layers, factors, parts } = this.#forward(theta);
    const gradient = new Float64Array(theta.length);
    let at = 0;
    this.stored.widths.forEach((widths, n) => {
      const chained = slopes.map((slope, k) =>
        factors.reduce(
          (product, own, m) => (m === n ? product : product * own[k]),
          this.stored.scale * slope,
        ),
      );
      const own = gradient.subarray(at, at + parts[n].length);
      addGradient(widths, parts[n], layers[n], chained, own);
      at += parts[n].length;
    });
    return gradient;
  }

  /** With other parameters. */
  restored(theta: Float64Array): StoredNetworkRegression {
    return { ...this.stored, theta: this.#parts(theta).map((own) => own.slice()) };
  }

  #parts(theta: Float64Array): Float64Array[] {
    let end = 0;
    return this.stored.widths.map((widths) => {
      end += parameterCount(widths);
      return theta.subarray(end - parameterCount(widths), end);
    });
  }

  #forward(theta: Float64Array) {
    const parts = this.#parts(theta);
    const layers = this.stored.widths.map((widths, n) =>
      layerValues(widths, parts[n], this.#inputs[n], this.count),
    );
    return { parts, layers, factors: layers.map((own) => own[own.length - 1]) };
  }
}
