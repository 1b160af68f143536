/** The least-squares solution of a problem over given features. */
import { createEngine } from '../../engine/create-engine.ts';
import { evaluateTrial } from '../../network/index.ts';
import { trialSize } from '../../network/trial-solution.ts';
import { createOptimizer } from '../../optimizer/index.ts';
import { defaultTrial } from '../default-trial.ts';
import { featureOptimizerOptions } from '../phase-optimizer.ts';
import { weighted } from '../phase-system.ts';
import { planPhases } from '../plan.ts';
import type { RunStart, RunTask } from '../run-task.ts';
import type { ResolvedSettings } from '../settings.ts';
import { progressFrom, trainingSystem } from '../trained-solution.ts';
import type { TrainingProgress } from '../training-progress.ts';
import { carriedParameters } from './carried-fields.ts';
import { type FeatureChoice, featureSettings } from './feature-choice.ts';
import { heldOutSystem, largestResidual } from './held-out-residual.ts';

export interface LeastSquaresSolution {
  readonly choice: FeatureChoice;
  readonly settings: ResolvedSettings;
  readonly start: RunStart;
  /** From where training would find nothing left to do. */
  readonly progress: TrainingProgress;
  /** Relative residual at points that were not trained on; infinite where there is no solution. */
  readonly residual: number;
  /** What did the arithmetic. */
  readonly backend: string;
  /** What it took. */
  readonly seconds: number;
}

/** Newton's method has arrived by then, or will not. */
export const mostSteps = 12;

/** With a larger residual fields are no better a start than none. */
const poorResidual = 0.1;

/** Up to so many features one thread is done before another one has started. */
export const oneThreadCount = 400;

/** Of its networks' fields at normalised points. */
function valuesOf(
  { start: { trial }, progress: { theta } }: LeastSquaresSolution,
  points: Float64Array,
): Map<string, Float64Array> {
  const value = new Array<number>(trial.dimension).fill(0);
  const jets = evaluateTrial(trial, theta, points, [value]);
  return new Map([...jets].map(([name, [values]]) => [name, values]));
}

/**
 * By one least-squares solve where the problem is linear, else by Newton's method.
 *
 * @param from  a solution with other features, from which Newton's method starts
 */
export async function leastSquaresSolution(
  task: RunTask,
  scaling: RunStart['scaling'],
  choice: FeatureChoice,
  from: LeastSquaresSolution | undefined,
  ended: () => boolean,
): Promise<LeastSquaresSolution> {
  const { problem, settingsGiven } = task;
  const begun = performance.now();
  const settings = featureSettings(problem, task.settings, settingsGiven, choice);
  const own = { ...task, settings };
  const start: RunStart = { trial: defaultTrial(problem, settings), scaling };
  const [{ name, weights }] = planPhases(problem, settings);
  const system = trainingSystem(own, start);
  const phaseWeights = weights === 'reached' ? { equation: 1, condition: 1, data: 1 } : weights;
  const threads = choice.count <= oneThreadCount ? 1 : settings.threads;
  const carried =
    settings.linear || from === undefined || !(from.residual < poorResidual)
      ? undefined
      : await carriedParameters(system, threads, (points) => valuesOf(from, points));
  const whole = weighted(system, phaseWeights, undefined, undefined);
  const engine = await createEngine('f64', whole, { threads });
  try {
    const theta0 = carried ?? new Float64Array(trialSize(start.trial));
    const options = featureOptimizerOptions(settings, engine);
    const optimizer = createOptimizer('random-features', engine, theta0, options);
    for (let step = 0; step < mostSteps; step++)
      if ((await optimizer.step()).finished !== undefined || ended()) break;
    const { theta } = optimizer;
    const heldOut = heldOutSystem(own, start, system);
    await engine.update(heldOut);
    const residual = await largestResidual(engine, heldOut, theta);
    const state = optimizer.state();
    const progress = {
      ...progressFrom(theta),
      // What Newton's method has left is left.
      optimizer: { ...state, numbers: { ...state.numbers, solved: 1 } },
      history: { entries: [], phases: [{ name, start: 0 }] },
    };
    const seconds = (performance.now() - begun) / 1000;
    return { choice, settings, start, progress, residual, backend: engine.backend, seconds };
  } finally {
    await engine.dispose();
  }
}
