import { SolveError } from '../../errors.ts';
import { esdirk4 } from './esdirk.ts';
import type { ImplicitSystem } from './implicit-system.ts';

/** A solution as states and slopes at steps, a cubic between them. */
export interface SteppedSolution {
  readonly times: readonly number[];
  readonly states: readonly Float64Array[];
  /** dy/dt, that of algebraic components included. */
  readonly slopes: readonly Float64Array[];
  readonly factorizations: number;
}

export interface ImplicitIntegrationOptions {
  /** Size of an error, 1 at the tolerance; `y` is the state. */
  readonly norm: (error: Float64Array, y: Float64Array) => number;
  /** True where the Jacobian depends neither on the state nor on time. */
  readonly constantJacobian: boolean;
  /** `performance.now()` at which to give up. */
  readonly deadline: number;
  /** Limit on the numbers kept. */
  readonly mostNumbers?: number;
}

/**
 * Carries M y' = f(t, y) from t₀ to t₁ by ESDIRK4(3), for large systems whose matrices are dear to factor: one
 * factorisation serves as long as the step size stays, which it does unless a change by half or more pays; where f
 * is not linear, simplified Newton iterations. Hairer & Wanner, Solving Ordinary Differential Equations II,
 * section IV.8.
 *
 * @param y0 state that fulfils the algebraic equations
 * @throws SolveError at the deadline, or where steps become too small
 */
export function integrateImplicitly(
  system: Omit<ImplicitSystem, 'timeDerivative'>,
  [start, end]: readonly [number, number],
  y0: Float64Array,
  { norm, constantJacobian, deadline, mostNumbers = 4e7 }: ImplicitIntegrationOptions,
): SteppedSolution {
  const { n } = system;
  const { gamma, stages, nodes, matrix, embedded } = esdirk4;
  const span = end - start;
  const weights = [...matrix[stages - 1], gamma];
  const k = Array.from({ length: stages }, () => new Float64Array(n));
  const z = new Float64Array(n);
  const base = new Float64Array(n);
  const right = new Float64Array(n);
  const scratch = new Float64Array(n);
  let y = y0.slice();
  let t = start;
  let factorizations = 0;
  let fresh = true;
  let factored = Number.NaN;

  const linearize = (): void => {
    system.evaluate(t, y, scratch);
    system.linearize(t, y, scratch);
    fresh = true;
    factored = Number.NaN;
  };
  const factor = (shift: number): boolean => {
    if (shift === factored) return true;
    factorizations++;
    const regular = system.factor(shift);
    factored = regular ? shift : Number.NaN;
    return regular;
  };
  /** Solves M (z − base)·shift = f(at, z) from the guess in z; false where it does not converge. */
  const solveStage = (at: number, shift: number): boolean => {
    let before = Number.POSITIVE_INFINITY;
    for (let iteration = 0; iteration < 8; iteration++) {
      system.evaluate(at, z, right);
      for (let i = 0; i < n; i++) scratch[i] = shift * (base[i] - z[i]);
      const mass = right.slice();
      system.applyMass(scratch, right);
      for (let i = 0; i < n; i++) right[i] += mass[i];
      system.solve(right);
      for (let i = 0; i < n; i++) z[i] += right[i];
      const size = norm(right, y);
      if (!Number.isFinite(size)) return false;
      if (constantJacobian) return true;
      const contraction = size / before;
      if (iteration > 0 && contraction > 0.5 && size > 1e-3) return false;
      if (size < 1e-3 || (iteration > 0 && (contraction / (1 - contraction)) * size < 1e-2)) {
        if (iteration > 3) fresh = false;
        return true;
      }
      before = size;
    }
    return false;
  };

  // A tiny step of the implicit Euler method gives the slope at the start, of algebraic components too.
  linearize();
  let h = 1e-6 * span;
  z.set(y);
  base.set(y);
  if (!factor(1 / h) || !solveStage(t + h, 1 / h)) {
    throw new SolveError('the equations could not be solved at the start');
  }
  for (let i = 0; i < n; i++) k[0][i] = (z[i] - y[i]) / h;
  const times = [start];
  const states = [y0.slice()];
  const slopes = [k[0].slice()];
  y = z.slice();
  t += h;
  const rate = norm(k[0], y);
  const level = norm(y, y);
  h = Math.min(1e-2 * span, Math.max(1e-5 * span, rate > 0 ? (0.02 * level) / rate : span));

  let stepWanted = h;
  let thirdBefore: Float64Array | undefined;
  let thirdStep = 0;
  while (t < end) {
    if (performance.now() > deadline) throw new SolveError(`the time limit was reached at t = ${t}`);
    if (h < 1e-12 * span) throw new SolveError(`the time step fell to ${h} at t = ${t}`);
    const left = end - t;
    // The last steps are equal, so that none is a sliver.
    const step = h >= left ? left : left < 2 * h ? 0.5 * left : h;
    const shift = 1 / (gamma * step);
    let solved = factor(shift);
    for (let stage = 1; stage < stages && solved; stage++) {
      base.set(y);
      for (let j = 0; j < stage; j++) {
        const a = step * matrix[stage][j];
        if (a === 0) continue;
        for (let i = 0; i < n; i++) base[i] += a * k[j][i];
      }
      const last = k[stage - 1];
      for (let i = 0; i < n; i++) z[i] = base[i] + gamma * step * last[i];
      solved = solveStage(t + nodes[stage] * step, shift);
      for (let i = 0; i < n; i++) k[stage][i] = (z[i] - base[i]) * shift;
    }
    if (!solved) {
      if (!constantJacobian && !fresh) linearize();
      else h = 0.3 * step;
      continue;
    }
    // The estimate passes through the matrix of the stages, which takes stiff and algebraic components out.
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let stage = 0; stage < stages; stage++) sum += (weights[stage] - embedded[stage]) * k[stage][i];
      scratch[i] = sum / gamma;
    }
    system.applyMass(scratch, right);
    system.solve(right);
    // The cubic between two states errs by h⁴/384 y⁗, which the change of its third derivative tells.
    const third = k[0].map(
      (slope, i) => (6 * (slope + k[stages - 1][i] - (2 * (z[i] - y[i])) / step)) / step ** 2,
    );
    const bend = step ** 4 / 192 / (step + thirdStep);
    for (let i = 0; i < n; i++)
      scratch[i] = thirdBefore === undefined ? 0 : bend * (third[i] - thirdBefore[i]);
    const error = Math.max(norm(right, y), norm(scratch, y));
    const factorWanted = Math.min(6, Math.max(0.2, 0.85 * Math.max(error, 1e-10) ** -0.25));
    if (!(error <= 1)) {
      h = step * (Number.isFinite(error) ? Math.min(0.7, factorWanted) : 0.2);
      if (!constantJacobian && !fresh) linearize();
      continue;
    }
    t = step === left ? end : t + step;
    thirdBefore = third;
    thirdStep = step;
    y = z.slice();
    k[0].set(k[stages - 1]);
    times.push(t);
    states.push(y);
    slopes.push(k[0].slice());
    if (2 * n * times.length > mostNumbers) throw new SolveError(`too many steps to keep by t = ${t}`);
    stepWanted = step * factorWanted;
    if (step === h || stepWanted > h) h = factorWanted > 1.6 || factorWanted < 0.9 ? stepWanted : h;
    if (constantJacobian) continue;
    if (!fresh) linearize();
    else fresh = times.length % 20 !== 0;
  }
  return { times, states, slopes, factorizations };
}

/** The state at a time within the solution's span. */
export function stateAt({ times, states, slopes }: SteppedSolution, t: number): Float64Array {
  let low = 0;
  let high = times.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= t) low = middle;
    else high = middle - 1;
  }
  const h = times[low + 1] - times[low];
  const x = Math.min(1, Math.max(0, (t - times[low]) / h));
  const [y0, y1, s0, s1] = [states[low], states[low + 1], slopes[low], slopes[low + 1]];
  const a = (1 + 2 * x) * (1 - x) ** 2;
  const b = x * x * (3 - 2 * x);
  const c = h * x * (1 - x) ** 2;
  const d = -h * x * x * (1 - x);
  return y0.map((value, i) => a * value + b * y1[i] + c * s0[i] + d * s1[i]);
}
