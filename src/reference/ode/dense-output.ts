/**
 * Dense output. Every method here writes its continuous extension over a step [t₀, t₀ + h] as
 *   y(t₀ + θh) = y₀ + θ(F₁ + (1 − θ)(F₂ + θ(F₃ + (1 − θ)(F₄ + …)))),
 * so that F₁ = y₁ − y₀ and three rows are the cubic Hermite interpolant: Hairer, Nørsett & Wanner I,
 * section II.6.
 */
export interface DenseSegment {
  readonly t: number;
  readonly h: number;
  /** State at t. */
  readonly y: Float64Array;
  /** (rows, n), row-major: F₁, F₂, … */
  readonly coefficients: Float64Array;
}

export function evaluateSegment(segment: DenseSegment, t: number, out: Float64Array): void {
  const theta = (t - segment.t) / segment.h;
  const n = segment.y.length;
  const rows = segment.coefficients.length / n;
  for (let i = 0; i < n; i++) {
    let value = 0;
    for (let row = rows - 1; row >= 0; row--) {
      value = (value + segment.coefficients[row * n + i]) * (row % 2 === 0 ? theta : 1 - theta);
    }
    out[i] = segment.y[i] + value;
  }
}

/** The segment that holds t, by bisection; the first or last one for a t beyond the ends. */
export function findSegment(segments: readonly DenseSegment[], t: number): DenseSegment {
  const forward = segments[0].h > 0;
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (forward ? segments[middle].t <= t : segments[middle].t >= t) low = middle;
    else high = middle - 1;
  }
  return segments[low];
}

/** Fills F₁, F₂, F₃ of the cubic Hermite interpolant. */
export function hermiteRows(
  h: number,
  y0: Float64Array,
  f0: Float64Array,
  y1: Float64Array,
  f1: Float64Array,
  coefficients: Float64Array,
): void {
  const n = y0.length;
  for (let i = 0; i < n; i++) {
    const difference = y1[i] - y0[i];
    coefficients[i] = difference;
    coefficients[n + i] = h * f0[i] - difference;
    coefficients[2 * n + i] = 2 * difference - h * (f0[i] + f1[i]);
  }
}
