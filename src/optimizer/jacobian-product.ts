/** Products with a Jacobian J whose rows stand one after another, (M, P) row-major. */

/** JJᵀ, (count, count) row-major, symmetric. */
export type Gram = (rows: Float64Array, count: number, size: number) => Float64Array;

export const gram: Gram = (rows, count, size) => {
  const matrix = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let p = 0; p < size; p++) sum += rows[i * size + p] * rows[j * size + p];
      matrix[i * count + j] = sum;
      matrix[j * count + i] = sum;
    }
  }
  return matrix;
};

/** J x, in sums split in four so that one addition need not wait for the one before. */
export function timesVector(rows: Float64Array, x: Float64Array, count: number): Float64Array {
  const size = x.length;
  const product = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const row = i * size;
    let [s0, s1] = [0, 0];
    let [s2, s3] = [0, 0];
    let p = 0;
    for (; p + 3 < size; p += 4) {
      s0 += rows[row + p] * x[p];
      s1 += rows[row + p + 1] * x[p + 1];
      s2 += rows[row + p + 2] * x[p + 2];
      s3 += rows[row + p + 3] * x[p + 3];
    }
    for (; p < size; p++) s0 += rows[row + p] * x[p];
    product[i] = s0 + s1 + (s2 + s3);
  }
  return product;
}

/** Jᵀ y. */
export function transposedTimes(rows: Float64Array, y: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size);
  for (let i = 0; i < y.length; i++) {
    const value = y[i];
    for (let p = 0, at = i * size; p < size; p++, at++) product[p] += rows[at] * value;
  }
  return product;
}
