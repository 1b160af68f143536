/** Training on the equations alone: every training function is solved in the trunk, then the branch is fitted. */
import type { Problem } from '../../problem/problem.ts';
import { physicsCoefficients } from '../physics/physics-coefficients.ts';
import { compressed } from './compression.ts';
import { fitBranch } from './fit-branch.ts';
import type { ResolvedTraining } from './resolve-training.ts';
import type { TrainingHooks } from './training-hooks.ts';
import type { TrainingOutcome } from './training-outcome.ts';

const defaultFunctions = 400;
/** Of the time, for the solutions; the rest is the branch's. */
const solutionShare = 0.75;
/** What a solution errs, at best, of what the target allows. */
const solutionError = 0.1;

export async function trainOnPhysics(
  problem: Problem,
  settings: ResolvedTraining,
  { signal, show, seconds }: TrainingHooks,
): Promise<TrainingOutcome> {
  const { functions = defaultFunctions, seed, threads, timeLimit, target } = settings;
  const set = await physicsCoefficients(problem, {
    functions,
    seed,
    threads,
    signal,
    timeLimit: solutionShare * timeLimit,
    target: target === undefined ? undefined : solutionError * target,
    onProgress: ({ done, wanted }) => show({ phase: 'solutions', done, total: wanted }),
  });
  show({ phase: 'branch', done: 0, total: 1 });
  const { model, validation } = await fitBranch(problem, compressed(set, problem), {
    kind: settings.branch,
    product: settings.product,
    seed,
    signal,
    timeLimit: Math.max(1, timeLimit - seconds()),
    onProgress: (done, total) => show({ phase: 'branch', done, total }),
  });
  const notes = [
    `no data: residuals of the equations, at most ${set.residual.toExponential(1)} of their largest terms; solutions are expected to err by ${set.expectedError.toExponential(1)}`,
  ];
  if (set.failures.length > 0)
    notes.push(`${set.failures.length} draws for which the equations were not solved are left out`);
  const reached = target !== undefined && Math.max(validation, set.expectedError) < target;
  return {
    model,
    inputs: set.inputs,
    run: {
      optimizer: 'gauss-newton+least-squares',
      branch: model.words.kind,
      functions: set.count,
      points: 0,
      dataSeconds: set.seconds,
      iterations: set.count + 1,
      validation,
      stopped: reached ? 'target' : set.count < functions ? 'time' : 'functions',
      notes,
    },
  };
}
