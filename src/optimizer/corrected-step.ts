import type { DampedSystem } from './damped-step.ts';
import type { Objective } from './optimizer.ts';
import { dot, plus } from './vector.ts';

/** Where a damped step has led. */
export interface CorrectedStep {
  readonly theta: Float64Array;
  readonly loss: number;
  /** Actual over predicted decrease; −∞ where the loss is not finite. */
  readonly ratio: number;
  /** Corrections that were made. */
  readonly corrections: number;
}

export interface CorrectionLimits {
  /** Corrections end once the ratio is at least this. */
  readonly satisfactory: number;
  /** At most so many corrections. */
  readonly most: number;
}

/** Each correction has to be so much smaller than the one before, both squared in the norm of JᵀJ + μD. */
const contraction = 0.8;
/** What may be left to correct at the end, as a share of the predicted decrease. */
const remainder = 0.2;
/** Estimates of how many more corrections are needed may err by so many. */
const slack = 2;

/**
 * The damped step δ made to hold for the curved residual, by simplified Newton iterations with J and the
 * factorisation as they are:
 *
 *   δ ← δ − (JᵀJ + μD)⁻¹ (Jᵀρ(θ + δ) + μDδ),   so that in the end   Jᵀρ(θ + δ) + μDδ = 0.
 *
 * The first of them is, to leading order, the geodesic acceleration of Transtrum and Sethna (arXiv:1201.5885,
 * 2012); as for stages of implicit Runge–Kutta methods (Hairer and Wanner, Solving Ordinary Differential
 * Equations II, 1996, section IV.8), the rate of contraction says early whether they will arrive. Each costs as
 * much as a gradient, and together they let dampings be orders of magnitude smaller than one straight step does:
 * in the bent valleys of a network's loss it is the bend that keeps straight steps short.
 */
export async function correctedStep(
  objective: Pick<Objective, 'loss' | 'crossGradient'>,
  theta: Float64Array,
  loss: number,
  system: DampedSystem,
  { satisfactory, most }: CorrectionLimits,
): Promise<CorrectedStep> {
  let delta = system.delta;
  let best: CorrectedStep | undefined;
  let before = Number.POSITIVE_INFINITY;
  for (let corrections = 0; ; corrections++) {
    const reached = plus(theta, 1, delta);
    const at =
      objective.crossGradient === undefined
        ? { loss: (await objective.loss(reached)).loss, gradient: undefined }
        : await objective.crossGradient(theta, reached);
    const ratio = Number.isFinite(at.loss) ? (loss - at.loss) / system.predicted : Number.NEGATIVE_INFINITY;
    if (best === undefined || ratio > best.ratio)
      best = { theta: reached, loss: at.loss, ratio, corrections };
    const done = ratio >= satisfactory || corrections >= most;
    if (done || at.gradient === undefined || !Number.isFinite(at.loss)) break;
    const penalty = system.penalty(delta);
    const gradient = at.gradient.map((value, i) => value / 2 + penalty[i]);
    const correction = system.solve(gradient);
    const size = dot(correction, gradient);
    if (!(size < contraction * before)) break;
    if (corrections > 0) {
      const excess = Math.max(1, size / (remainder * system.predicted));
      const needed = Math.log(excess) / Math.log(before / size);
      if (corrections + needed > most + slack) break;
    }
    before = size;
    delta = plus(delta, -1, correction);
  }
  return best;
}
