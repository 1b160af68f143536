import { NotSupportedError } from '../../errors.ts';
import { apply, isZero, zero } from '../../expression/build.ts';
import { partial } from '../../expression/differentiate.ts';
import { type Expression, leavesOf, substitute } from '../../expression/expression.ts';
import { bindProgram } from '../bound-program.ts';
import { fieldLeaves } from '../explicit-form.ts';
import { besselCount, besselFunctions } from './bessel.ts';
import { along, type Ends, type MirrorGrid } from './mirror-grid.ts';
import type { PeriodicForm } from './periodic-form.ts';

/** One part of what a wave is accelerated by: a coefficient times the field or its second derivative along an axis. */
export interface WaveTerm {
  /** Undefined for the field itself. */
  readonly axis: number | undefined;
  readonly coefficient: Expression;
}

/**
 * The acceleration of a wave, Σ a(x) ∂²u/∂x² − b(x) u.
 *
 * @throws NotSupportedError in words where the equation is another
 */
export function waveTerms({ states, space, time, linear, nonlinear }: PeriodicForm): WaveTerm[] {
  const other = 'the equation is not that of a wave';
  if (states.length !== 2 || states[1].timeOrder !== 1) throw new NotSupportedError(other);
  const place = (order: readonly number[]): number | undefined => {
    const axis = order.findIndex((k) => k > 0);
    if (axis < 0) return undefined;
    if (order[axis] !== 2 || order.some((k, i) => i !== axis && k > 0)) throw new NotSupportedError(other);
    return axis;
  };
  const constant = linear
    .filter(({ row }) => row === 1)
    .map(({ state, order, coefficient }): WaveTerm => {
      if (state !== 0) throw new NotSupportedError(other);
      return { axis: place(order), coefficient: { kind: 'number', value: coefficient } };
    });
  const rest = nonlinear[1];
  const varying = fieldLeaves([rest]).map((leaf): WaveTerm => {
    const coefficient = partial(rest, leaf);
    const moving = leavesOf([coefficient]).some((l) => l.kind !== 'coordinate' || l.index === time);
    if (leaf.order[time] > 0 || moving) throw new NotSupportedError(other);
    return { axis: place(space.map((axis) => leaf.order[axis])), coefficient };
  });
  const source = substitute(rest, (leaf) => (leaf.kind === 'field' ? zero : leaf), apply);
  if (!isZero(source)) throw new NotSupportedError(other);
  return [...constant, ...varying];
}

/** The acceleration on a grid. Between mirrors its matrix is symmetric but for factors, so that waves do not grow. */
export class WaveOperator {
  /** Frequencies are √λ, 0 ≤ λ ≤ `radius`. */
  readonly radius: number;
  private readonly parts: readonly {
    readonly matrix?: Float64Array;
    readonly axis: number;
    readonly values: Float64Array;
  }[];
  private readonly derived: Float64Array;

  /** @throws NotSupportedError where a coefficient has the wrong sign */
  constructor(
    readonly grid: MirrorGrid,
    readonly ends: readonly Ends[],
    terms: readonly WaveTerm[],
    { space }: PeriodicForm,
    coordinates: number,
  ) {
    const positions = space.map((_, axis) => grid.positions(axis));
    this.derived = new Float64Array(grid.points);
    let radius = 0;
    this.parts = terms.map(({ axis, coefficient }) => {
      const program = bindProgram([coefficient], (leaf) => (leaf.kind === 'coordinate' ? leaf.index : 0));
      const point = new Float64Array(coordinates);
      const value = new Float64Array(1);
      const values = new Float64Array(grid.points);
      for (let i = 0; i < grid.points; i++) {
        space.forEach((k, at) => {
          point[k] = positions[at][i];
        });
        program(point, value);
        values[i] = value[0];
      }
      const sign = axis === undefined ? -1 : 1;
      if (!values.every((v) => sign * v >= 0))
        throw new NotSupportedError('the coefficients are not those of a wave everywhere');
      const largest = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      radius += largest * (axis === undefined ? 1 : grid.highest(axis, ends[axis]) ** 2);
      return axis === undefined
        ? { axis: 0, values }
        : { axis, values, matrix: grid.differentiation(axis, ends[axis], 2) };
    });
    this.radius = radius;
  }

  apply(u: Float64Array, out: Float64Array): void {
    const { derived, grid } = this;
    out.fill(0);
    for (const { matrix, axis, values } of this.parts) {
      if (matrix !== undefined) along(matrix, grid.sizes[axis], grid.sizes, axis, u, derived);
      const factor = matrix === undefined ? u : derived;
      for (let i = 0; i < out.length; i++) out[i] += values[i] * factor[i];
    }
  }

  /**
   * cos(jh√−A) u and, where asked for, the same integrated over 0 … jh, for j = 1 … count: Chebyshev polynomials of the
   * matrix A with Bessel functions as coefficients. Tal-Ezer (1986), SIAM J. Numer. Anal. 23, 11–26.
   */
  cosines(u: Float64Array, h: number, count: number, integrated = false): Float64Array[] {
    const { radius, grid } = this;
    const root = Math.sqrt(radius);
    const orders = besselCount(count * h * root);
    const half = Math.ceil(orders / 2);
    const factors = Array.from({ length: count }, (_, j) => {
      const z = (j + 1) * h * root;
      const bessel = besselFunctions(z, orders + 2);
      if (!integrated)
        return Float64Array.from({ length: half }, (_, k) => bessel[2 * k] * (k === 0 ? 1 : 2));
      // ∫ J_ν = 2 Σ J_{ν + 2m + 1}.
      const sums = new Float64Array(half + 1);
      for (let k = half - 1; k >= 0; k--) sums[k] = sums[k + 1] + bessel[2 * k + 1];
      return Float64Array.from({ length: half }, (_, k) => ((k === 0 ? 2 : 4) / root) * sums[k]);
    });
    const results = factors.map(() => new Float64Array(grid.points));
    const before = new Float64Array(grid.points);
    const here = u.slice();
    const next = new Float64Array(grid.points);
    for (let k = 0; k < half; k++) {
      results.forEach((result, j) => {
        const factor = factors[j][k];
        if (Math.abs(factor) > 1e-18) for (let i = 0; i < result.length; i++) result[i] += factor * here[i];
      });
      if (k === half - 1) break;
      this.apply(here, next);
      // T₁(S) = S = 1 + 2A/ρ, then T_{k+1} = 2S T_k − T_{k−1}.
      const twice = k === 0 ? 1 : 2;
      for (let i = 0; i < next.length; i++) {
        const reached = twice * (here[i] + (2 * next[i]) / radius) - before[i];
        before[i] = here[i];
        here[i] = reached;
      }
    }
    return results;
  }
}
