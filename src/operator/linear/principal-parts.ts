/** Singular value decompositions of matrices of which a few directions hold nearly everything. */
import { Matrix, SVD } from 'ml-matrix';
import { randomGenerator } from '../../random/generator.ts';
import { product, transposed } from './matrix-product.ts';

/** A ≈ U·diag(s)·Vᵀ. */
export interface PrincipalParts {
  readonly rank: number;
  /** Descending, (rank). */
  readonly values: Float64Array;
  /** U, (n, rank), row-major. */
  readonly left: Float64Array;
  /** V, (m, rank), row-major. */
  readonly right: Float64Array;
}

/** Up to this order the decomposition is computed as it is. */
const smallOrder = 150;
const oversampling = 16;
const powerSteps = 2;

/**
 * The largest singular values of A (n, m) and their vectors. Where A is large, by a random projection with power
 * steps (Halko, Martinsson & Tropp, SIAM Review 53, 2011).
 *
 * @param most       at most so many
 * @param tolerance  those below this share of the largest are left out
 */
export function principalParts(
  a: Float64Array,
  n: number,
  m: number,
  { most = Number.POSITIVE_INFINITY, tolerance = 1e-14, seed = 0 } = {},
): PrincipalParts {
  if (Math.min(n, m) <= smallOrder) return truncated(decomposition(a, n, m), most, tolerance);
  const width = Math.min(n, m, (Number.isFinite(most) ? most : smallOrder) + oversampling);
  const random = randomGenerator(seed);
  const t = transposed(a, n, m);
  let across: Float64Array = Float64Array.from({ length: m * width }, () => random.normal());
  let range: Float64Array = new Float64Array(0);
  for (let step = 0; step <= powerSteps; step++) {
    range = orthonormalized(product(a, across, n, m, width), n, width);
    if (step < powerSteps) across = orthonormalized(product(t, range, m, n, width), m, width);
  }
  const small = product(transposed(range, n, width), a, width, n, m);
  const parts = truncated(decomposition(small, width, m), most, tolerance);
  return { ...parts, left: product(range, parts.left, n, width, parts.rank) };
}

/** Q of A = Q·R with orthonormal columns, by Gram–Schmidt twice; columns that depend on others become zero. */
export function orthonormalized(a: Float64Array, n: number, m: number): Float64Array {
  const columns = transposed(a, n, m);
  const column = (j: number): Float64Array => columns.subarray(j * n, (j + 1) * n);
  for (let j = 0; j < m; j++) {
    const own = column(j);
    const before = norm(own);
    for (let pass = 0; pass < 2; pass++)
      for (let k = 0; k < j; k++) {
        const other = column(k);
        let dot = 0;
        for (let i = 0; i < n; i++) dot += own[i] * other[i];
        for (let i = 0; i < n; i++) own[i] -= dot * other[i];
      }
    const left = norm(own);
    const scale = left > 1e-15 * before ? 1 / left : 0;
    for (let i = 0; i < n; i++) own[i] *= scale;
  }
  return transposed(columns, m, n);
}

function norm(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}

function decomposition(a: Float64Array, n: number, m: number): PrincipalParts {
  const wide = n < m;
  const [rows, columns] = wide ? [m, n] : [n, m];
  const tall = wide ? transposed(a, n, m) : a;
  // Of a tall matrix through its triangle, which is small.
  const q = orthonormalized(tall, rows, columns);
  const r = product(transposed(q, rows, columns), tall, columns, rows, columns);
  const svd = new SVD(Matrix.from1DArray(columns, columns, r));
  const flat = (matrix: Matrix): Float64Array => Float64Array.from(matrix.to1DArray());
  const left = product(q, flat(svd.leftSingularVectors), rows, columns, columns);
  const right = flat(svd.rightSingularVectors);
  const values = Float64Array.from(svd.diagonal);
  return wide ? { rank: columns, values, left: right, right: left } : { rank: columns, values, left, right };
}

function truncated(
  { values, left, right, rank }: PrincipalParts,
  most: number,
  tolerance: number,
): PrincipalParts {
  const order = [...values.keys()].sort((i, j) => values[j] - values[i]);
  const kept = order.filter((i) => values[i] > tolerance * values[order[0]]).slice(0, most);
  const columns = (matrix: Float64Array): Float64Array => {
    const rows = matrix.length / rank;
    const result = new Float64Array(rows * kept.length);
    for (let i = 0; i < rows; i++)
      kept.forEach((from, to) => {
        result[i * kept.length + to] = matrix[i * rank + from];
      });
    return result;
  };
  return {
    rank: kept.length,
    values: Float64Array.from(kept, (i) => values[i]),
    left: columns(left),
    right: columns(right),
  };
}
