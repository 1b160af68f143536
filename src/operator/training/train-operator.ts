/** Training of an operator: the map from input functions to solutions. */
import { ProblemError, SolveError } from '../../errors.ts';
import type { Problem } from '../../problem/index.ts';
import { requireMatch } from '../data/data-match.ts';
import type { OperatorData } from '../data/operator-data.ts';
import { trainingSpace } from '../evaluate/training-space.ts';
import type { OperatorRun } from '../operator-run.ts';
import { type TrainedOperator, trainedOperator } from '../trained-operator.ts';
import { trainOnData } from './data-training.ts';
import { trainOnBoth } from './mixed-training.ts';
import { trainOnPhysics } from './physics-training.ts';
import {
  defaultTimeLimit,
  type ResolvedTraining,
  resolveTraining,
  type TrainOptions,
} from './resolve-training.ts';
import { dataErrors, testErrors } from './test-errors.ts';
import type { OperatorProgress, TrainingHooks } from './training-hooks.ts';
import type { TrainingOutcome } from './training-outcome.ts';

/** Above this share of the solutions themselves an operator has learnt nothing. */
const usable = 0.5;

/**
 * Trains an operator and tests it on functions it has never seen.
 *
 * @throws ProblemError for options or data that do not fit the problem; SolveError where no usable operator was found;
 * InterruptedError once the signal is aborted
 * @example
 * const integrate = await trainOperator(integrator, { seed: 1 });
 * integrate('cos(3*x)').at(0.3).u;
 */
export async function trainOperator(problem: Problem, options: TrainOptions = {}): Promise<TrainedOperator> {
  const settings = resolveTraining(problem, options);
  const { data, signal, onProgress } = options;
  if (data !== undefined) {
    if (settings.loss === 'physics')
      throw new ProblemError('training on the equations alone takes no data', {
        path: 'data',
        hint: 'let the loss be "data" or "mixed"',
      });
    requireMatch(problem, data);
  }
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  const show = (progress: Omit<OperatorProgress, 'seconds'>): void =>
    onProgress?.({ ...progress, seconds: seconds() });
  const outcome = await train(problem, settings, data, { signal, show, seconds });
  const trained = seconds();
  const run = (testSeconds: number): OperatorRun => ({
    engine: settings.engine,
    engineReason: settings.engineReason,
    loss: settings.loss,
    architecture: settings.architecture,
    seed: settings.seed,
    seconds: trained,
    testSeconds,
    ...outcome.run,
  });
  const parts = {
    problem,
    model: outcome.model,
    ranges: trainingSpace(problem, outcome.inputs, outcome.run.functions),
  };
  const untested = trainedOperator({ ...parts, run: run(0), errors: null });
  const tested = await testErrors(untested, {
    functions: settings.testFunctions,
    seed: settings.seed,
    threads: settings.threads,
    timeLimit: Math.max(settings.timeLimit, defaultTimeLimit),
    signal,
    ...(outcome.testPoints === undefined ? {} : { points: outcome.testPoints }),
    onProgress: (done, total) => show({ phase: 'test', done, total, validation: outcome.run.validation }),
  });
  const errors =
    tested.errors ??
    (outcome.heldOut === undefined
      ? null
      : dataErrors(untested, outcome.heldOut.data, 'data', outcome.heldOut.numbers));
  const reason = errors === null && tested.errors === null ? { reason: tested.reason } : {};
  for (const [field, { relativeL2 }] of Object.entries(errors ?? {}))
    if (!(relativeL2 < usable))
      throw new SolveError(
        `no usable answer: on functions never trained on, ${field} is off by ${Number((100 * relativeL2).toPrecision(3))}% of the solution on average; more training functions or time may help`,
      );
  return trainedOperator({ ...parts, run: run(seconds() - trained), errors, ...reason });
}

async function train(
  problem: Problem,
  settings: ResolvedTraining,
  data: OperatorData | undefined,
  hooks: TrainingHooks,
): Promise<TrainingOutcome> {
  if (settings.engine === 'tfjs') {
    const { trainNetwork } = await import('../network/network-training.ts');
    return trainNetwork(problem, settings, data, hooks);
  }
  if (settings.loss === 'data') return trainOnData(problem, settings, data, hooks);
  if (settings.loss === 'physics') return trainOnPhysics(problem, settings, hooks);
  return trainOnBoth(problem, settings, data, hooks);
}
