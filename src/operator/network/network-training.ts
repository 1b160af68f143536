/** Training of operator networks by the engine tfjs: solutions, then steps of Adam. */
import { loadBackend } from '../../engine/tfjs/backend.ts';
import { SolveError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import type { OperatorData } from '../data/operator-data.ts';
import type { ResolvedTraining } from '../training/resolve-training.ts';
import type { TrainingHooks } from '../training/training-hooks.ts';
import type { TrainingOutcome } from '../training/training-outcome.ts';
import { trainDeepOperator } from './deep-operator-training.ts';
import { trainFourier } from './fourier-training.ts';
import { splitData } from './network-data.ts';
import { networkOptions } from './network-options.ts';
import { trainPodNetwork } from './pod-training.ts';

/**
 * A DeepONet, POD-DeepONet or Fourier neural operator.
 *
 * @throws ProblemError for options that do not go together, or a backend that does not load; NotSupportedError for a
 * loss other than that of data
 */
export async function trainNetwork(
  problem: Problem,
  settings: ResolvedTraining,
  given: OperatorData | undefined,
  hooks: TrainingHooks,
): Promise<TrainingOutcome> {
  const options = networkOptions(settings);
  const { points } = settings;
  const wanted =
    points === undefined || (typeof points === 'object' && 'random' in points) ? points : { grid: points };
  const data = await splitData(problem, settings, given, hooks, options.functions, wanted);
  const loaded = await loadBackend({ backend: options.backend });
  const train = {
    deeponet: trainDeepOperator,
    'pod-deeponet': trainPodNetwork,
    fourier: trainFourier,
  }[settings.architecture];
  const { model, run, ...where } = await train(problem, settings, options, data, loaded, hooks);
  if (!Number.isFinite(run.validation)) throw new SolveError('the training of the operator network diverged');
  const { count, pointCount, inputs } = data.train.data;
  return {
    model,
    inputs,
    ...where,
    run: {
      optimizer: 'adam',
      branch: 'network',
      functions: count,
      points: pointCount,
      dataSeconds: data.dataSeconds,
      iterations: run.iterations,
      validation: run.validation,
      stopped: run.stopped,
      notes: [...data.notes, `tfjs backend ${loaded.name}`],
    },
    ...(data.numbers === undefined ? {} : { heldOut: { data: data.held.data, numbers: data.numbers } }),
  };
}
