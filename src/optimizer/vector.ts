/** Dense vector arithmetic over flat parameter vectors, in a fixed order of summation. */

/** xᵀy. */
export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

/** Euclidean norm. */
export function norm(x: Float64Array): number {
  return Math.sqrt(dot(x, x));
}

/** x + a·y, a new array. */
export function plus(x: Float64Array, a: number, y: Float64Array): Float64Array {
  const sum = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) sum[i] = x[i] + a * y[i];
  return sum;
}

/** a·x, a new array. */
export function scaled(a: number, x: Float64Array): Float64Array {
  return x.map((value) => a * value);
}

/** No entry is infinite or NaN. */
export function allFinite(x: Float64Array): boolean {
  for (let i = 0; i < x.length; i++) if (!Number.isFinite(x[i])) return false;
  return true;
}
