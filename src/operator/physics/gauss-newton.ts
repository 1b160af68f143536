/** Coefficients by Gauss–Newton steps whose matrix is kept as long as it serves. */
import type { CholeskyFactorizer } from '../../engine/f64/cholesky.ts';
import type { LinearMemory } from '../../engine/f64/linear-memory.ts';
import type { GivenColumns } from './block-values.ts';
import type { CoefficientSystem, NormalFactor } from './coefficient-system.ts';

export interface NewtonResult {
  readonly coefficients: Float64Array;
  /** The root of the loss: what is left of the equations, relative to their largest terms. */
  readonly residual: number;
  /** The matrix that was used last. */
  readonly factor: NormalFactor;
  readonly steps: number;
}

export interface NewtonSetting {
  readonly memory: LinearMemory;
  /** Where a new matrix is factorised: what is kept there is lost. */
  readonly factorizer: CholeskyFactorizer;
  /** Relative size of a step that ends it; default 1e-8. */
  readonly tolerance?: number;
}

const mostSteps = 60;
const halvings = 10;

/** A kept matrix serves while each step is at most this share of the one before. */
const contraction = 0.3;

/** Steps as small as that are not asked whether the loss falls: rounding decides. */
const small = 1e-5;

const norm = (v: Float64Array): number => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));

/**
 * min ‖r(c)‖² by steps −(JᵀJ)⁻¹Jᵀr. The gradient is that of the place, the matrix may be that of another one: the
 * minimum is the same, and rounding in the matrix is refined away (Björck, Numerical Methods for Least Squares
 * Problems, 1996, section 6.6).
 *
 * @param factor  of a place nearby, of another function perhaps
 * @returns undefined where steps lead nowhere
 */
export function gaussNewton(
  system: CoefficientSystem,
  given: readonly GivenColumns[],
  start: Float64Array,
  factor: NormalFactor | undefined,
  { memory, factorizer, tolerance = 1e-8 }: NewtonSetting,
): NewtonResult | undefined {
  let c = start;
  let here = system.at(c, given);
  if (!Number.isFinite(here.loss)) return undefined;
  let kept = factor;
  /** Whether the matrix is that of this place. */
  let fresh = kept?.fits(here) ?? false;
  let before = Number.POSITIVE_INFINITY;
  /** As `before`, by whatever matrix. */
  let last = Number.POSITIVE_INFINITY;
  const renew = (): boolean => {
    kept = system.factor(memory, here, factorizer);
    fresh = true;
    before = Number.POSITIVE_INFINITY;
    return kept !== undefined;
  };
  if (kept === undefined && !renew()) return undefined;
  for (let k = 0; k < mostSteps; k++) {
    const step = kept!.solve(system.gradient(here));
    const size = norm(step) / Math.max(norm(c), norm(step), Number.MIN_VALUE);
    if (!Number.isFinite(size)) return undefined;
    if (size > contraction * before && !fresh) {
      if (!renew()) return undefined;
      continue;
    }
    const stalled = fresh && size > 0.5 * last && size < small;
    const moved = (share: number): Float64Array => c.map((value, p) => value - share * step[p]);
    let share = 1;
    let next = moved(1);
    let there = system.at(next, given);
    if (!(size < small)) {
      if (!(there.loss <= here.loss) && !fresh) {
        if (!renew()) return undefined;
        continue;
      }
      for (let h = 0; !(there.loss <= here.loss * (1 + 1e-12)) && h < halvings; h++) {
        share /= 2;
        next = moved(share);
        there = system.at(next, given);
      }
    }
    if (!Number.isFinite(there.loss)) return undefined;
    if (!(there.loss <= here.loss * (1 + 1e-12)) && !(size < small)) break;
    c = next;
    here = there;
    before = size;
    last = size;
    const exact = fresh && kept!.fits(here);
    fresh = exact;
    if (stalled || share * size <= tolerance || norm(c) === 0)
      return { coefficients: c, residual: Math.sqrt(here.loss), factor: kept!, steps: k + 1 };
  }
  return undefined;
}
