import { InterruptedError } from '../../errors.ts';
import { runInWorkers } from '../../worker/task-queue.ts';
import { workerPlatform } from '../../worker/worker-connection.ts';
import {
  type FunctionOutcome,
  FunctionRunner,
  type FunctionSetup,
  type FunctionTask,
} from './function-task.ts';

export interface FunctionPoolOptions {
  /** 1: in this thread. Default: as many as there are cores, where there is work enough for them. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Seconds that one function takes, as far as it is known. */
  readonly seconds: number;
}

const name = 'solution of training functions';
/** Seconds of work from which on workers are started. */
const worthSharing = 3;
const mostThreads = 16;

/** How many threads so much work gets. */
export async function threadsFor(tasks: number, { threads, seconds }: FunctionPoolOptions): Promise<number> {
  if (threads === 1 || (threads === undefined && tasks * seconds < worthSharing)) return 1;
  const platform = await workerPlatform();
  return platform === null ? 1 : Math.min(threads ?? platform.cores, mostThreads, tasks);
}

/**
 * Solves for draws. What comes out of each does not depend on the threads, but in which order they are done does.
 *
 * @throws InterruptedError once the signal is aborted; what `onOutcome` throws
 */
export async function solveFunctions(
  setup: FunctionSetup,
  tasks: readonly FunctionTask[],
  options: FunctionPoolOptions,
  onOutcome: (index: number, outcome: FunctionOutcome) => void,
): Promise<void> {
  const { signal } = options;
  const count = await threadsFor(tasks.length, options);
  const platform = count > 1 ? await workerPlatform() : null;
  if (platform !== null) {
    const { workerCode } = await import('./generated/worker-code.ts');
    const queue = { name, code: workerCode, count, setup, tasks, begin: 0, signal, onOutcome };
    if (await runInWorkers<FunctionSetup, FunctionTask, FunctionOutcome>(platform, queue)) return;
  }
  const runner = new FunctionRunner(setup);
  for (const [index, task] of tasks.entries()) {
    if (signal?.aborted) throw new InterruptedError(`the ${name} was interrupted`);
    onOutcome(index, await runner.run(task));
    await new Promise((resolve) => setTimeout(resolve));
  }
}
