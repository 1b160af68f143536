import type { ImplicitSystem } from '../ode/implicit-system.ts';

/** F(t, u) = 0 with its linearisation: `factor(0)` factors −∂F/∂u. */
export type NonlinearSystem = Pick<ImplicitSystem, 'n' | 'evaluate' | 'linearize' | 'factor' | 'solve'>;

/**
 * Newton's method with the natural monotonicity test: a step is shortened until the simplified Newton
 * correction after it is smaller. Deuflhard (2004), Newton Methods for Nonlinear Problems, section 3.3.
 *
 * @returns the zero of F(t, ·), or undefined where the iteration does not converge
 */
export function newton(
  system: NonlinearSystem,
  t: number,
  start: Float64Array,
  deadline: number,
): Float64Array | undefined {
  const { n } = system;
  let u = start.slice();
  const residual = new Float64Array(n);
  const correction = new Float64Array(n);
  const simplified = new Float64Array(n);
  const size = (v: Float64Array) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0) / n);
  system.evaluate(t, u, residual);
  let factor = 1;
  for (let iteration = 0; iteration < 60 && performance.now() < deadline; iteration++) {
    system.linearize(t, u, residual);
    if (!system.factor(0)) return undefined;
    correction.set(residual);
    system.solve(correction);
    const length = size(correction);
    if (!Number.isFinite(length)) return undefined;
    if (length <= 1e-14 * Math.max(size(u), 1e-300)) return u.map((x, i) => x + correction[i]);
    factor = Math.min(1, 4 * factor);
    for (;;) {
      const next = u.map((x, i) => x + factor * correction[i]);
      system.evaluate(t, next, residual);
      simplified.set(residual);
      system.solve(simplified);
      const after = size(simplified);
      // Near the end of what rounding allows, corrections no longer shrink.
      const rounding = factor === 1 && length <= 1e-9 * size(next);
      if (rounding && !(after <= 0.5 * length)) return Number.isFinite(after) ? next : undefined;
      if (after <= (1 - factor / 4) * length) {
        u = next;
        // What the next correction would leave is known from the contraction so far.
        if (factor === 1 && after * (after / length) <= 1e-15 * size(u)) {
          return u.map((x, i) => x + simplified[i]);
        }
        break;
      }
      factor /= 2;
      if (factor < 1e-5) return undefined;
    }
  }
  return undefined;
}
