/**
 * Separable trial solutions: one coefficient for every product of functions of one coordinate each (a full tensor of
 * them, where Cho et al., Separable physics-informed neural networks, NeurIPS 2023, train factors of low rank). In
 * normalised coordinates ξ ∈ [−1, 1].
 */
import type { MultiIndex } from '../jet/multi-index.ts';

export type SeparableAxis =
  /** 1, then cos ks and sin ks for k = 1 … harmonics, s = π(ξ + 1): they have the period 2. */
  | { readonly kind: 'fourier'; readonly harmonics: number }
  /** sin κs or cos κs for κ = first, first + 1, …, in s = π·repeats·(ξ + 1)/2: `repeats` half periods where κ is 1. */
  | {
      readonly kind: 'sine' | 'cosine';
      readonly first: number;
      readonly count: number;
      readonly repeats: number;
    }
  /** Chebyshev polynomials of the degrees 0 … degree. */
  | { readonly kind: 'chebyshev'; readonly degree: number };

/** What stands in place of a network's layers: its parameters are the coefficients, the last axis fastest, for one field. */
export interface SeparableForm {
  /** One for each of the network's coordinates, in their order. */
  readonly axes: readonly SeparableAxis[];
}

/** Number of functions along an axis. */
export function axisCount(axis: SeparableAxis): number {
  if (axis.kind === 'fourier') return 2 * axis.harmonics + 1;
  return axis.kind === 'chebyshev' ? axis.degree + 1 : axis.count;
}

/** Number of coefficients. */
export function separableSize({ axes }: SeparableForm): number {
  return axes.reduce((product, axis) => product * axisCount(axis), 1);
}

/** The derivatives of one order of an axis' functions at ξ. */
function axisValues(axis: SeparableAxis, order: number, xi: number): Float64Array {
  if (axis.kind === 'chebyshev') return chebyshevValues(axis.degree, order, xi);
  const values = new Float64Array(axisCount(axis));
  if (axis.kind === 'fourier') {
    const s = Math.PI * (xi + 1);
    values[0] = order === 0 ? 1 : 0;
    for (let k = 1; k <= axis.harmonics; k++) {
      const factor = (Math.PI * k) ** order;
      values[2 * k - 1] = factor * Math.cos(k * s + (Math.PI / 2) * order);
      values[2 * k] = factor * Math.sin(k * s + (Math.PI / 2) * order);
    }
    return values;
  }
  const pace = (Math.PI * axis.repeats) / 2;
  const turn = (Math.PI / 2) * (order + (axis.kind === 'sine' ? 0 : 1));
  for (let k = 0; k < axis.count; k++) {
    const kappa = axis.first + k;
    if (kappa === 0) values[k] = order === 0 ? 1 : 0;
    else values[k] = (pace * kappa) ** order * Math.sin(kappa * pace * (xi + 1) + turn);
  }
  return values;
}

/** T₀ … T_degree, or derivatives of them: T_{n+1}^{(r)} = 2ξ T_n^{(r)} + 2r T_n^{(r−1)} − T_{n−1}^{(r)}. */
function chebyshevValues(degree: number, order: number, xi: number): Float64Array {
  let below = new Float64Array(degree + 1);
  for (let r = 0; r <= order; r++) {
    const own = new Float64Array(degree + 1);
    own[0] = r === 0 ? 1 : 0;
    if (degree > 0) own[1] = r === 0 ? xi : r === 1 ? 1 : 0;
    for (let n = 1; n < degree; n++) own[n + 1] = 2 * xi * own[n] + 2 * r * below[n] - own[n - 1];
    below = own;
  }
  return below;
}

/** What is left of the coefficients when the first axes are summed over, for the place where that was done last. */
interface Partial {
  place: number;
  values: Float64Array;
}

/**
 * Derivatives of the field.
 *
 * @param theta the parameters, the coefficients from `offset` on
 * @param points (rows, inputs), the network's own coordinates
 * @param indices in those coordinates
 * @returns (indices, rows)
 */
export function evaluateSeparable(
  form: SeparableForm,
  theta: Float64Array,
  offset: number,
  points: Float64Array,
  rows: number,
  indices: readonly MultiIndex[],
): Float64Array {
  const { axes } = form;
  const inputs = axes.length;
  const counts = axes.map(axisCount);
  const coefficients = theta.subarray(offset, offset + separableSize(form));
  const partials = new Map<string, Partial>();
  const result = new Float64Array(indices.length * rows);
  // Rows with the same first coordinates behind each other share what the first axes sum up to.
  const order = Int32Array.from({ length: rows }, (_, n) => n).sort((a, b) => {
    for (let axis = 0; axis < inputs; axis++) {
      const difference = points[a * inputs + axis] - points[b * inputs + axis];
      if (difference !== 0) return difference;
    }
    return a - b;
  });
  indices.forEach((index, which) => {
    for (const n of order) {
      let from: Float64Array = coefficients;
      let moved = false;
      for (let axis = 0; axis < inputs; axis++) {
        const key = index.slice(0, axis + 1).join();
        let partial = partials.get(key);
        const known = partial !== undefined;
        partial ??= { place: -1, values: new Float64Array(from.length / counts[axis]) };
        if (!known) partials.set(key, partial);
        moved ||= !known || points[partial.place * inputs + axis] !== points[n * inputs + axis];
        if (moved) {
          const values = axisValues(axes[axis], index[axis], points[n * inputs + axis]);
          contract(values, from, partial.values);
          partial.place = n;
        }
        from = partial.values;
      }
      result[which * rows + n] = from[0];
    }
  });
  return result;
}

/** Sums a tensor over its first axis, weighted. */
function contract(weights: Float64Array, from: Float64Array, to: Float64Array): void {
  const inner = to.length;
  if (inner === 1) {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) sum += weights[k] * from[k];
    to[0] = sum;
    return;
  }
  to.fill(0);
  for (let k = 0; k < weights.length; k++) {
    const weight = weights[k];
    if (weight === 0) continue;
    const start = k * inner;
    for (let j = 0; j < inner; j++) to[j] += weight * from[start + j];
  }
}
