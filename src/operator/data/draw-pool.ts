import { InterruptedError } from '../../errors.ts';
import { runInWorkers } from '../../worker/task-queue.ts';
import { workerPlatform } from '../../worker/worker-connection.ts';
import { type DrawOutcome, type DrawSetup, DrawSolver, type DrawTask } from './draw-solver.ts';

export interface DrawPoolOptions {
  /** 1: in this thread. Default: as many as there are cores, where there is work enough for them. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

const name = 'operator data';
/** Milliseconds of work from which on workers are started. */
const worthSharing = 1000;
const mostThreads = 16;

/**
 * Solves draws. What comes out of each does not depend on the threads, but in which order they are done does.
 *
 * @throws InterruptedError once the signal is aborted
 */
export async function solveDraws(
  setup: DrawSetup,
  tasks: readonly DrawTask[],
  { threads, signal }: DrawPoolOptions,
  onOutcome: (index: number, outcome: DrawOutcome) => void,
): Promise<void> {
  let next = 0;
  const here = async (enough: (seconds: number) => boolean): Promise<void> => {
    const solver = new DrawSolver(setup);
    const start = performance.now();
    while (next < tasks.length && !enough(performance.now() - start)) {
      if (signal?.aborted) throw new InterruptedError(`the ${name} was interrupted`);
      onOutcome(next, await solver.run(tasks[next]));
      next++;
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  // The first draw is slow: its code has not been compiled yet.
  if (threads === undefined)
    await here((elapsed) => next >= 3 && (elapsed / next) * (tasks.length - next) > worthSharing);
  if (next < tasks.length && threads !== 1) {
    const platform = await workerPlatform();
    const count = Math.min(threads ?? platform?.cores ?? 1, mostThreads, tasks.length - next);
    if (platform !== null && count > 1) {
      const { workerCode } = await import('./generated/worker-code.ts');
      const queue = { name, code: workerCode, count, setup, tasks, begin: next, signal };
      const started = await runInWorkers<DrawSetup, DrawTask, DrawOutcome>(platform, { ...queue, onOutcome });
      if (started) return;
    }
  }
  await here(() => false);
}
