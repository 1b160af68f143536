/** What runs in a worker; bundled to one text by scripts/build-kernels.mjs. */
import { serveTasks } from '../../worker/serve-tasks.ts';
import { type DrawOutcome, type DrawSetup, DrawSolver, type DrawTask } from './draw-solver.ts';

export const serve = serveTasks<DrawSetup, DrawTask, DrawOutcome>((setup) => {
  const solver = new DrawSolver(setup);
  return (task) => solver.run(task);
});
