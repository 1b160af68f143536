/** Newton's method for residuals that are not affine, on the factor of a Jacobian nearby. */
import type { LoadedEngine } from '../../engine/create-engine.ts';
import { dot } from '../../optimizer/vector.ts';
import type { Problem } from '../../problem/index.ts';
import { KeptFactor } from './kept-factor.ts';

export interface Descent {
  readonly theta: Float64Array;
  readonly loss: number;
  readonly steps: number;
  /** Whether next to nothing is left to gain, as far as the factor tells. */
  readonly arrived: boolean;
}

export interface DescentLimits {
  /** The loss at which it ends. */
  readonly goal: number;
  readonly mostSteps: number;
}

/** From so many parameters on a factorisation takes longer than many steps on one that is kept. */
const manyParameters = 300;

export function hasManyParameters({ fields }: Problem, features: number): boolean {
  return features * fields.length >= manyParameters;
}

/** What is left to gain, over the loss, where it ends. */
const negligible = 0.02;

const halvings = 3;

/**
 * Quasi-Newton steps that begin with the inverse of RᵀR in place of the Hessian's and learn from the changes of the
 * gradient in what the Jacobian differs from the one of R: limited-memory BFGS with a given first matrix (Nocedal &
 * Wright, Numerical Optimization, 2006, section 7.2). A step costs two triangular solves and a gradient, where a
 * factorisation of a thousand features costs as much as ten of them.
 */
export async function descended(
  engine: LoadedEngine,
  factor: KeptFactor,
  theta0: Float64Array,
  { goal, mostSteps }: DescentLimits,
): Promise<Descent> {
  const pairs: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  const inverse = (gradient: Float64Array): Float64Array => {
    const q = gradient.slice();
    const shares = pairs.map(() => 0);
    for (let k = pairs.length - 1; k >= 0; k--) {
      const { s, y, rho } = pairs[k];
      shares[k] = rho * dot(s, q);
      for (let i = 0; i < q.length; i++) q[i] -= shares[k] * y[i];
    }
    const step = factor.normalSolution(q).map((value) => value / 2);
    pairs.forEach(({ s, y, rho }, k) => {
      const share = shares[k] - rho * dot(y, step);
      for (let i = 0; i < step.length; i++) step[i] += share * s[i];
    });
    return step;
  };
  let theta = theta0;
  let { loss, gradient } = await engine.lossAndGradient(theta);
  for (let steps = 0; ; steps++) {
    const step = inverse(gradient);
    const gain = dot(gradient, step) / 2;
    if (loss <= goal || !(gain > negligible * loss)) return { theta, loss, steps, arrived: true };
    if (steps === mostSteps) return { theta, loss, steps, arrived: false };
    let next: typeof theta | undefined;
    for (let k = 0, share = 1; k <= halvings && next === undefined; k++, share /= 2) {
      const there = theta.map((value, i) => value - share * step[i]);
      const found = await engine.lossAndGradient(there);
      if (!(found.loss < loss)) continue;
      const s = there.map((value, i) => value - theta[i]);
      const y = found.gradient.map((value, i) => value - gradient[i]);
      const product = dot(s, y);
      if (product > 0) pairs.push({ s, y, rho: 1 / product });
      next = there;
      ({ loss, gradient } = found);
    }
    if (next === undefined) return { theta, loss, steps, arrived: false };
    theta = next;
  }
}

/** A factor that took more steps than these is of no further use. */
const mostStepsOfUse = 12;
const mostSteps = 25;
const mostFactors = 5;

/**
 * The parameters that leave the engine's residuals least, by steps on a factor of a system before and, where that one is
 * too far away, on new ones.
 *
 * @param kept  the factor of the system before, if any; what serves the next one is left there
 */
export async function leastByDescent(
  engine: LoadedEngine,
  theta0: Float64Array,
  kept: { factor?: KeptFactor | null },
  goal: number,
): Promise<Float64Array> {
  let theta = theta0;
  for (let k = 0; k < mostFactors; k++) {
    kept.factor ??= await KeptFactor.of(engine, theta);
    const reached = await descended(engine, kept.factor, theta, { goal, mostSteps });
    theta = reached.theta;
    if (!reached.arrived || reached.steps > mostStepsOfUse) kept.factor = undefined;
    if (reached.arrived) break;
  }
  return theta;
}
