/** A trained step, applied again and again. */
import { ProblemError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { warningsOf } from '../evaluate/training-space.ts';
import type { FunctionSample } from '../space/function-sample.ts';
import { type GivenFunction, sampleOf } from '../space/given-function.ts';
import type { TrainedOperator } from '../trained-operator.ts';
import { horizonProblem, type StateRanges, startName } from './step-problem.ts';

/** Values of the fields, by name. */
export type State = Readonly<Record<string, number>>;
/** What stands for each input function over the whole horizon. */
export type HorizonInputs = Readonly<Record<string, GivenFunction>>;

export interface SteppedTrajectory {
  /** Beginning of every step and the end of the last, (steps + 1). */
  readonly times: Float64Array;
  /** By field, (steps + 1). */
  readonly states: Readonly<Record<string, Float64Array>>;
  /** Where state or input functions leave what was trained on, with numbers; the first time of each. */
  readonly warnings: readonly string[];
}

export interface RunOptions {
  readonly steps: number;
  /** Where the first step begins; default: where the problem's domain does. */
  readonly from?: number;
}

interface StepperParts {
  readonly problem: Problem;
  readonly operator: TrainedOperator;
  readonly step: number;
  readonly states: StateRanges;
  /** Of fields that are angles, by name. */
  readonly periods: Readonly<Record<string, number>>;
}

/**
 * The map (y, v on [t, t + h]) → y(t + h), and what follows from applying it again and again.
 *
 * @example
 * const stepper = await trainStepper(logistic, { step: 0.5, states: { y: [0.02, 1.1] } });
 * stepper.run({ y: 0.1 }, { v: 'sin(t)' }, { steps: 100 }).states.y;
 */
export class Stepper {
  /** The operator problem whose solutions it follows. */
  readonly problem: Problem;
  /** Of one step, on [0, step]; the states at its beginning are inputs named `y_start`. */
  readonly operator: TrainedOperator;
  readonly step: number;
  /** States that it was trained on. */
  readonly states: StateRanges;
  readonly #periods: Readonly<Record<string, number>>;

  constructor({ problem, operator, step, states, periods }: StepperParts) {
    this.problem = problem;
    this.operator = operator;
    this.step = step;
    this.states = states;
    this.#periods = periods;
  }

  /** One trajectory. @throws ProblemError for a state or an input function that is missing or not as it should be */
  run(start: State, inputs: HorizonInputs, options: RunOptions): SteppedTrajectory {
    return this.runAll([{ start, inputs }], options)[0];
  }

  /** Several trajectories side by side, one matrix product for each step. */
  runAll(
    given: readonly { readonly start: State; readonly inputs: HorizonInputs }[],
    { steps, from = this.problem.coordinates[0].low }: RunOptions,
  ): SteppedTrajectory[] {
    if (!(Number.isSafeInteger(steps) && steps > 0))
      throw new ProblemError(`${steps} stands where a number of steps belongs`, { path: 'steps' });
    const { operator, step, problem } = this;
    const count = given.length;
    const times = Float64Array.from({ length: steps + 1 }, (_, k) => from + k * step);
    const states = given.map(({ start }) => this.#states(start, steps));
    const seen = given.map(({ inputs }, n) =>
      this.#samples(inputs, given[n].start, [times[0], times[steps]]),
    );
    const warned = given.map(() => new Map<string, string>());
    for (let k = 0; k < steps; k++) {
      const batch: Record<string, Float64Array> = {};
      for (const { name, sensors, sensorCount } of operator.problem.inputs) {
        const values = new Float64Array(count * sensorCount);
        const of = seen.map((samples) => samples[name]);
        if (of[0] !== undefined)
          of.forEach((sample, n) => void values.set(sample(sensors, times[k]), n * sensorCount));
        batch[name] = values;
      }
      const turns = problem.fields.map(({ name }) => {
        const period = this.#periods[name];
        const middle = (this.states[name][0] + this.states[name][1]) / 2;
        return states.map((own, n) => {
          const value = own[name][k];
          const turn = period === undefined ? 0 : period * Math.round((value - middle) / period);
          batch[startName(name)][n] = value - turn;
          return turn;
        });
      });
      for (const [n, own] of warned.entries()) this.#warn(own, batch, n, times[k]);
      const next = operator.evaluate(batch, [step]);
      problem.fields.forEach(({ name }, i) => {
        states.forEach((own, n) => {
          own[name][k + 1] = next[name][n] + turns[i][n];
        });
      });
    }
    return states.map((own, n) => ({ times, states: own, warnings: [...warned[n].values()] }));
  }

  #states(start: State, steps: number): Record<string, Float64Array> {
    const strange = Object.keys(start).find((name) => !this.problem.fields.some((f) => f.name === name));
    if (strange !== undefined)
      throw new ProblemError(`\`${strange}\` is no field of ${this.problem.name}`, {
        path: `start.${strange}`,
        hint: `fields are ${this.problem.fields.map(({ name }) => name).join(', ')}`,
      });
    return Object.fromEntries(
      this.problem.fields.map(({ name }) => {
        if (!Number.isFinite(start[name]))
          throw new ProblemError(`the state has no \`${name}\``, {
            path: `start.${name}`,
            hint: 'give a number for every field',
          });
        const values = new Float64Array(steps + 1);
        values[0] = start[name];
        return [name, values];
      }),
    );
  }

  /** Of every input function its values at sensors of a window that begins at t. */
  #samples(
    given: HorizonInputs,
    start: State,
    horizon: readonly [number, number],
  ): Record<string, (sensors: Float64Array, t: number) => ArrayLike<number>> {
    const { problem } = this;
    const whole = horizonProblem(problem, start, horizon);
    const strange = Object.keys(given).find((name) => !whole.inputs.some((input) => input.name === name));
    if (strange !== undefined)
      throw new ProblemError(`\`${strange}\` is no input function of ${problem.name}`, {
        path: `inputs.${strange}`,
        hint: `input functions are ${whole.inputs.map(({ name }) => name).join(', ')}`,
      });
    return Object.fromEntries(
      whole.inputs.map((input) => {
        const { name } = input;
        const own = given[name];
        const path = `inputs.${name}`;
        if (own === undefined) throw new ProblemError(`the input function \`${name}\` is missing`, { path });
        if (typeof own === 'function')
          return [
            name,
            (sensors: Float64Array, t: number) => sensors.map((s) => finiteAt(own(t + s), t + s, path)),
          ];
        if (typeof own === 'object' && !('expression' in own))
          throw new ProblemError('values at sensors say nothing of the whole horizon', {
            path,
            hint: 'give an expression, a JavaScript function, or a draw',
          });
        const sample: FunctionSample = sampleOf(input, own, problem.constants);
        if (sample.dimension === 0) return [name, () => sample.values(new Float64Array(0))];
        return [
          name,
          (sensors: Float64Array, t: number) =>
            // Rounding may carry the end of the last window past the horizon.
            sample.values(sensors.map((s) => Math.min(t + s, horizon[1]))),
        ];
      }),
    );
  }

  #warn(
    known: Map<string, string>,
    batch: Readonly<Record<string, Float64Array>>,
    n: number,
    t: number,
  ): void {
    const short = (value: number): number => Number(value.toPrecision(4));
    for (const { name } of this.problem.fields) {
      const value = batch[startName(name)][n];
      const [low, high] = this.states[name];
      if ((value < low || value > high) && !known.has(name))
        known.set(
          name,
          `${name} = ${short(value)} at ${short(t)} lies outside the trained range [${short(low)}, ${short(high)}]`,
        );
    }
    const functions = this.operator.ranges.filter(({ input }) =>
      this.problem.inputs.some(({ name, of }) => name === input && of.length > 0),
    );
    const own = Object.fromEntries(
      functions.map(({ input, sensors }) => [input, batch[input].subarray(n * sensors, (n + 1) * sensors)]),
    );
    for (const { input, measure, text } of warningsOf(functions, own)) {
      const key = `${input}:${measure}`;
      if (!known.has(key)) known.set(key, `at ${short(t)} ${text}`);
    }
  }
}

function finiteAt(value: unknown, t: number, path: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new ProblemError(`the function is ${String(value)} at ${t}`, {
    path,
    hint: 'it has to be a finite number everywhere on the horizon',
  });
}
