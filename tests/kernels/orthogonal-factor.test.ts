import fc from 'fast-check';
import { Matrix, QrDecomposition, SingularValueDecomposition } from 'ml-matrix';
import { beforeAll, describe, expect, it } from 'vitest';
import { CholeskyFactorizer } from '../../src/engine/f64/cholesky.ts';
import { kernelModule } from '../../src/engine/f64/kernel-module.ts';
import { LinearMemory } from '../../src/engine/f64/linear-memory.ts';
import {
  FoldedTriangle,
  foldDiagonal,
  foldedTogether,
  foldOrder,
  type TriangularPair,
  triangularPair,
} from '../../src/engine/f64/orthogonal-factor.ts';
import { relativeDifference } from '../engine/f64/host-oracle.ts';
import { randomColumn } from '../engine/f64/systems.ts';

let memory: LinearMemory;
let factorizer: CholeskyFactorizer;

beforeAll(async () => {
  memory = new LinearMemory((await kernelModule()).module);
  factorizer = new CholeskyFactorizer(memory);
});

const random = (rows: number, columns: number, seed: number): Matrix =>
  Matrix.from1DArray(rows, columns, randomColumn(rows * columns, seed));

/** J and ρ folded into a triangle by `capacity` rows at a time. */
function folded(j: Matrix, rho: ArrayLike<number>, capacity = 256): Float64Array {
  const n = j.columns;
  const mark = memory.mark();
  const triangle = new FoldedTriangle(memory, n);
  const rows = memory.allocate(8 * foldOrder(n) * capacity);
  for (let first = 0; first < j.rows; first += capacity) {
    const count = Math.min(capacity, j.rows - first);
    const floats = memory.floats;
    floats.fill(0, rows / 8, rows / 8 + foldOrder(n) * capacity);
    for (let i = 0; i < count; i++) {
      for (let k = 0; k <= n; k++) {
        floats[rows / 8 + 4 * ((k >> 2) * capacity + i) + (k & 3)] =
          k < n ? j.get(first + i, k) : rho[first + i];
      }
    }
    triangle.fold(rows, capacity, Math.ceil(count / 4) * 4);
  }
  const panels = triangle.panels();
  memory.release(mark);
  return panels;
}

const pairOf = (j: Matrix, rho: ArrayLike<number>, capacity?: number): TriangularPair =>
  triangularPair(folded(j, rho, capacity), j.columns);

/** −R⁻¹·c. */
function backSubstitution({ factor, vector }: TriangularPair): number[] {
  const n = vector.length;
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let value = -vector[i];
    for (let k = i + 1; k < n; k++) value -= factor[i * n + k] * x[k];
    x[i] = value / factor[i * n + i];
  }
  return x;
}

const upper = ({ factor, vector }: TriangularPair): Matrix =>
  Matrix.from1DArray(vector.length, vector.length, Array.from(factor));

const residual = (j: Matrix, x: readonly number[], rho: ArrayLike<number>): number =>
  Math.hypot(
    ...j
      .mmul(Matrix.columnVector([...x]))
      .to1DArray()
      .map((value, i) => value + rho[i]),
  );

/** U·diag(σ)·Vᵀ with random orthogonal U and V. */
function withSingularValues(rows: number, sigma: readonly number[], seed: number): Matrix {
  const n = sigma.length;
  const u = new QrDecomposition(random(rows, n, seed)).orthogonalMatrix;
  const v = new QrDecomposition(random(n, n, seed + 1)).orthogonalMatrix;
  return u.mmul(Matrix.diag([...sigma])).mmul(v.transpose());
}

describe.each([
  [8, 4],
  [5, 3],
  [40, 17],
  [300, 31],
  [257, 32],
  [600, 33],
  [520, 130],
])('%i rows of %i columns', (rows, n) => {
  const j = random(rows, n, 1);
  const rho = randomColumn(rows, 2);

  it('fold into R with RᵀR = JᵀJ and Rᵀ·Qᵀρ = Jᵀρ, upper triangular', () => {
    const pair = pairOf(j, rho);
    const r = upper(pair);
    const error = relativeDifference(r.transpose().mmul(r).to1DArray(), j.transpose().mmul(j).to1DArray());
    expect(error).toBeLessThan(1e-14 * Math.sqrt(rows));
    const c = Matrix.columnVector(Array.from(pair.vector));
    const jr = j.transpose().mmul(Matrix.columnVector(Array.from(rho)));
    expect(relativeDifference(r.transpose().mmul(c).to1DArray(), jr.to1DArray())).toBeLessThan(1e-13);
    for (let i = 0; i < n; i++) for (let k = 0; k < i; k++) expect(pair.factor[i * n + k]).toBe(0);
  });

  it('give the R of ml-matrix but for signs, whatever number is folded at once', () => {
    const other = new QrDecomposition(j).upperTriangularMatrix;
    for (const capacity of [8, 64, 256]) {
      const r = upper(pairOf(j, rho, capacity));
      for (let i = 0; i < n; i++) {
        const sign = Math.sign(r.get(i, i) * other.get(i, i));
        const row = r.getRow(i).map((value) => sign * value);
        const error = Math.max(...row.map((value, k) => Math.abs(value - other.get(i, k))));
        expect(error).toBeLessThan(1e-12);
      }
    }
  });

  it('give the least-squares solution of ml-matrix', () => {
    const x = backSubstitution(pairOf(j, rho));
    const expected = new QrDecomposition(j)
      .solve(Matrix.columnVector(Array.from(rho)))
      .to1DArray()
      .map((value) => -value);
    expect(relativeDifference(x, expected)).toBeLessThan(1e-11);
  });

  it('fold in two parts that are folded together afterwards', () => {
    const half = Math.floor(rows / 2);
    const parts = [
      folded(j.subMatrix(0, half - 1, 0, n - 1), rho.slice(0, half)),
      folded(j.subMatrix(half, rows - 1, 0, n - 1), rho.slice(half)),
    ];
    const r = upper(foldedTogether(memory, parts, n));
    const error = relativeDifference(r.transpose().mmul(r).to1DArray(), j.transpose().mmul(j).to1DArray());
    expect(error).toBeLessThan(1e-14 * Math.sqrt(rows));
  });

  it('take the rows of a diagonal: RᵀR + diag(d²)', () => {
    const { factor, vector } = pairOf(j, rho);
    const d = Float64Array.from(randomColumn(n, 5), (value) => 2 + value);
    const pair = foldDiagonal(memory, factor, vector, d);
    const r = upper(pair);
    const expected = j.transpose().mmul(j);
    for (let i = 0; i < n; i++) expected.set(i, i, expected.get(i, i) + d[i] ** 2);
    expect(relativeDifference(r.transpose().mmul(r).to1DArray(), expected.to1DArray())).toBeLessThan(1e-13);
    const right = r.transpose().mmul(Matrix.columnVector(Array.from(pair.vector)));
    const jr = j.transpose().mmul(Matrix.columnVector(Array.from(rho)));
    expect(relativeDifference(right.to1DArray(), jr.to1DArray())).toBeLessThan(1e-13);
  });
});

describe('matrices that are nearly singular', () => {
  it('leave a residual as small as the singular value decomposition does at condition 1e14', () => {
    const n = 40;
    const sigma = Array.from({ length: n }, (_, i) => 10 ** ((-14 * i) / (n - 1)));
    const j = withSingularValues(200, sigma, 7);
    const truth = Matrix.columnVector(Array.from(randomColumn(n, 8)));
    const rho = j.mmul(truth).mul(-1).to1DArray();
    const x = backSubstitution(pairOf(j, rho));
    const svd = new SingularValueDecomposition(j, { autoTranspose: true });
    const bySvd = svd
      .solve(Matrix.columnVector(rho))
      .to1DArray()
      .map((value) => -value);
    expect(residual(j, x, rho)).toBeLessThan(10 * Math.max(residual(j, bySvd, rho), 1e-15));
    expect(residual(j, x, rho)).toBeLessThan(1e-14);
    // Singular to working precision once squared.
    const normal = factorizer.factorize(Float64Array.from(j.transpose().mmul(j).to1DArray()), n);
    const right = Float64Array.from(j.transpose().mmul(Matrix.columnVector(rho)).to1DArray());
    const byCholesky = normal?.solve(right).map((value) => -value);
    expect(byCholesky === undefined || residual(j, Array.from(byCholesky), rho) > 1e-10).toBe(true);
  });

  it('keep small columns to their own relative precision (graded matrices)', () => {
    const n = 12;
    const base = random(60, n, 3);
    const rho = randomColumn(60, 4);
    const scales = Array.from({ length: n }, (_, i) => 10 ** (-12 * i));
    const x = backSubstitution(pairOf(base, rho));
    const graded = backSubstitution(pairOf(Matrix.mul(base, 1).mulRowVector(scales), rho));
    graded.forEach((value, i) => {
      expect(Math.abs(value * scales[i] - x[i])).toBeLessThan(1e-13 * Math.max(...x.map(Math.abs)));
    });
  });

  it('neither overflow nor underflow where squares would', () => {
    const base = random(30, 9, 5);
    const rho = randomColumn(30, 6);
    const expected = upper(pairOf(base, rho));
    for (const scale of [2 ** 700, 2 ** -700]) {
      const r = upper(pairOf(Matrix.mul(base, scale), rho));
      expect(relativeDifference(Matrix.div(r, scale).to1DArray(), expected.to1DArray())).toBeLessThan(1e-13);
    }
  });

  it('have zeros on the diagonal for columns of zeros, and fewer rows than columns end in zeros', () => {
    const j = random(50, 10, 9);
    for (let i = 0; i < 50; i++) j.set(i, 6, 0);
    const pair = pairOf(j, randomColumn(50, 1));
    expect(pair.factor[6 * 10 + 6]).toBe(0);
    const r = upper(pair);
    expect(
      relativeDifference(r.transpose().mmul(r).to1DArray(), j.transpose().mmul(j).to1DArray()),
    ).toBeLessThan(1e-14);

    const wide = random(5, 12, 2);
    const short = pairOf(wide, randomColumn(5, 3));
    const w = upper(short);
    expect(
      relativeDifference(w.transpose().mmul(w).to1DArray(), wide.transpose().mmul(wide).to1DArray()),
    ).toBeLessThan(1e-14);
    for (let i = 5; i < 12; i++) expect(Math.abs(short.factor[i * 12 + i])).toBeLessThan(1e-15);
  });
});

it('RᵀR = JᵀJ for every shape', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 70 }),
      fc.integer({ min: 1, max: 16 }),
      fc.integer({ min: 0, max: 1000 }),
      (rows, n, capacity, seed) => {
        const j = random(rows, n, seed);
        const r = upper(pairOf(j, randomColumn(rows, seed + 1), 4 * capacity));
        const error = relativeDifference(
          r.transpose().mmul(r).to1DArray(),
          j.transpose().mmul(j).to1DArray(),
        );
        expect(error).toBeLessThan(1e-13);
      },
    ),
    { numRuns: 60 },
  );
});
