/** What runs in a worker; bundled to one text by scripts/build-kernels.mjs. */
import { serveTasks } from '../../worker/serve-tasks.ts';
import {
  type FunctionOutcome,
  FunctionRunner,
  type FunctionSetup,
  type FunctionTask,
} from './function-task.ts';

export const serve = serveTasks<FunctionSetup, FunctionTask, FunctionOutcome>((setup) => {
  const runner = new FunctionRunner(setup);
  return (task) => runner.run(task);
});
