/** Window after window of time by least squares over the same random features, as long as each takes. */
import { createEngine } from '../../engine/create-engine.ts';
import { trialSize } from '../../network/trial-solution.ts';
import { createOptimizer } from '../../optimizer/index.ts';
import type { Problem } from '../../problem/index.ts';
import { type ResidualSystem, type Scaling, toUserPoints } from '../../residual/index.ts';
import type { TrainingState } from '../callbacks.ts';
import { coarseMarch } from '../coarse-march.ts';
import { defaultTrial } from '../default-trial.ts';
import { featureOptimizerOptions } from '../phase-optimizer.ts';
import { weighted } from '../phase-system.ts';
import { fieldsOfPiece } from '../piece.ts';
import { planPhases } from '../plan.ts';
import type { RunTask } from '../run-task.ts';
import { Solution } from '../solution.ts';
import { progressFrom, type RunHooks, trainingSystem } from '../trained-solution.ts';
import type { StopReason } from '../training-progress.ts';
import type { SolvedWindow } from '../windows/solved-window.ts';
import { type Interval, windowProblem } from '../windows/window-problem.ts';
import { windowScaling, withCarriedState } from '../windows/window-system.ts';
import { carriedParameters } from './carried-fields.ts';
import { type FeatureChoice, featureSettings } from './feature-choice.ts';
import { heldOutSystem, largestResidual } from './held-out-residual.ts';
import { mostSteps } from './least-squares-solution.ts';
import type { WindowChoice } from './window-search.ts';

/** The residual up to which a window counts as solved, and the one from which on the next is not taken for granted. */
const accepted = 1e-6;

/** A window that leaves less than this may be followed by a longer one. */
const ample = 1e-9;
const growth = 1.5;

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
  const march = await coarseMarch(problem);
  const solved: SolvedWindow[] = [];
  let current: Trial = { choice: found.choice, length: (high - low) / count };
  let worst = 0;
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
    const scaling = windowScaling(window, earlier, march(interval), before, solved[0]?.scaling);
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
    const engine = await createEngine('f64', system, { threads: settings.threads });
    try {
      const options = featureOptimizerOptions(settings, engine);
      // What was reached goes on unchanged until the equations say otherwise.
      const theta0 =
        last === undefined || settings.linear || scaling.ansatz !== undefined
          ? new Float64Array(trialSize(trial))
          : await carriedParameters(system, settings.threads, (points) =>
              endValues(problem, last, scaling, points),
            );
      const optimizer = createOptimizer('random-features', engine, theta0, options);
      for (let step = 0; step < mostSteps; step++)
        if ((await optimizer.step()).finished !== undefined || hooks.signal?.aborted) break;
      const { theta } = optimizer;
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
    } finally {
      await engine.dispose();
    }
  };

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
      { choice, length: length / 2 },
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
    const tried = async (trial: Trial) => ({
      trial,
      ...(await attempt({ low: t, high: endOf(trial.length) }, trial.choice)),
    });
    let best = await tried(current);
    for (let k = 0; k < mostTrials && !(best.residual <= accepted) && now() - started < left; k++) {
      let better: typeof best | undefined;
      for (const other of others(best.trial)) {
        if (hooks.signal?.aborted) break;
        const result = await tried(other);
        if (result.residual < (better ?? best).residual) better = result;
        if (result.residual <= accepted) break;
      }
      if (better === undefined) break;
      best = better;
    }
    if (hooks.signal?.aborted) return solved.length === 0 ? undefined : solutionAt('interrupted');
    if (!(best.residual <= accepted)) return undefined;
    const { window, residual, trial } = best;
    solved.push(window);
    blocks = best.blocks;
    worst = Math.max(worst, residual);
    t = window.high;
    const length = window.high - window.low;
    if (t < high && (now() - started) * partsOf(length) > left) return undefined;
    current = { choice: trial.choice, length: residual < ample ? growth * length : length };
    if (report(problem, solutionAt, window, (t - low) / (high - low), hooks)) return solutionAt('callback');
  }
  return solutionAt('converged');
}

/** The fields of a window at its end, in another window's normalised variables, at its points whatever their time. */
function endValues(
  problem: Problem,
  last: SolvedWindow,
  scaling: Scaling,
  points: Float64Array,
): ReadonlyMap<string, Float64Array> {
  const d = problem.coordinates.length;
  const user = toUserPoints(points, scaling);
  for (let n = problem.time!; n < user.length; n += d) user[n] = last.high;
  const values = fieldsOfPiece(problem, last.trial!, last, user);
  return new Map(
    problem.fields.map(({ name }) => {
      const { offset, scale } = scaling.fields.get(name)!;
      return [name, values[name].map((value) => (value - offset) / scale)];
    }),
  );
}

/** Tells the callbacks of a window that is solved; whether one of them wants no more. */
function report(
  problem: Problem,
  solutionAt: (stopped: StopReason) => Solution,
  { theta, loss, terms, high }: SolvedWindow,
  progress: number,
  { callbacks }: RunHooks,
): boolean {
  const solution = solutionAt('converged');
  const { iterations: iteration, seconds } = solution.run;
  const { name } = problem.coordinates[problem.time!];
  const state: TrainingState = {
    iteration,
    phase: `up to ${name} = ${Number(high.toPrecision(4))}`,
    progress,
    seconds,
    loss,
    theta,
    solution: () => solution,
    entry: () => ({ iteration, seconds, loss, terms, unknowns: [] }),
  };
  return callbacks.map((callback) => callback(state)).includes('stop');
}
