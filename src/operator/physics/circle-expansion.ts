/** Solutions on a circle, in functions that shifts along it carry into one another. */
import { compressed } from './compression.ts';
import type { ProductBasis } from './product-basis.ts';

export interface CircleExpansion {
  /** Number of functions. */
  readonly size: number;
  /** (length of a row, size), row-major: orthonormal columns. */
  readonly functions: Float64Array;
  /** Coefficients of a solution that is shifted by so many turns, (size). */
  shifted(row: number, turns: number): Float64Array;
}

/** A harmonic's functions of the other coordinates, and every solution's share in them for the sine and the cosine. */
interface Harmonic {
  readonly places: readonly number[];
  readonly size: number;
  readonly functions: Float64Array;
  readonly coefficients: Float64Array;
}

/**
 * Every harmonic has functions of the other coordinates, the same for sine and cosine: a shift by s is then the rotation
 * of two coefficients by ω s.
 *
 * @param rows   solutions by coefficients in the basis, window after window
 * @param axis   of the basis, made of sines and cosines
 */
export function circleExpansion(
  rows: readonly Float64Array[],
  { axes }: ProductBasis,
  axis: number,
): CircleExpansion {
  const { length } = rows[0];
  const { count } = axes[axis];
  const inner = axes.slice(axis + 1).reduce((product, other) => product * other.count, 1);
  const others = length / count;
  const entry = (k: number, place: number): number =>
    (Math.floor(k / inner) * count + place) * inner + (k % inner);
  const largest = rows.reduce((most, row) => {
    let square = 0;
    for (const value of row) square += value * value;
    return Math.max(most, square);
  }, 0);
  const harmonics = Array.from({ length: (count + 1) / 2 }, (_, h): Harmonic => {
    const places = h === 0 ? [0] : [2 * h - 1, 2 * h];
    const parts = rows.flatMap((row) =>
      places.map((place) => Float64Array.from({ length: others }, (_, k) => row[entry(k, place)])),
    );
    return { places, ...compressed(parts, others, largest) };
  });
  const size = harmonics.reduce((sum, own) => sum + own.places.length * own.size, 0);
  const functions = new Float64Array(length * size);
  let first = 0;
  for (const own of harmonics)
    for (const place of own.places) {
      for (let k = 0; k < others; k++)
        for (let j = 0; j < own.size; j++)
          functions[entry(k, place) * size + first + j] = own.functions[k * own.size + j];
      first += own.size;
    }
  const shifted = (row: number, turns: number): Float64Array => {
    const result = new Float64Array(size);
    let at = 0;
    harmonics.forEach(({ places, size: own, coefficients }, h) => {
      const from = row * places.length * own;
      if (h === 0) {
        result.set(coefficients.subarray(from, from + own));
        at += own;
        return;
      }
      const [c, s] = [Math.cos(2 * Math.PI * h * turns), Math.sin(2 * Math.PI * h * turns)];
      for (let j = 0; j < own; j++) {
        const [sine, cosine] = [coefficients[from + j], coefficients[from + own + j]];
        result[at + j] = c * sine + s * cosine;
        result[at + own + j] = c * cosine - s * sine;
      }
      at += 2 * own;
    });
    return result;
  };
  return { size, functions, shifted };
}
