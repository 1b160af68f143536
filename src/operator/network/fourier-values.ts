/** A Fourier neural operator on the host, in float64. */
import { product, transposed } from '../linear/matrix-product.ts';
import { fourierMatrix, partOf } from './fourier-matrix.ts';
import { type FourierShape, fourierShapes } from './fourier-network.ts';
import { affineValues } from './perceptron-values.ts';
import { geluValues } from './tensor-layers.ts';
import { partsOf } from './tensor-objective.ts';

/** With what is made of the parameters once. */
export class FourierValues {
  readonly #shape: FourierShape;
  readonly #parts: readonly Float64Array[];
  readonly #blocks: readonly Float64Array[];
  readonly #forward: readonly Float64Array[];
  readonly #inverse: readonly Float64Array[];

  constructor(shape: FourierShape, theta: Float64Array) {
    const { axes, depth, width } = shape;
    this.#shape = shape;
    this.#parts = partsOf(theta, fourierShapes(shape));
    const parts = 2 ** axes.length;
    this.#blocks = Array.from({ length: depth }, (_, l) => {
      const first = 2 + l * (parts + 2);
      return modeBlocks(this.#parts.slice(first, first + parts), width);
    });
    this.#forward = axes.map(({ count, modes }) => fourierMatrix(count, modes));
    this.#inverse = axes.map(({ count, modes }, a) => transposed(this.#forward[a], 2 * modes, count));
  }

  /** Of one function, (points, outputs) from features (points, channels). */
  of(features: Float64Array): Float64Array {
    const { axes, depth } = this.#shape;
    const points = axes.reduce((all, { count }) => all * count, 1);
    let at = 0;
    const affine = (x: Float64Array): Float64Array =>
      affineValues(x, this.#parts[at++], this.#parts[at++], points);
    let values = affine(features);
    for (let l = 0; l < depth; l++) {
      at += 2 ** axes.length;
      const sum = this.#convolved(values, l);
      const linear = affine(values);
      for (let i = 0; i < sum.length; i++) sum[i] += linear[i];
      values = l + 1 < depth ? geluValues(sum) : sum;
    }
    return affine(geluValues(affine(values)));
  }

  /** F⁻¹(R·F x) with x (points, width). */
  #convolved(x: Float64Array, layer: number): Float64Array {
    const { axes, width } = this.#shape;
    const [first, second] = axes;
    const [rows, columns] = axes.map(({ modes }) => 2 * modes);
    if (second === undefined) {
      const spectrum = product(this.#forward[0], x, rows, first.count, width);
      const changed = this.#multiplied(spectrum, layer);
      return product(this.#inverse[0], changed, first.count, rows, width);
    }
    const one = product(this.#forward[0], x, rows, first.count, second.count * width);
    const two = product(
      this.#forward[1],
      turned(one, rows, second.count, width),
      columns,
      second.count,
      rows * width,
    );
    const back = product(this.#inverse[1], this.#multiplied(two, layer), second.count, columns, rows * width);
    return product(
      this.#inverse[0],
      turned(back, second.count, rows, width),
      first.count,
      rows,
      second.count * width,
    );
  }

  /** Every wave's parts times their block; the spectrum is (part, mode) of the last axis, then of the first. */
  #multiplied(spectrum: Float64Array, layer: number): Float64Array {
    const { axes, width } = this.#shape;
    const parts = 2 ** axes.length;
    const [{ modes: inner }, last] = axes;
    const modes = inner * (last?.modes ?? 1);
    const wide = parts * width;
    const result = new Float64Array(spectrum.length);
    for (let mode = 0; mode < modes; mode++) {
      const places = Array.from({ length: parts }, (_, p) => {
        if (last === undefined) return (p * inner + mode) * width;
        const outer = (p >> 1) * last.modes + Math.floor(mode / inner);
        return ((outer * 2 + (p & 1)) * inner + (mode % inner)) * width;
      });
      const own = new Float64Array(wide);
      places.forEach((place, p) => void own.set(spectrum.subarray(place, place + width), p * width));
      const block = this.#blocks[layer].subarray(mode * wide * wide, (mode + 1) * wide * wide);
      const changed = product(own, block, 1, wide, wide);
      places.forEach((place, p) => void result.set(changed.subarray(p * width, (p + 1) * width), place));
    }
    return result;
  }
}

/** (a, b, width) to (b, a, width). */
function turned(x: Float64Array, a: number, b: number, width: number): Float64Array {
  const result = new Float64Array(x.length);
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++) {
      const from = (i * b + j) * width;
      result.set(x.subarray(from, from + width), (j * a + i) * width);
    }
  return result;
}

/** (modes, parts·width, parts·width). */
function modeBlocks(factors: readonly Float64Array[], width: number): Float64Array {
  const parts = factors.length;
  const wide = parts * width;
  const modes = factors[0].length / width ** 2;
  const result = new Float64Array(modes * wide * wide);
  for (let mode = 0; mode < modes; mode++)
    for (let p = 0; p < parts; p++)
      for (let q = 0; q < parts; q++) {
        const { part, sign } = partOf(p, q);
        for (let i = 0; i < width; i++)
          for (let j = 0; j < width; j++)
            result[(mode * wide + p * width + i) * wide + q * width + j] =
              sign * factors[part][(mode * width + i) * width + j];
      }
  return result;
}
