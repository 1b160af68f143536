/** How errors grow when a step is applied again and again: against a classical solver over the whole horizon. */
import { InterruptedError, SolveError } from '../../errors.ts';
import { reference } from '../../reference/index.ts';
import { drawInputs } from '../space/function-space.ts';
import { problemOf } from '../space/problem-of.ts';
import { horizonProblem } from './step-problem.ts';
import type { State, Stepper } from './stepper.ts';

export interface StepperErrorOptions {
  readonly steps: number;
  /** State at the beginning of every trajectory. */
  readonly start: State;
  /** Draws of input functions over the horizon; default 10. */
  readonly functions?: number;
  readonly seed?: number;
  /** Seconds for each classical solution; default 20. */
  readonly timeLimit?: number;
  readonly signal?: AbortSignal;
}

/** Errors of one field after each step, (steps + 1). */
export interface FieldGrowth {
  /** Root mean square over the trajectories of |y − y*|. */
  readonly mean: Float64Array;
  readonly worst: Float64Array;
  /** Root mean square of the reference over trajectories and steps, by which errors are made relative. */
  readonly size: number;
  /** p of error ∝ stepsᵖ, fitted to the mean from the first step to the last; 1: it grows linearly. */
  readonly exponent: number;
}

export interface StepperErrors {
  readonly times: Float64Array;
  readonly fields: Readonly<Record<string, FieldGrowth>>;
  /** Trajectories of the stepper and of the reference at the same times, by field. */
  readonly trajectories: readonly {
    readonly stepped: Readonly<Record<string, Float64Array>>;
    readonly expected: Readonly<Record<string, Float64Array>>;
    readonly warnings: readonly string[];
  }[];
  /** How the reference was found. */
  readonly method: string;
  /** Spent on all trajectories. */
  readonly seconds: { readonly stepper: number; readonly reference: number };
}

/**
 * @throws SolveError where the reference has no solution; ProblemError for a state that does not fit;
 * InterruptedError once the signal is aborted
 */
export async function stepperErrors(
  stepper: Stepper,
  { steps, start, functions = 10, seed = 0, timeLimit = 20, signal }: StepperErrorOptions,
): Promise<StepperErrors> {
  const { problem, step } = stepper;
  const { low } = problem.coordinates[0];
  const whole = horizonProblem(problem, start, [low, low + steps * step]);
  const inputs = Array.from({ length: functions }, (_, k) => drawInputs(whole, seed, k));
  const begun = performance.now();
  const stepped = stepper.runAll(
    inputs.map((own) => ({ start, inputs: own })),
    { steps },
  );
  const between = performance.now();
  const { times } = stepped[0];
  // Rounding may carry the last time past the horizon.
  const places = times.map((t) => Math.min(t, low + steps * step));
  const trajectories: StepperErrors['trajectories'][number][] = [];
  let method = '';
  for (const [k, own] of inputs.entries()) {
    if (signal?.aborted) throw new InterruptedError('the comparison was interrupted');
    const found = await reference(problemOf(whole, own), { timeLimit });
    if (!found.available) throw new SolveError(`there is no reference over ${steps} steps: ${found.reason}`);
    method = found.method;
    trajectories.push({
      stepped: stepped[k].states,
      expected: found.evaluate(places),
      warnings: stepped[k].warnings,
    });
  }
  return {
    times,
    trajectories,
    method,
    seconds: { stepper: (between - begun) / 1000, reference: (performance.now() - between) / 1000 },
    fields: Object.fromEntries(problem.fields.map(({ name }) => [name, growthOf(name, trajectories, steps)])),
  };
}

function growthOf(field: string, trajectories: StepperErrors['trajectories'], steps: number): FieldGrowth {
  const mean = new Float64Array(steps + 1);
  const worst = new Float64Array(steps + 1);
  let size = 0;
  for (const { stepped, expected } of trajectories)
    for (let k = 0; k <= steps; k++) {
      const error = Math.abs(stepped[field][k] - expected[field][k]);
      mean[k] += error ** 2 / trajectories.length;
      worst[k] = Math.max(worst[k], error);
      size += expected[field][k] ** 2 / (trajectories.length * (steps + 1));
    }
  const roots = mean.map(Math.sqrt);
  return { mean: roots, worst, size: Math.sqrt(size), exponent: exponentOf(roots) };
}

/** Slope of the least-squares line through the logarithms. */
function exponentOf(errors: Float64Array): number {
  const points = [...errors.entries()].filter(([k, error]) => k > 0 && error > 0);
  const x = points.map(([k]) => Math.log(k));
  const y = points.map(([, error]) => Math.log(error));
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const squares = x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
  return squares === 0 ? 0 : x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0) / squares;
}
