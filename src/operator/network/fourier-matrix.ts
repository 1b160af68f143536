/** The truncated Fourier transform as a product with a matrix of cosines and sines. */

/**
 * Orthonormal waves on a circle of `count` points: rows 0 … modes − 1 are cosines, those that follow sines, of which
 * the first is zero. Its transpose is the inverse on what the modes hold.
 *
 * @returns (2·modes, count), row-major
 */
export function fourierMatrix(count: number, modes: number): Float64Array {
  const matrix = new Float64Array(2 * modes * count);
  for (let k = 0; k < modes; k++)
    for (let j = 0; j < count; j++) {
      const angle = (2 * Math.PI * ((k * j) % count)) / count;
      matrix[k * count + j] = k === 0 ? 1 / Math.sqrt(count) : Math.sqrt(2 / count) * Math.cos(angle);
      matrix[(modes + k) * count + j] = k === 0 ? 0 : Math.sqrt(2 / count) * Math.sin(angle);
    }
  return matrix;
}

/** Modes that so many points tell apart, at most. */
export function mostModes(count: number): number {
  return Math.floor((count + 1) / 2);
}

/**
 * Blocks of the matrix that multiplies cosine and sine parts of a mode. A convolution acts on (cos, sin) along an axis
 * as α + β J with J = (0 1; −1 0), on several axes as Σ_r α_r ⊗_i J^{r_i}: as many real factors as complex ones have
 * parts.
 *
 * @returns for part p of what goes in, part q of what comes out: which α, with which sign
 */
export function partOf(p: number, q: number): { readonly part: number; readonly sign: 1 | -1 } {
  let odd = 0;
  for (let bits = p & ~q; bits > 0; bits >>= 1) odd ^= bits & 1;
  return { part: p ^ q, sign: odd === 1 ? -1 : 1 };
}
