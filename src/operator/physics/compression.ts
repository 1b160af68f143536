/** Few functions that hold all of many solutions. */

export interface Compression {
  /** Number of functions. */
  readonly size: number;
  /** (length, size), row-major: orthonormal columns. */
  readonly functions: Float64Array;
  /** (count, size), row-major. */
  readonly coefficients: Float64Array;
}

/** What is left of every solution, as a share of the largest one. */
const tolerance = 1e-6;

/**
 * Orthonormal combinations by Gram–Schmidt with pivoting: the solution of which most is left comes next, until next to
 * nothing is left of any (the greedy choice of reduced bases; Quarteroni, Manzoni & Negri, Reduced Basis Methods for
 * Partial Differential Equations, 2016, section 7.1).
 *
 * @param rows     solutions by coefficients in orthonormal functions, each of the same length
 * @param largest  square of the largest solution's norm, where the rows are but parts of solutions
 */
export function compressed(rows: readonly Float64Array[], length: number, largest?: number): Compression {
  const count = rows.length;
  const left = rows.map((row) => row.slice());
  const squares = left.map(squareOf);
  const limit = tolerance ** 2 * (largest ?? squares.reduce((a, b) => Math.max(a, b), 0));
  const found: Float64Array[] = [];
  const shares: Float64Array[] = [];
  while (found.length < Math.min(count, length)) {
    let pivot = 0;
    for (let i = 1; i < count; i++) if (squares[i] > squares[pivot]) pivot = i;
    if (!(squares[pivot] > limit)) break;
    const next = left[pivot].slice();
    // What rounding has left of those before is taken out once more.
    for (const other of found) subtract(next, other, dot(next, other));
    const size = Math.sqrt(squareOf(next));
    if (!(size ** 2 > limit)) {
      squares[pivot] = 0;
      continue;
    }
    for (let k = 0; k < length; k++) next[k] /= size;
    const share = new Float64Array(count);
    left.forEach((row, i) => {
      if (squares[i] === 0) return;
      share[i] = dot(row, next);
      subtract(row, next, share[i]);
      squares[i] = i === pivot ? 0 : squareOf(row);
    });
    found.push(next);
    shares.push(share);
  }
  const size = Math.max(found.length, 1);
  const functions = new Float64Array(length * size);
  const coefficients = new Float64Array(count * size);
  found.forEach((column, j) => {
    for (let k = 0; k < length; k++) functions[k * size + j] = column[k];
    for (let i = 0; i < count; i++) coefficients[i * size + j] = shares[j][i];
  });
  return { size, functions, coefficients };
}

const squareOf = (v: Float64Array): number => dot(v, v);

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

function subtract(a: Float64Array, b: Float64Array, factor: number): void {
  for (let k = 0; k < a.length; k++) a[k] -= factor * b[k];
}
