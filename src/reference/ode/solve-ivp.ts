import { ProblemError } from '../../errors.ts';
import { type DenseSegment, evaluateSegment, findSegment } from './dense-output.ts';
import { dormandPrince5 } from './dormand-prince-5.ts';
import { dormandPrince8 } from './dormand-prince-8.ts';
import { type Evaluate, ExplicitRungeKutta } from './explicit-runge-kutta.ts';
import { DenseSystem } from './implicit-system.ts';
import { integrate } from './integrate.ts';
import { Rosenbrock } from './rosenbrock.ts';
import { rungeKutta4 } from './runge-kutta-4.ts';
import type { Stepper } from './stepper.ts';
import type { Tolerance } from './tolerance.ts';

export const ivpMethods = ['rk4', 'dormand-prince-5', 'dormand-prince-8', 'rodas'] as const;
export type IvpMethod = (typeof ivpMethods)[number];

/** dy/dt, written into `dydt` or returned. */
export type RightHandSide =
  | ((t: number, y: Float64Array, dydt: Float64Array) => void)
  | ((t: number, y: Float64Array, dydt: Float64Array) => ArrayLike<number>);

export interface IvpOptions {
  /**
   * `rk4` (fixed step, order 4), `dormand-prince-5`, `dormand-prince-8` (explicit, error control), `rodas`
   * (stiff). Default: `dormand-prince-5`, and `dormand-prince-8` where rtol is below 1e-7.
   */
  readonly method?: IvpMethod;
  /** Relative tolerance of the local error; default 1e-6. */
  readonly rtol?: number;
  /** Absolute tolerance, one number or one per component; default 1e-3·rtol. */
  readonly atol?: number | ArrayLike<number>;
  /** Fixed step, without error control; required by `rk4`. The interval is cut to a whole number of steps. */
  readonly step?: number;
  readonly initialStep?: number;
  readonly maxStep?: number;
  /** Steps tried before giving up; default 100 000. */
  readonly maxSteps?: number;
  /** `rodas`: writes ∂f_i/∂y_j to out[i·n + j]; finite differences where absent. */
  readonly jacobian?: (t: number, y: Float64Array, out: Float64Array) => void;
  /** `rodas`: writes ∂f/∂t; a finite difference where absent. */
  readonly timeDerivative?: (t: number, y: Float64Array, out: Float64Array) => void;
  /** `rodas`: M of M y' = f, (n, n) row-major, singular where equations are algebraic (index 1). */
  readonly mass?: ArrayLike<number>;
}

export interface IvpSolution {
  readonly method: IvpMethod;
  /** Ends of the steps, the start included. */
  readonly times: Float64Array;
  /** The state at each of `times`. */
  readonly states: readonly Float64Array[];
  /**
   * The state at any t of the interval by the method's continuous extension (order 3 for rk4, 4 for
   * dormand-prince-5 and rodas, 7 for dormand-prince-8). Throws ProblemError for a t outside.
   */
  at(t: number): Float64Array;
  readonly steps: number;
  readonly rejected: number;
  /** Evaluations of f, those for finite differences included. */
  readonly evaluations: number;
  /**
   * Sum over the steps of the largest absolute local error estimate: a rough size of the global error where
   * neighbouring solutions do not separate. Undefined for rk4, which has no estimate.
   */
  readonly errorEstimate: number | undefined;
}

/**
 * Solves y' = f(t, y), y(t₀) = y₀ from t₀ to t₁, in either direction.
 *
 * @throws ProblemError for an option or a state that makes no sense; SolveError naming t where the solution
 * stops being finite, the step becomes too small, or too many steps are taken
 */
export function solveIvp(
  f: RightHandSide,
  [t0, t1]: readonly [number, number],
  y0: ArrayLike<number>,
  options: IvpOptions = {},
): IvpSolution {
  const initial = Float64Array.from(y0);
  const n = initial.length;
  const rtol = options.rtol ?? 1e-6;
  const method = options.method ?? (rtol < 1e-7 ? 'dormand-prince-8' : 'dormand-prince-5');
  const atol = options.atol ?? 1e-3 * rtol;
  checkOptions(t0, t1, initial, method, rtol, atol, options);

  let evaluations = 0;
  const evaluate: Evaluate = (t, y, dydt) => {
    evaluations++;
    const returned = f(t, y, dydt);
    if (returned === undefined || returned === dydt) return;
    if (returned.length !== n) {
      throw new ProblemError(`the right-hand side has ${returned.length} components, the state ${n}`);
    }
    dydt.set(returned);
  };
  const tolerance: Tolerance = { rtol, atol };
  const stepper = makeStepper(method, evaluate, n, tolerance, { ...options, direction: t1 >= t0 ? 1 : -1 });
  const step =
    options.step === undefined || t0 === t1
      ? undefined
      : Math.abs(t1 - t0) / Math.ceil((Math.abs(t1 - t0) / options.step) * (1 - 1e-12));
  const run = integrate(stepper, [t0, t1], initial, {
    step,
    initialStep: options.initialStep,
    maxStep: options.maxStep,
    maxSteps: options.maxSteps ?? 100_000,
  });
  const times = Float64Array.from([...run.segments.map((segment) => segment.t), run.t]);
  const states = [...run.segments.map((segment) => segment.y), run.y];
  return {
    method,
    times,
    states,
    at: (t) => stateAt(run.segments, run.y, t0, t1, t),
    steps: run.steps,
    rejected: run.rejected,
    evaluations,
    errorEstimate: stepper.embedded ? run.localErrors : undefined,
  };
}

function makeStepper(
  method: IvpMethod,
  f: Evaluate,
  n: number,
  tolerance: Tolerance,
  options: IvpOptions & { direction: 1 | -1 },
): Stepper {
  switch (method) {
    case 'rk4':
      return new ExplicitRungeKutta(rungeKutta4, f, n, tolerance);
    case 'dormand-prince-5':
      return new ExplicitRungeKutta(dormandPrince5, f, n, tolerance);
    case 'dormand-prince-8':
      return new ExplicitRungeKutta(dormandPrince8, f, n, tolerance);
    case 'rodas':
      return new Rosenbrock(new DenseSystem(n, f, options), tolerance);
  }
}

function stateAt(
  segments: readonly DenseSegment[],
  end: Float64Array,
  t0: number,
  t1: number,
  t: number,
): Float64Array {
  const slack = 1e-12 * Math.max(Math.abs(t0), Math.abs(t1));
  if (!(t >= Math.min(t0, t1) - slack && t <= Math.max(t0, t1) + slack)) {
    throw new ProblemError(`t = ${t} lies outside the interval [${t0}, ${t1}] of the solution`);
  }
  if (t === t1 || segments.length === 0) return end.slice();
  const out = new Float64Array(end.length);
  evaluateSegment(findSegment(segments, t), t, out);
  return out;
}

function checkOptions(
  t0: number,
  t1: number,
  y0: Float64Array,
  method: IvpMethod,
  rtol: number,
  atol: number | ArrayLike<number>,
  options: IvpOptions,
): void {
  const n = y0.length;
  const bad = (path: string, reason: string, hint?: string): never => {
    throw new ProblemError(reason, { path, hint });
  };
  if (!Number.isFinite(t0) || !Number.isFinite(t1)) bad('interval', `[${t0}, ${t1}] is not finite`);
  if (n === 0) bad('y0', 'the initial state is empty');
  y0.forEach((value, i) => {
    if (!Number.isFinite(value)) bad(`y0[${i}]`, `the initial state is not finite: ${value}`);
  });
  if (!ivpMethods.includes(method)) {
    bad('method', `unknown method ${String(method)}`, `methods are ${ivpMethods.join(', ')}`);
  }
  if (!(rtol >= 0) || !Number.isFinite(rtol)) bad('rtol', `${rtol} is not a tolerance`, 'use a number ≥ 0');
  if (rtol < 10 * Number.EPSILON && rtol !== 0) {
    bad('rtol', `${rtol} is below what double precision allows`, `use at least ${10 * Number.EPSILON}`);
  }
  const absolute = typeof atol === 'number' ? [atol] : Array.from(atol);
  if (typeof atol !== 'number' && absolute.length !== n) {
    bad('atol', `${absolute.length} tolerances for ${n} components`);
  }
  absolute.forEach((value) => {
    if (!(value >= 0) || !Number.isFinite(value))
      bad('atol', `${value} is not a tolerance`, 'use a number ≥ 0');
    if (value === 0 && rtol === 0) bad('atol', 'rtol and atol are both zero');
  });
  for (const name of ['step', 'initialStep', 'maxStep', 'maxSteps'] as const) {
    const value = options[name];
    if (value !== undefined && !(value > 0)) bad(name, `${value} is not positive`);
  }
  if (method === 'rk4' && options.step === undefined) {
    bad('step', 'rk4 has no error control and needs a step', 'give step, or use dormand-prince-5');
  }
  if (method !== 'rodas' && options.mass !== undefined) {
    bad('mass', `${method} cannot take a mass matrix`, 'use rodas');
  }
  if (options.mass !== undefined && options.mass.length !== n * n) {
    bad('mass', `${options.mass.length} entries for a matrix of ${n} by ${n}`);
  }
}
