/** Intervals of unknowns that were fitted together with the fields of a partial differential equation. */
import { partial } from '../expression/differentiate.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import { trialSize } from '../network/trial-solution.ts';
import type { Solution } from '../solve/solution.ts';
import { twoSidedStudentT } from './student-t.ts';

export interface FitIntervals {
  readonly estimates: Readonly<Record<string, { readonly low: number; readonly high: number }>>;
  /** Of the problem's derived expressions, by the delta method. */
  readonly derived: Readonly<Record<string, { readonly low: number; readonly high: number }>>;
}

/**
 * Gauss–Newton intervals with the equations as constraints: ± t·(standard error) on the scale on which an unknown is
 * fitted, so that they keep within its bounds (Seber & Wild, Nonlinear Regression, 1989, sections 2.1 and 5.1).
 *
 * @returns undefined where the fit does not know how its unknowns scatter
 */
export function intervalsOfFit(
  { run, trial, scaling, theta, problem, unknowns, derived }: Solution,
  level: number,
): FitIntervals | undefined {
  if (run.uncertainty === undefined) return undefined;
  const { covariance, degreesOfFreedom } = run.uncertainty;
  if (!(degreesOfFreedom > 0)) return undefined;
  const p = scaling.unknowns.length;
  const t = twoSidedStudentT(level, degreesOfFreedom);
  const raw = theta.slice(trialSize(trial));
  const estimates = scaling.unknowns.map(({ name, value }, i) => {
    const half = t * Math.sqrt(covariance[i * p + i]);
    const ends = [value(raw[i] - half), value(raw[i] + half)];
    return [name, { low: Math.min(...ends), high: Math.max(...ends) }] as const;
  });
  const ofDerived = problem.derived.map(({ name, expression }) => {
    const slopes = scaling.unknowns.map(({ name: unknown, slope }, i) => {
      const own = evaluateScalar(
        partial(expression, { kind: 'unknown', name: unknown }),
        (leaf) => unknowns[leaf.name],
      );
      return own * slope(raw[i]);
    });
    let square = 0;
    for (let i = 0; i < p; i++)
      for (let j = 0; j < p; j++) square += slopes[i] * slopes[j] * covariance[i * p + j];
    const half = t * Math.sqrt(Math.max(0, square));
    return [name, { low: derived[name] - half, high: derived[name] + half }] as const;
  });
  return { estimates: Object.fromEntries(estimates), derived: Object.fromEntries(ofDerived) };
}
