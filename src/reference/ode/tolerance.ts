/** Tolerances and the norm in which errors are measured. */
export interface Tolerance {
  readonly rtol: number;
  /** One number per component, or one for all. */
  readonly atol: number | ArrayLike<number>;
}

/** Root mean square of error_i / (atol_i + rtol·max(|y_i|, |z_i|)); Infinity if not finite. */
export function errorNorm(
  error: Float64Array,
  y: Float64Array,
  z: Float64Array,
  { rtol, atol }: Tolerance,
): number {
  let sum = 0;
  for (let i = 0; i < error.length; i++) {
    const a = typeof atol === 'number' ? atol : atol[i];
    const ratio = error[i] / (a + rtol * Math.max(Math.abs(y[i]), Math.abs(z[i])));
    sum += ratio * ratio;
  }
  const norm = Math.sqrt(sum / Math.max(1, error.length));
  return Number.isFinite(norm) ? norm : Number.POSITIVE_INFINITY;
}

export function largestMagnitude(values: Float64Array): number {
  let largest = 0;
  for (const value of values) {
    const magnitude = Math.abs(value);
    if (!(magnitude <= largest)) largest = magnitude;
  }
  return largest;
}

export function allFinite(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
