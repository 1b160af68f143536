/** The least-squares solution of a linear problem over given features. */
import { createEngine } from '../../engine/create-engine.ts';
import { trialSize } from '../../network/trial-solution.ts';
import { createOptimizer } from '../../optimizer/index.ts';
import { defaultTrial } from '../default-trial.ts';
import { weighted } from '../phase-system.ts';
import { planPhases } from '../plan.ts';
import type { RunStart, RunTask } from '../run-task.ts';
import type { ResolvedSettings } from '../settings.ts';
import { progressFrom, trainingSystem } from '../trained-solution.ts';
import type { TrainingProgress } from '../training-progress.ts';
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
}

/** Up to so many features one thread is done before another one has started. */
const oneThreadCount = 400;

export async function leastSquaresSolution(
  task: RunTask,
  scaling: RunStart['scaling'],
  choice: FeatureChoice,
): Promise<LeastSquaresSolution> {
  const { problem, settingsGiven } = task;
  const settings = featureSettings(problem, task.settings, settingsGiven, choice);
  const own = { ...task, settings };
  const start: RunStart = { trial: defaultTrial(problem, settings), scaling };
  const [{ name, weights }] = planPhases(problem, settings);
  const system = trainingSystem(own, start);
  const phaseWeights = weights === 'reached' ? { equation: 1, condition: 1, data: 1 } : weights;
  const engine = await createEngine('f64', weighted(system, phaseWeights, undefined, undefined), {
    threads: choice.count <= oneThreadCount ? 1 : settings.threads,
  });
  try {
    const zero = new Float64Array(trialSize(start.trial));
    const optimizer = createOptimizer('random-features', engine, zero, { affine: true });
    await optimizer.step();
    const { theta } = optimizer;
    const heldOut = heldOutSystem(own, start, system);
    await engine.update(heldOut);
    const residual = await largestResidual(engine, heldOut, theta);
    const progress = {
      ...progressFrom(theta),
      optimizer: optimizer.state(),
      history: { entries: [], phases: [{ name, start: 0 }] },
    };
    return { choice, settings, start, progress, residual };
  } finally {
    await engine.dispose();
  }
}
