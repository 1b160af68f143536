/** What runs in a worker; bundled to one text by scripts/build-kernels.mjs. */
import { serveTasks } from '../../worker/serve-tasks.ts';
import { type ReplicateOutcome, ReplicateRunner, type ReplicateSetup } from './replicate.ts';

export const serve = serveTasks<ReplicateSetup, number, ReplicateOutcome>((setup) => {
  const runner = new ReplicateRunner(setup);
  return (seed) => runner.run(seed);
});
