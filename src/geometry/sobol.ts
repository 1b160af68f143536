/**
 * Sobol's low-discrepancy sequence with the direction numbers of Joe & Kuo (SIAM J. Sci. Comput. 30, 2008),
 * randomised by a digital shift.
 */
import { randomGenerator } from '../random/generator.ts';

const bits = 32;

/** For each dimension after the first: the primitive polynomial's inner coefficients and the initial numbers m. */
const joeKuo: readonly { readonly polynomial: number; readonly initial: readonly number[] }[] = [
  { polynomial: 0, initial: [1] },
  { polynomial: 1, initial: [1, 3] },
  { polynomial: 1, initial: [1, 3, 1] },
  { polynomial: 2, initial: [1, 1, 1] },
  { polynomial: 1, initial: [1, 1, 3, 3] },
  { polynomial: 4, initial: [1, 3, 5, 13] },
  { polynomial: 2, initial: [1, 1, 5, 5, 17] },
  { polynomial: 4, initial: [1, 1, 5, 5, 5] },
  { polynomial: 7, initial: [1, 1, 7, 11, 19] },
];

/** Dimensions the sequence is tabulated for. */
export const sobolDimensions = joeKuo.length + 1;

function directionNumbers(axis: number): Uint32Array {
  const v = new Uint32Array(bits);
  if (axis === 0) {
    for (let i = 0; i < bits; i++) v[i] = 2 ** (bits - 1 - i);
    return v;
  }
  const { polynomial, initial } = joeKuo[axis - 1];
  const degree = initial.length;
  for (let i = 0; i < bits; i++) {
    if (i < degree) v[i] = initial[i] * 2 ** (bits - 1 - i);
    else {
      v[i] = v[i - degree] ^ (v[i - degree] >>> degree);
      for (let k = 1; k < degree; k++) if (((polynomial >>> (degree - 1 - k)) & 1) === 1) v[i] ^= v[i - k];
    }
  }
  return v;
}

/** `count` points in the unit cube, (count, dimension) row-major. The first 2^k points are a (t, k, d)-net. */
export function sobolPoints(count: number, dimension: number, seed: number): Float64Array {
  const random = randomGenerator(seed);
  const directions = Array.from({ length: dimension }, (_, axis) => directionNumbers(axis));
  const state = Uint32Array.from({ length: dimension }, () => random.integer(2 ** bits));
  const points = new Float64Array(count * dimension);
  for (let n = 0; n < count; n++) {
    // Gray code order (Antonov & Saleev, 1979): one direction number changes from point to point.
    if (n > 0) {
      const lowestBit = 31 - Math.clz32(n & -n);
      for (let axis = 0; axis < dimension; axis++) state[axis] ^= directions[axis][lowestBit];
    }
    for (let axis = 0; axis < dimension; axis++)
      points[n * dimension + axis] = (state[axis] + 0.5) / 2 ** bits;
  }
  return points;
}
