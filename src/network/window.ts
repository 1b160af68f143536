/**
 * Windows: smooth weights that are one inside a subdomain and zero away from it, products of one ramp up and one ramp
 * down along each coordinate that is divided (Moseley, Markham & Nissen-Meyer, Finite basis physics-informed neural
 * networks, Adv. Comput. Math. 49, 2023; the ramps here are such that windows of neighbours add up to one by
 * construction). In normalised coordinates.
 */
import { closeDownward, type MultiIndex, multiIndexKey, totalOrder } from '../jet/multi-index.ts';
import { productTerms } from '../jet/product-terms.ts';

/** A window along one coordinate. */
export interface WindowSpan {
  /** Position among the problem's coordinates. */
  readonly coordinate: number;
  /** From zero to one between these two, which may be the same; null where the domain begins. */
  readonly rise: readonly [number, number] | null;
  /** From one to zero between these two; null where the domain ends. */
  readonly fall: readonly [number, number] | null;
}

export interface NetworkWindow {
  /** How many derivatives of the ramps are continuous. */
  readonly smoothness: number;
  /** One for each coordinate that is divided. */
  readonly spans: readonly WindowSpan[];
}

/** Whether the window is other than zero at a point that begins at `points[start]`. */
export function reaches({ spans }: NetworkWindow, points: Float64Array, start: number): boolean {
  return spans.every(({ coordinate, rise, fall }) => {
    const x = points[start + coordinate];
    // A step without a ramp belongs to the window that begins there.
    if (rise !== null && (rise[0] === rise[1] ? x < rise[0] : x <= rise[0])) return false;
    return fall === null || x < fall[1];
  });
}

/** Numbers of the points, (N, d) row-major, that the window reaches. */
export function reachedPoints(window: NetworkWindow, points: Float64Array, dimension: number): number[] {
  const reached: number[] = [];
  for (let n = 0; n * dimension < points.length; n++)
    if (reaches(window, points, n * dimension)) reached.push(n);
  return reached;
}

/** The derivatives of a window at points (N, d) that it reaches: one column (N) for each multi-index. */
export function windowDerivatives(
  { spans, smoothness }: NetworkWindow,
  points: Float64Array,
  dimension: number,
  indices: readonly MultiIndex[],
): Float64Array[] {
  const count = points.length / dimension;
  return indices.map((index) => {
    const column = new Float64Array(count);
    if (index.some((k, i) => k > 0 && !spans.some(({ coordinate }) => coordinate === i))) return column;
    for (let n = 0; n < count; n++)
      column[n] = spans.reduce(
        (product, span) =>
          product *
          spanDerivative(span, smoothness, index[span.coordinate], points[n * dimension + span.coordinate]),
        1,
      );
    return column;
  });
}

/** The ramps do not overlap: where one varies, the other is one. */
function spanDerivative({ rise, fall }: WindowSpan, smoothness: number, order: number, x: number): number {
  if (rise !== null && x < rise[1]) return rampDerivative(rise, smoothness, order, x);
  if (fall !== null && x > fall[0]) return (order === 0 ? 1 : 0) - rampDerivative(fall, smoothness, order, x);
  return order === 0 ? 1 : 0;
}

function rampDerivative(
  [low, high]: readonly [number, number],
  smoothness: number,
  order: number,
  x: number,
): number {
  if (x <= low || x >= high) return order === 0 && x >= high ? 1 : 0;
  const tau = (x - low) / (high - low);
  const scale = (high - low) ** -order;
  // Near its end the step is taken from there, so that it and its counterpart add up to one to the last digit.
  if (tau <= 0.5) return scale * stepDerivative(smoothness, order, tau);
  const mirrored = (order % 2 === 0 ? -1 : 1) * stepDerivative(smoothness, order, 1 - tau);
  return scale * ((order === 0 ? 1 : 0) + mirrored);
}

const coefficients = new Map<number, readonly number[]>();

/**
 * The polynomial of degree 2m + 1 that goes from 0 to 1 on [0, 1] with m vanishing derivatives at both ends:
 * τ^{m+1} Σ_k C(m + k, k) C(2m + 1, m − k) (−τ)^k.
 */
function stepDerivative(m: number, order: number, tau: number): number {
  let polynomial = coefficients.get(m);
  if (polynomial === undefined) {
    polynomial = Array.from(
      { length: m + 1 },
      (_, k) => (-1) ** k * choose(m + k, k) * choose(2 * m + 1, m - k),
    );
    coefficients.set(m, polynomial);
  }
  return polynomial.reduce((sum, coefficient, k) => {
    const power = m + 1 + k;
    if (power < order) return sum;
    let factor = coefficient;
    for (let i = 0; i < order; i++) factor *= power - i;
    return sum + factor * tau ** (power - order);
  }, 0);
}

function choose(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}

/**
 * The derivatives of window·f from those of f.
 *
 * @param of the derivatives of f at the points, called once with indices closed downward
 * @returns a column (N) for each of `indices`
 */
export function windowed(
  window: NetworkWindow,
  points: Float64Array,
  dimension: number,
  indices: readonly MultiIndex[],
  of: (closed: readonly MultiIndex[]) => readonly Float64Array[],
): Float64Array[] {
  const closed = closeDownward(dimension, indices);
  const [weights, values] = [windowDerivatives(window, points, dimension, closed), of(closed)];
  const terms = productTerms(closed);
  const count = points.length / dimension;
  return indices.map((index) => {
    const column = new Float64Array(count);
    const own = closed.findIndex((other) => multiIndexKey(other) === multiIndexKey(index));
    for (const { coefficient, left, right } of terms[own]) {
      const weight = weights[left];
      if (totalOrder(closed[left]) > 0 && weight.every((value) => value === 0)) continue;
      for (let n = 0; n < count; n++) column[n] += coefficient * weight[n] * values[right][n];
    }
    return column;
  });
}
