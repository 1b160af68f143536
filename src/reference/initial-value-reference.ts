import { ProblemError, SolveError } from '../errors.ts';
import type { Problem } from '../problem/problem.ts';
import type { ExplicitForm } from './explicit-form.ts';
import { solveInitialState } from './initial-state.ts';
import { type DenseSegment, evaluateSegment, findSegment } from './ode/dense-output.ts';
import { dormandPrince8 } from './ode/dormand-prince-8.ts';
import { ExplicitRungeKutta } from './ode/explicit-runge-kutta.ts';
import { DenseSystem } from './ode/implicit-system.ts';
import { integrate } from './ode/integrate.ts';
import { Rosenbrock } from './ode/rosenbrock.ts';
import { largestMagnitude, type Tolerance } from './ode/tolerance.ts';
import { type AvailableReference, relativeDifference } from './reference-result.ts';

/** The state as a function of the coordinate over the whole domain. */
export interface Trajectory {
  readonly method: 'dormand-prince-8' | 'rodas';
  readonly steps: number;
  at(t: number, out: Float64Array): void;
}

const explicitSteps = 20_000;
const stiffSteps = 200_000;

/**
 * Integrates from the place of the initial conditions to both ends of the domain; explicitly, and by Rodas
 * where that takes too many steps.
 *
 * @throws SolveError where neither arrives
 */
export function integrateTrajectory(
  problem: Problem,
  form: ExplicitForm,
  start: { readonly t: number; readonly y: Float64Array },
  p: Float64Array,
  rtol: number,
  deadline: number,
): Trajectory {
  const size = largestMagnitude(start.y);
  const tolerance: Tolerance = { rtol, atol: 1e-4 * rtol * (size > 0 ? size : 1) };
  const { low, high } = problem.coordinates[0];
  const run = (method: Trajectory['method']): Trajectory => {
    let steps = 0;
    const branch = (end: number): DenseSegment[] => {
      if (end === start.t) return [];
      const f = (t: number, y: Float64Array, out: Float64Array) => form.evaluate(t, y, p, out);
      const stepper =
        method === 'rodas'
          ? new Rosenbrock(
              new DenseSystem(form.size, f, {
                jacobian: (t, y, out) => form.jacobian(t, y, p, out),
                timeDerivative: (t, y, out) => form.timeDerivative(t, y, p, out),
              }),
              tolerance,
            )
          : new ExplicitRungeKutta(dormandPrince8, f, form.size, tolerance);
      const { segments, t } = integrate(stepper, [start.t, end], start.y, {
        maxSteps: method === 'rodas' ? stiffSteps : explicitSteps,
        observe: () => performance.now() > deadline,
      });
      if (t !== end)
        throw new SolveError(`the time limit was reached at ${problem.coordinates[0].name} = ${t}`);
      steps += segments.length;
      return segments;
    };
    const forward = branch(high);
    const backward = branch(low);
    return {
      method,
      steps,
      at: (t, out) => {
        const segments = t >= start.t ? forward : backward;
        if (segments.length === 0) out.set(start.y);
        else evaluateSegment(findSegment(segments, t), t, out);
      },
    };
  };
  try {
    return run('dormand-prince-8');
  } catch (explicit) {
    if (!(explicit instanceof SolveError) || performance.now() > deadline) throw explicit;
    return run('rodas');
  }
}

/** The reference of an initial value problem, with the error estimated by a tolerance ten times looser. */
export function initialValueReference(
  problem: Problem,
  form: ExplicitForm,
  t: number,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const start = solveInitialState(problem, form, t, p);
  const rtol = Math.max(1e-13, target / 100);
  const loose = integrateTrajectory(problem, form, start, p, 10 * rtol, deadline);
  const tight = integrateTrajectory(problem, form, start, p, rtol, deadline);
  const { low, high, name } = problem.coordinates[0];
  const evaluate = (trajectory: Trajectory, points: Float64Array): Record<string, Float64Array> => {
    const state = new Float64Array(form.size);
    const result = Object.fromEntries(
      form.fields.map((field) => [field.name, new Float64Array(points.length)]),
    );
    const slack = 1e-9 * (high - low);
    points.forEach((at, i) => {
      if (!(at >= low - slack && at <= high + slack)) {
        throw new ProblemError(`${name} = ${at} lies outside [${low}, ${high}]`, { path: 'points' });
      }
      trajectory.at(at, state);
      for (const field of form.fields) result[field.name][i] = state[field.offset];
    });
    return result;
  };
  const sample = Float64Array.from({ length: 1001 }, (_, i) => low + ((high - low) * i) / 1000);
  const difference = relativeDifference(evaluate(loose, sample), evaluate(tight, sample));
  const methodName = tight.method === 'rodas' ? 'Rodas (stiff)' : 'Dormand–Prince 8';
  return {
    available: true,
    method: `${methodName}, relative tolerance ${rtol}, ${tight.steps} steps`,
    errorEstimate: Math.max(difference, 1e-15),
    evaluate: (points) => evaluate(tight, points),
  };
}
