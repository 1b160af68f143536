import { ProblemError, SolveError } from '../errors.ts';
import type { Problem } from '../problem/problem.ts';
import type { ExplicitForm } from '../reference/explicit-form.ts';
import type { InitialState } from '../reference/initial-state.ts';
import { evaluateSegment, findSegment } from '../reference/ode/dense-output.ts';
import { dormandPrince8 } from '../reference/ode/dormand-prince-8.ts';
import { ExplicitRungeKutta } from '../reference/ode/explicit-runge-kutta.ts';
import { DenseSystem } from '../reference/ode/implicit-system.ts';
import { integrate } from '../reference/ode/integrate.ts';
import { Rosenbrock } from '../reference/ode/rosenbrock.ts';
import { largestMagnitude } from '../reference/ode/tolerance.ts';

/** Values of all leaves of the equations at one t, and their derivatives by the unknowns. */
export interface LeafSensitivities {
  /** [t, state, highest derivatives, unknowns]. */
  readonly values: Float64Array;
  /** (values, unknowns) row-major. */
  readonly sensitivities: Float64Array;
}

export interface SensitivityTrajectory {
  readonly steps: number;
  /** Throws ProblemError for a t outside the domain. */
  leavesAt(t: number): LeafSensitivities;
  /** Value of a field. */
  at(t: number): Record<string, number>;
}

const explicitSteps = 20_000;
const stiffSteps = 100_000;

/**
 * Integrates y' = f(t, y, p) together with its variational equations S' = (∂f/∂y) S + ∂f/∂p, S = ∂y/∂p, by
 * Dormand–Prince 8, or Rodas where that takes too many steps: Hairer, Nørsett & Wanner, Solving Ordinary
 * Differential Equations I, section I.14.
 *
 * @throws SolveError where neither arrives
 */
export function integrateSensitivities(
  problem: Problem,
  form: ExplicitForm,
  start: InitialState,
  p: Float64Array,
  rtol: number,
  sensitivities: boolean,
): SensitivityTrajectory {
  const { size } = form;
  const parameters = sensitivities ? p.length : 0;
  const n = size * (1 + parameters);
  const jacobian = new Float64Array(size * size);
  const direct = new Float64Array(size * p.length);
  const slope = new Float64Array(size);
  const variational = (t: number, y: Float64Array, out: Float64Array): void => {
    const state = y.subarray(0, size);
    form.evaluate(t, state, p, slope);
    out.set(slope);
    if (parameters === 0) return;
    form.jacobian(t, state, p, jacobian);
    form.unknownDerivative(t, state, p, direct);
    for (let i = 0; i < size; i++) {
      for (let k = 0; k < parameters; k++) {
        let sum = direct[i * parameters + k];
        for (let j = 0; j < size; j++) sum += jacobian[i * size + j] * y[size + j * parameters + k];
        out[size + i * parameters + k] = sum;
      }
    }
  };
  const y0 = new Float64Array(n);
  y0.set(start.y);
  if (parameters > 0) y0.set(start.sensitivity, size);
  const { low, high, name } = problem.coordinates[0];
  const scale = largestMagnitude(start.y);
  const atol = new Float64Array(n).fill(1e-4 * rtol * (scale > 0 ? scale : 1));
  // A sensitivity is measured by the change of state that a change of its unknown by its own size makes.
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < parameters; k++) {
      atol[size + i * parameters + k] /= Math.max(Math.abs(p[k]), 1e-3);
    }
  }
  const tolerance = { rtol, atol };
  const run = (stiff: boolean) => {
    const branch = (end: number) => {
      if (end === start.t) return [];
      const stepper = stiff
        ? new Rosenbrock(new DenseSystem(n, variational, { direction: end > start.t ? 1 : -1 }), tolerance)
        : new ExplicitRungeKutta(dormandPrince8, variational, n, tolerance);
      return integrate(stepper, [start.t, end], y0, { maxSteps: stiff ? stiffSteps : explicitSteps })
        .segments;
    };
    return { forward: branch(high), backward: branch(low) };
  };
  let branches: ReturnType<typeof run>;
  try {
    branches = run(false);
  } catch (error) {
    if (!(error instanceof SolveError)) throw error;
    branches = run(true);
  }

  const augmented = (t: number): Float64Array => {
    const slack = 1e-9 * (high - low);
    if (!(t >= low - slack && t <= high + slack)) {
      throw new ProblemError(`${name} = ${t} lies outside [${low}, ${high}]`);
    }
    const segments = t >= start.t ? branches.forward : branches.backward;
    if (segments.length === 0) return y0;
    const out = new Float64Array(n);
    evaluateSegment(findSegment(segments, t), t, out);
    return out;
  };
  const leavesAt = (t: number): LeafSensitivities => {
    const y = augmented(t);
    const derivative = new Float64Array(n);
    variational(t, y, derivative);
    const values = form.leafValues(t, y.subarray(0, size), p).slice();
    const all = new Float64Array(values.length * parameters);
    for (let i = 0; i < size * parameters; i++) all[parameters + i] = y[size + i];
    form.fields.forEach(({ order, offset }, i) => {
      for (let k = 0; k < parameters; k++) {
        all[(1 + size + i) * parameters + k] = derivative[size + (offset + order - 1) * parameters + k];
      }
    });
    const unknownPlace = 1 + size + form.fields.length;
    for (let k = 0; k < parameters; k++) all[(unknownPlace + k) * parameters + k] = 1;
    return { values, sensitivities: all };
  };
  return {
    steps: branches.forward.length + branches.backward.length,
    leavesAt,
    at: (t) => {
      const y = augmented(t);
      return Object.fromEntries(form.fields.map((field) => [field.name, y[field.offset]]));
    },
  };
}
