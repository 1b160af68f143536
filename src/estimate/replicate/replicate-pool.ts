import { InterruptedError } from '../../errors.ts';
import { runInWorkers } from '../../worker/task-queue.ts';
import { workerPlatform } from '../../worker/worker-connection.ts';
import { type ReplicateOutcome, ReplicateRunner, type ReplicateSetup } from './replicate.ts';

export interface ReplicatePoolOptions {
  /** 1: in this thread. Default: as many as there are cores, where there is work enough for them. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Called after every replicate. */
  readonly onOutcome?: (outcome: ReplicateOutcome) => void;
}

/** Milliseconds of work from which on workers are started: to start them takes about 100. */
const WORTH_SHARING = 400;
const MOST_THREADS = 16;
/** Milliseconds for which this thread works without looking at its events. */
const PATIENCE = 40;

/**
 * Runs one replicate for every seed. What comes out depends on the seeds alone, not on the threads.
 *
 * @throws InterruptedError once the signal is aborted
 */
export async function runReplicates(
  setup: ReplicateSetup,
  seeds: readonly number[],
  options: ReplicatePoolOptions = {},
): Promise<ReplicateOutcome[]> {
  const { threads, signal, onOutcome } = options;
  const outcomes: ReplicateOutcome[] = [];
  const take = (index: number, outcome: ReplicateOutcome): void => {
    outcomes[index] = outcome;
    onOutcome?.(outcome);
  };
  let next = 0;
  if (threads === undefined || threads <= 1) {
    const runner = new ReplicateRunner(setup);
    const start = performance.now();
    let paused = start;
    while (next < seeds.length) {
      if (signal?.aborted) throw new InterruptedError('the bootstrap was interrupted');
      take(next, runner.run(seeds[next]));
      next++;
      const now = performance.now();
      // The first are slow: their code has not been compiled yet.
      const expected = ((now - start) / next) * (seeds.length - next);
      if (threads === undefined && next >= 4 && next % 4 === 0 && expected > WORTH_SHARING) break;
      if (now - paused > PATIENCE) {
        await new Promise((resolve) => setTimeout(resolve));
        paused = performance.now();
      }
    }
  }
  if (next === seeds.length) return outcomes;

  const platform = await workerPlatform();
  const count = Math.min(threads ?? platform?.cores ?? 1, MOST_THREADS, seeds.length - next);
  if (platform !== null && count > 1) {
    const { workerCode } = await import('./generated/worker-code.ts');
    const queue = { name: 'bootstrap', code: workerCode, count, setup, tasks: seeds, begin: next, signal };
    const started = await runInWorkers<ReplicateSetup, number, ReplicateOutcome>(platform, {
      ...queue,
      onOutcome: take,
    });
    if (started) return outcomes;
  }
  await runReplicates(setup, seeds.slice(next), {
    threads: 1,
    signal,
    onOutcome: (outcome) => take(next++, outcome),
  });
  return outcomes;
}
