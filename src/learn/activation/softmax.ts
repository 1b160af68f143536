/** Softmax and maxout: activations of several units together. */
import { Matrix } from 'ml-matrix';
import { ProblemError } from '../../errors.ts';

/** softmax(z)ᵢ = e^{zᵢ} / Σⱼ e^{zⱼ}, from zᵢ − max z so that nothing overflows. */
export function softmax(z: ArrayLike<number>): Float64Array {
  const all = Float64Array.from(z);
  const largest = all.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = all.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** ∂softmaxᵢ/∂zⱼ = pᵢ (δᵢⱼ − pⱼ), (n, n). */
export function softmaxJacobian(z: ArrayLike<number>): Matrix {
  const p = softmax(z);
  const jacobian = Matrix.zeros(p.length, p.length);
  for (let i = 0; i < p.length; i++)
    for (let j = 0; j < p.length; j++) jacobian.set(i, j, p[i] * ((i === j ? 1 : 0) - p[j]));
  return jacobian;
}

/**
 * Maxout: the largest of several linear functions of the input, so that any convex function can be had (Goodfellow
 * et al., Maxout networks, ICML 2013). Its derivative by a piece is 1 for the largest, the first of equals, else 0.
 *
 * @param pieces  values of the linear functions, (count, pieces), row-major
 */
export function maxout(
  pieces: ArrayLike<number>,
  size: number,
): { readonly values: Float64Array; readonly largest: Uint32Array } {
  const count = pieces.length / size;
  if (!Number.isInteger(count) || size < 1)
    throw new ProblemError(`${pieces.length} numbers are no rows of ${size} pieces`, { path: 'pieces' });
  const values = new Float64Array(count).fill(-Infinity);
  const largest = new Uint32Array(count);
  for (let i = 0; i < pieces.length; i++) {
    const n = Math.floor(i / size);
    if (pieces[i] <= values[n]) continue;
    values[n] = pieces[i];
    largest[n] = i % size;
  }
  return { values, largest };
}
