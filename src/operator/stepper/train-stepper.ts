/** Training of a stepper: the operator of one step, learnt from states and windows of input functions. */
import { ProblemError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { makeOperatorData } from '../data/make-operator-data.ts';
import type { TrainOptions } from '../training/resolve-training.ts';
import { trainOperator } from '../training/train-operator.ts';
import { requireSteppable, type StateRanges, stepProblem } from './step-problem.ts';
import { Stepper } from './stepper.ts';

export interface StepperOptions extends Omit<TrainOptions, 'data'> {
  /** Length of a step, in units of the coordinate. */
  readonly step: number;
  /** States that steps may begin at, [low, high] by field; default: those of 32 solutions of the problem, and a fifth more. */
  readonly states?: StateRanges;
  /** Fields that are angles, with what a turn is: equations are the same a turn further. */
  readonly periods?: Readonly<Record<string, number>>;
  /** Sensors of each input function in a window; default: eight to a length scale, at least eight. */
  readonly sensors?: number;
  /** By which random fields deviate more in training than the problem says; default 2. */
  readonly spread?: number;
}

/** Over a long horizon a field comes to values that few windows of training would hold. */
const defaultSpread = 2;
const defaultFunctions = 1024;
/** Draws that default ranges are taken from; none of them is trained on. */
const rangeDraws = { functions: 32, first: 2_000_000 } as const;
const rangeMargin = 0.2;
const rounded = (value: number): number => Number(value.toPrecision(3));

/**
 * Learns (y, v on [t, t + h]) → y(t + h) of an ordinary operator problem of first order in which the coordinate does
 * not stand by itself; states are drawn uniformly, input functions from the problem's own space on a window.
 *
 * @throws ProblemError, NotSupportedError for a problem that has no such step, or options that do not fit; SolveError
 * where no usable operator was found; InterruptedError once the signal is aborted
 * @example
 * const stepper = await trainStepper(pendulum, { step: 0.1, states: { theta: [-3.2, 3.2], omega: [-8, 8] }, periods: { theta: 2 * Math.PI } });
 */
export async function trainStepper(
  problem: Problem,
  { step, states, periods = {}, sensors, spread = defaultSpread, ...training }: StepperOptions,
): Promise<Stepper> {
  requireSteppable(problem);
  const [{ low, high }] = problem.coordinates;
  if (!(step > 0 && step <= high - low))
    throw new ProblemError(`${step} is no length of a step over [${low}, ${high}]`, { path: 'step' });
  if (!(spread > 0 && Number.isFinite(spread)))
    throw new ProblemError(`${spread} stands where a factor above zero belongs`, { path: 'spread' });
  const ranges = states ?? (await solvedRanges(problem, training));
  for (const { name } of problem.fields) {
    const [from, to] = ranges[name] ?? [];
    if (!(Number.isFinite(from) && Number.isFinite(to) && from < to))
      throw new ProblemError(`there is no range of states for ${name}`, {
        path: `states.${name}`,
        hint: 'give [low, high]',
      });
    const period = periods[name];
    if (period !== undefined && !(period > 0 && to - from >= period * (1 - 1e-9)))
      throw new ProblemError(`[${from}, ${to}] does not hold a whole turn of ${period}`, {
        path: `periods.${name}`,
        hint: 'let the states of an angle reach over one turn at least',
      });
  }
  const operator = await trainOperator(stepProblem(problem, ranges, { step, sensors, spread }), {
    functions: defaultFunctions,
    ...training,
  });
  return new Stepper({ problem, operator, step, states: ranges, periods });
}

async function solvedRanges(
  problem: Problem,
  { seed, threads, signal }: Pick<TrainOptions, 'seed' | 'threads' | 'signal'>,
): Promise<StateRanges> {
  const { fields } = await makeOperatorData(problem, {
    ...rangeDraws,
    points: { grid: 101 },
    seed,
    threads,
    signal,
  });
  return Object.fromEntries(
    Object.entries(fields).map(([name, values]) => {
      const low = values.reduce((a, b) => Math.min(a, b));
      const high = values.reduce((a, b) => Math.max(a, b));
      const margin = rangeMargin * (high - low || Math.abs(high) || 1);
      return [name, [rounded(low - margin), rounded(high + margin)] as const];
    }),
  );
}
