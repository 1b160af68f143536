import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { cholesky } from '../../src/optimizer/cholesky.ts';

/** M Mᵀ + I with M uniform in [−1, 1]. */
function positiveDefinite(n: number, seed: number): Float64Array {
  const generator = xoroshiro128plus(seed);
  const m = Matrix.zeros(n, n).apply(function (this: Matrix, i, j) {
    this.set(i, j, 2 * uniformFloat64(generator) - 1);
  });
  return Float64Array.from(m.mmul(m.transpose()).add(Matrix.eye(n)).to1DArray());
}

describe('the blocked Cholesky factorisation', () => {
  for (const n of [1, 2, 3, 4, 5, 31, 32, 33, 64, 67, 130]) {
    it(`solves as ml-matrix does, n = ${n}`, () => {
      const a = positiveDefinite(n, n);
      const b = Float64Array.from({ length: n }, (_, i) => Math.sin(i + 1));
      const expected = new CholeskyDecomposition(Matrix.from1DArray(n, n, a)).solve(Matrix.columnVector(b));
      const x = cholesky(a.slice(), n)?.solve(b);
      expected.to1DArray().forEach((value, i) => {
        expect(Math.abs((x as Float64Array)[i] - value)).toBeLessThan(1e-11 * (1 + expected.max()));
      });
    });
  }

  it('reads the lower triangle alone', () => {
    const n = 37;
    const a = positiveDefinite(n, 1);
    const lower = a.map((value, k) => (k % n > Math.floor(k / n) ? Number.NaN : value));
    const b = new Float64Array(n).fill(1);
    expect(cholesky(lower, n)?.solve(b)).toEqual(cholesky(a, n)?.solve(b));
  });

  it('gives null for matrices that are not positive definite or not finite', () => {
    const n = 40;
    const indefinite = positiveDefinite(n, 3);
    indefinite[35 * n + 35] = -1;
    expect(cholesky(indefinite, n)).toBeNull();
    expect(cholesky(Float64Array.of(1, 1, 1, 1), 2)).toBeNull();
    expect(cholesky(Float64Array.of(Number.NaN), 1)).toBeNull();
    expect(cholesky(Float64Array.of(Number.POSITIVE_INFINITY), 1)).toBeNull();
  });
});
