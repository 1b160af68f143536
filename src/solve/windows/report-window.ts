import type { Problem } from '../../problem/index.ts';
import type { TrainingState } from '../callbacks.ts';
import type { Solution } from '../solution.ts';
import type { RunHooks } from '../trained-solution.ts';
import type { StopReason } from '../training-progress.ts';
import type { SolvedWindow } from './solved-window.ts';

/** Tells the callbacks of a window that is solved; whether one of them wants no more. */
export function reportWindow(
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
