/** Whether a solution is an answer: finite, its equations satisfied between the points of training, its data met. */
import { SolveError } from '../errors.ts';
import { deviationAt } from '../problem/noise.ts';
import { checkEquations } from './equation-check.ts';
import { domainGrid, pointsInside, testPoints } from './error-norms.ts';
import { fieldsOfPiece } from './piece.ts';
import type { Solution } from './solution.ts';
import { startsWithLayers } from './windows/initial-layers.ts';
import { carriedLeaves } from './windows/window-problem.ts';

/** A residual that is so large a share of the equation's largest term leaves no doubt that the answer is wrong. */
const largestShare = 0.3;

/** The same for points at which the equation has no value. */
const largestUndefinedShare = 0.01;

/** @throws SolveError where the equations do not hold between the points of training. */
function assertEquationsHold(solution: Solution): void {
  for (const { path, text, share, undefinedShare } of checkEquations(solution)) {
    const percent = (value: number): string => `${Number((100 * value).toPrecision(2))}%`;
    if (undefinedShare > largestUndefinedShare)
      throw new SolveError(
        `no usable answer: ${path} (${text}) has no finite value at ${percent(undefinedShare)} of the domain`,
      );
    if (!(share < largestShare))
      throw new SolveError(
        `no usable answer: at points never trained on, ${path} (${text}) is violated by ${percent(share)} of its largest term; more time, points or a larger network may help, unless there is no solution on the whole domain`,
      );
  }
}

/** A fit that leaves this share of the data's standard deviation has not found what made the data vary. */
const largestMisfit = 0.9;
const fewestObservations = 5;

/** @throws SolveError where a solution misses data by as much as they vary, unless the noise is said to be so large. */
function assertDataMet(solution: Solution): void {
  for (const { path, expression, points, before, values, count, noise } of solution.problem.observations) {
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
    if (count < fewestObservations || !(deviation > 0) || (deviationAt(noise, mean) ?? 0) > deviation / 2)
      continue;
    const model = solution.evaluateExpression(expression, points, before);
    const misfit = Math.sqrt(values.reduce((sum, value, n) => sum + (model[n] - value) ** 2, 0) / count);
    if (!(misfit < largestMisfit * deviation))
      throw new SolveError(
        `no usable answer: the observations ${path} are missed by ${misfit.toPrecision(2)} where they vary by ${deviation.toPrecision(2)}; other starting values, more time or a larger network may help`,
      );
  }
}

/**
 * @throws SolveError where conditions do not hold: what satisfies an equation without them is no answer. Where data
 * are fitted, and where single conditions or points have weights of their own, their residuals are not comparable.
 */
function assertConditionsHold({ problem, run }: Solution): void {
  const weighed = problem.conditions.some((condition) => 'weight' in condition && condition.weight !== 1);
  if (problem.observations.length > 0 || weighed || run.settings.weighting.kind === 'self-adaptive') return;
  run.blocks.forEach(({ path, kind }, b) => {
    const share = Math.sqrt(run.terms[b]);
    if (kind === 'condition' && share >= largestShare)
      throw new SolveError(
        `no usable answer: ${path} is violated by ${Number((100 * share).toPrecision(2))}% of its largest term; more time, condition points or a larger network may help`,
      );
  });
}

/** A jump at a joint of windows above this share of the field's size. */
const largestJump = 0.05;
/** Joints are looked at at no more points than this. */
const jointPoints = 20_000;

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

/**
 * Where layers form at the start, what single places are off by at an edge diffuses: the mean square is what goes on.
 *
 * @throws SolveError where a window does not begin where the one before ends
 */
function assertJointsHold({ problem, trial, windows = [] }: Solution): void {
  const layered = windows.length > 1 && startsWithLayers(problem);
  const { time, coordinates } = problem;
  const side =
    coordinates.length === 2 ? 101 : Math.min(21, Math.floor(jointPoints ** (1 / (coordinates.length - 1))));
  const sides = coordinates.map((_, i) => (i === time ? 1 : side));
  windows.slice(1).forEach((after, k) => {
    const before = windows[k];
    const joint = coordinates.map((c, i) => (i === time ? { ...c, low: before.high, high: before.high } : c));
    const points = pointsInside(problem, domainGrid({ ...problem, coordinates: joint }, sides));
    const ends = fieldsOfPiece(problem, before.trial ?? trial, before, points);
    const starts = fieldsOfPiece(problem, after.trial ?? trial, after, points);
    for (const { name } of carriedLeaves(problem).filter(({ order }) => order.every((o) => o === 0))) {
      const jumps = ends[name].map((end, n) => Math.abs(starts[name][n] - end));
      const jump = layered ? rootMeanSquare(jumps) : jumps.reduce((most, value) => Math.max(most, value), 0);
      const size = Math.max(...[before, after].map((w) => w.scaling.fields.get(name)!.scale));
      if (!(jump <= largestJump * size))
        throw new SolveError(
          `no usable answer: ${name} jumps by ${jump.toPrecision(2)} at ${coordinates[time!].name} = ${before.high}, between two windows; more time, points or windows may help`,
        );
    }
  });
}

/** Values are looked at at about so many points. */
const checkedPoints = 2000;

/** @throws SolveError where values are not finite or training has led nowhere. */
export function assertUsable(solution: Solution, firstLoss: number | undefined): void {
  // Windows that training did not reach have no values; they can be had by resuming alone.
  if (solution.windows !== undefined && solution.run.stopped === 'interrupted') return;
  const fields = solution.evaluateFields(testPoints(solution.problem, checkedPoints));
  for (const [name, values] of Object.entries(fields))
    if (!values.every(Number.isFinite))
      throw new SolveError(`the run diverged: ${name} is not finite everywhere`);
  for (const [name, value] of Object.entries(solution.unknowns))
    if (!Number.isFinite(value)) throw new SolveError(`the run diverged: the unknown ${name} is ${value}`);
  if (!Number.isFinite(solution.run.loss))
    throw new SolveError(`the run diverged: the loss is ${solution.run.loss}`);
  if (
    firstLoss !== undefined &&
    solution.run.history.phases.length === 1 &&
    // Under weights that change, losses of different times are not comparable.
    solution.run.settings.weighting.kind === 'fixed' &&
    solution.run.settings.causal === undefined &&
    solution.run.loss > 10 * firstLoss
  )
    throw new SolveError(`the run diverged: the loss rose from ${firstLoss} to ${solution.run.loss}`);
  if (solution.run.stopped === 'interrupted') return;
  assertEquationsHold(solution);
  assertConditionsHold(solution);
  assertJointsHold(solution);
  assertDataMet(solution);
}
