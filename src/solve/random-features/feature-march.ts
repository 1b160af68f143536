/** Window after window of time by least squares over the same random features, as long as each takes. */
import { createEngine } from '../../engine/create-engine.ts';
import { field } from '../../expression/build.ts';
import { trialSize } from '../../network/trial-solution.ts';
import { createOptimizer } from '../../optimizer/index.ts';
import type { Problem } from '../../problem/index.ts';
import { type ResidualSystem, type Scaling, toUserPoints } from '../../residual/index.ts';
import { rangesOf } from '../coarse-march.ts';
import { defaultTrial } from '../default-trial.ts';
import { featureOptimizerOptions } from '../phase-optimizer.ts';
import { weighted } from '../phase-system.ts';
import { expressionOfPiece, fieldsOfPiece } from '../piece.ts';
import { planPhases } from '../plan.ts';
import type { RunTask } from '../run-task.ts';
import { Solution } from '../solution.ts';
import { progressFrom, type RunHooks, trainingSystem } from '../trained-solution.ts';
import type { StopReason } from '../training-progress.ts';
import { reportWindow } from '../windows/report-window.ts';
import type { SolvedWindow } from '../windows/solved-window.ts';
import { type Interval, windowProblem } from '../windows/window-problem.ts';
import { windowScaling, withCarriedState } from '../windows/window-system.ts';
import { carriedParameters, type FieldFit } from './carried-fields.ts';
import { hasManyParameters, leastByDescent } from './factor-descent.ts';
import { type FeatureChoice, featureSettings } from './feature-choice.ts';
import { heldOutSystem, largestResidual } from './held-out-residual.ts';
import { KeptFactor } from './kept-factor.ts';
import { mostSteps, oneThreadCount } from './least-squares-solution.ts';
import type { WindowChoice } from './window-search.ts';

/** The residual up to which a window counts as solved, and the one from which on the next is not taken for granted. */
const accepted = 1e-6;

/** What grows in time has to begin small: where tolerances may be relieved later on, less is wanted at first. */
const wanted = 1e-7;

/** Where the first window leaves more, others may leave so many times as much. */
const allowance = 10;

/** Newton's method ends where the residual at its points is as small as that. */
const settled = 1e-10;

/** A march that is expected to take so many times what is left is given up: the expectation is rough. */
const leeway = 1.4;

/** So many windows search for what the others have. */
const unusualWindows = 3;

/** What a window may leave where there is no time for less; step by step. */
const mostAccepted = 1e-4;
const relief = 2;

/** Windows of a linear problem share the scale of a field within these bounds of what each would have. */
const smallestShare = 0.1;
const largestShare = 3;

/** Points that tell whether they do. */
const roughRangePoints = 216;

/** Along time, per normalised coordinate: slower features are polynomials of a low degree to rounding. */
const slowest = 0.5;

/** A window that leaves less than this, or than the share of what it may leave, may be followed by a longer one. */
const least = 1e-9;
const margin = 30;
const growth = 1.5;

/** After a window that took several tries, so many are not made longer. */
const unsettledWindows = 4;

/** Where a window is not solved: features that vary faster in space, more of them, or half the window, so many times. */
const mostTrials = 6;
const faster = 1.4;
const more = 1.6;
const mostFeatures = 2000;

const now = (): number => performance.now() / 1000;

/** What a window is tried with. */
interface Trial {
  readonly choice: FeatureChoice;
  readonly length: number;
}

/** What windows of one length on the same features have in common. */
interface Common {
  readonly choice: FeatureChoice;
  readonly length: number;
  readonly fields: Scaling['fields'];
  readonly fit: FieldFit;
  /** Of a window after the first one, or of one not far before; for a linear problem null where the windows turned out to differ. */
  factor?: KeptFactor | null;
}

interface Solved {
  readonly window: SolvedWindow;
  readonly residual: number;
  readonly blocks: Solution['run']['blocks'];
}

/**
 * Marches through time by windows: their length and their features follow from the residual at held-out points.
 *
 * @param begun  seconds on the clock at which the run began
 * @returns undefined where features do not hold the solution, or not in the time that is left
 */
export async function marchedFeatures(
  task: RunTask,
  { windows: count, found }: WindowChoice,
  begun: number,
  hooks: RunHooks,
): Promise<Solution | undefined> {
  const { problem, settingsGiven } = task;
  const time = problem.time!;
  const { low, high } = problem.coordinates[time];
  const march = rangesOf(problem, task.march);
  const solved: SolvedWindow[] = [];
  let current: Trial = { choice: found.choice, length: (high - low) / count };
  const manyOnes = !task.settings.linear && hasManyParameters(problem, found.choice.count);
  let tolerance = Math.max(manyOnes ? wanted : accepted, allowance * found.residual);
  const largest = Math.max(tolerance, mostAccepted);
  let common: Common | undefined;
  let worst = 0;
  let unsettled = 0;
  let blocks: Solution['run']['blocks'] = [];

  const attempt = async (interval: Interval, choice: FeatureChoice): Promise<Solved> => {
    const last = solved.at(-1);
    const window = windowProblem(problem, interval, last === undefined);
    const settings = featureSettings(problem, task.settings, settingsGiven, choice);
    const trial = defaultTrial(problem, settings);
    const [{ weights }] = planPhases(problem, settings);
    const phaseWeights = weights === 'reached' ? { equation: 1, condition: 1, data: 1 } : weights;
    const before = last && { piece: last, window: windowProblem(problem, last, solved.length === 1) };
    const earlier = last?.trial ?? trial;
    const length = interval.high - interval.low;
    const sameShape =
      last !== undefined && common?.choice === choice && Math.abs(common.length - length) < 1e-9 * length;
    const expected = windowScaling(
      window,
      earlier,
      march(interval),
      before,
      solved[0]?.scaling,
      settings.linear && sameShape ? roughRangePoints : undefined,
    );
    const descends = !settings.linear && hasManyParameters(problem, choice.count);
    const shares = settings.linear || descends;
    const alike = sameShape && (!shares || similar(common!.fields, expected.fields));
    if (!alike) common = { choice, length, fields: expected.fields, fit: {} };
    const shared = common!;
    const scaling = shares && alike ? { ...expected, fields: shared.fields } : expected;
    const own = { ...task, problem: window, settings };
    const completed = (system: ResidualSystem): ResidualSystem =>
      weighted(
        last === undefined ? system : withCarriedState(system, window, scaling, last.trial!, last),
        phaseWeights,
        undefined,
        undefined,
      );
    const plain = trainingSystem(own, { trial, scaling });
    const system = completed(plain);
    const quick = settings.linear && shared.factor instanceof KeptFactor;
    const threads = quick && choice.count <= oneThreadCount ? 1 : settings.threads;
    const engine = await createEngine('f64', system, { threads });
    try {
      const judged = async (theta: Float64Array): Promise<Solved> => {
        const { loss, terms } = await engine.loss(theta);
        const heldOut = completed(heldOutSystem(own, { trial, scaling }, plain));
        await engine.update(heldOut);
        const residual = await largestResidual(engine, heldOut, theta);
        return {
          window: {
            ...interval,
            trial,
            scaling,
            theta,
            loss,
            terms: system.blocks.map(({ weight }, b) => (weight === 0 ? Number.NaN : terms[b] / weight)),
          },
          residual,
          blocks: system.blocks.map(({ path, kind, count: points }) => ({ path, kind, points })),
        };
      };
      if (settings.linear && last !== undefined && shared.factor !== null) {
        shared.factor ??= await KeptFactor.of(engine);
        const theta = await shared.factor.solve(engine, new Float64Array(trialSize(trial)));
        const result = await judged(theta);
        if (result.residual <= tolerance) return result;
        shared.factor = null;
        await engine.update(system);
      }
      const options = featureOptimizerOptions(settings, engine);
      // What was reached goes on unchanged until the equations say otherwise.
      const theta0 =
        last === undefined || settings.linear || scaling.ansatz !== undefined
          ? new Float64Array(trialSize(trial))
          : await carriedParameters(
              system,
              settings.threads,
              (points) => endValues(problem, last, scaling, points),
              shared.fit,
            );
      if (descends && last !== undefined)
        return await judged(await leastByDescent(engine, theta0, shared, settled ** 2));
      const optimizer = createOptimizer('random-features', engine, theta0, options);
      for (let step = 0; step < mostSteps; step++) {
        const { loss, finished } = await optimizer.step();
        if (finished !== undefined || loss <= settled ** 2 || hooks.signal?.aborted) break;
      }
      return await judged(optimizer.theta);
    } finally {
      await engine.dispose();
    }
  };

  /** Features for windows so many times as long: what they show of time changes with them. */
  const paced = (choice: FeatureChoice, factor: number): FeatureChoice => ({
    ...choice,
    scales: choice.scales.map((scale, i) =>
      i === time ? Math.min(scale, Math.max(slowest, scale * factor)) : scale,
    ),
  });

  /** Tries that may lead on from one that left too much. */
  const others = ({ choice, length }: Trial): Trial[] => {
    const stretched = (factor: number): number[] =>
      choice.scales.map((scale, i) => (i === time ? scale : scale * factor));
    const larger = Math.round(choice.count * more);
    return [
      { choice: { ...choice, scales: stretched(faster) }, length },
      ...(larger * problem.fields.length <= mostFeatures * Math.sqrt(problem.fields.length)
        ? [{ choice: { count: larger, scales: stretched(Math.sqrt(faster)) }, length }]
        : []),
      { choice: paced(choice, 1 / 2), length: length / 2 },
    ];
  };

  const solutionAt = (stopped: StopReason): Solution => {
    const last = solved[solved.length - 1];
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    const history = { entries: [], phases: [{ name: 'random-features, windows', start: 0 }] };
    const run = {
      settings: {
        ...featureSettings(problem, task.settings, settingsGiven, current.choice),
        windows: solved.length,
      },
      backend: found.backend,
      precision: 'float64' as const,
      parameters: last.theta.length,
      seconds: now() - begun,
      iterations: solved.length,
      loss: mean(solved.map(({ loss }) => loss)),
      stopped,
      blocks,
      terms: blocks.map((_, b) => mean(solved.map(({ terms }) => terms[b] ?? Number.NaN))),
      history,
      heldOutResidual: worst,
    };
    const position = { given: settingsGiven, ...progressFrom(last.theta), iteration: solved.length, history };
    return new Solution(problem, last.trial!, last.scaling, last.theta, run, position, [...solved]);
  };

  for (let t = low; t < high; ) {
    const left = task.settings.timeLimit - (now() - begun);
    const started = now();
    const partsOf = (length: number): number => Math.max(1, Math.ceil((high - t) / length - 1e-6));
    const endOf = (length: number): number =>
      partsOf(length) === 1 ? high : t + (high - t) / partsOf(length);
    const tried = async (trial: Trial) => {
      const begun = now();
      const result = await attempt({ low: t, high: endOf(trial.length) }, trial.choice);
      return { trial, ...result, seconds: now() - begun };
    };
    const planned = current;
    let best = await tried(planned);
    for (let k = 0; k < mostTrials && !(best.residual <= tolerance) && now() - started < left; k++) {
      let better: typeof best | undefined;
      for (const other of others(best.trial)) {
        if (hooks.signal?.aborted) break;
        const result = await tried(other);
        if (result.residual < (better ?? best).residual) better = result;
        if (result.residual <= tolerance) break;
      }
      if (better === undefined) break;
      best = better;
    }
    if (hooks.signal?.aborted) return solved.length === 0 ? undefined : solutionAt('interrupted');
    if (!(best.residual <= largest)) return undefined;
    const { window, residual, trial, seconds } = best;
    tolerance = Math.max(tolerance, residual);
    solved.push(window);
    blocks = best.blocks;
    worst = Math.max(worst, residual);
    t = window.high;
    const length = window.high - window.low;
    // The first ones take longer than those that follow.
    const typical = solved.length > unusualWindows;
    const expected = seconds * partsOf(length);
    const ample = Math.max(least, tolerance / margin);
    unsettled = trial === planned ? unsettled - 1 : unsettledWindows;
    const longer = residual < ample && (unsettled <= 0 || residual < least);
    if (t < high && typical && expected > left && !longer) {
      if (expected > leeway * left && tolerance >= largest) return undefined;
      tolerance = Math.min(largest, relief * tolerance);
    }
    current = longer ? { choice: trial.choice, length: growth * length } : { choice: trial.choice, length };
    if (reportWindow(problem, solutionAt, window, (t - low) / (high - low), hooks))
      return solutionAt('callback');
  }
  return solutionAt('converged');
}

/** Whether fields can be measured by the scales of another window. */
function similar(scales: Scaling['fields'], own: Scaling['fields']): boolean {
  return [...own].every(([name, { offset, scale }]) => {
    const other = scales.get(name)!;
    const share = scale / other.scale;
    return offset === other.offset && share > smallestShare && share < largestShare;
  });
}

/** The fields of a window as they go on from its end in a straight line, in another window's normalised variables. */
function endValues(
  problem: Problem,
  last: SolvedWindow,
  scaling: Scaling,
  points: Float64Array,
): ReadonlyMap<string, Float64Array> {
  const d = problem.coordinates.length;
  const user = toUserPoints(points, scaling);
  const after = new Float64Array(user.length / d);
  for (let n = problem.time!, k = 0; n < user.length; n += d, k++) {
    after[k] = user[n] - last.high;
    user[n] = last.high;
  }
  const values = fieldsOfPiece(problem, last.trial!, last, user);
  for (const { name, of } of problem.fields) {
    const order = problem.coordinates.map((_, i) => (i === problem.time ? 1 : 0));
    const slope = expressionOfPiece(last.trial!, last, field(name, order, of), user);
    values[name] = values[name].map((value, n) => value + after[n] * slope[n]);
  }
  return new Map(
    problem.fields.map(({ name }) => {
      const { offset, scale } = scaling.fields.get(name)!;
      return [name, values[name].map((value) => (value - offset) / scale)];
    }),
  );
}
