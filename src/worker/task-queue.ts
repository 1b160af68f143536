import { InterruptedError, SolveError } from '../errors.ts';
import type { TaskReply, TaskRequest } from './task-message.ts';
import type { WorkerConnection, WorkerPlatform } from './worker-connection.ts';

export interface TaskQueue<Setup, Task, Outcome> {
  /** Of what: `bootstrap`. */
  readonly name: string;
  /** Script of the worker. */
  readonly code: string;
  /** Workers to be started. */
  readonly count: number;
  readonly setup: Setup;
  /** One entry for each task; those before `begin` are done. */
  readonly tasks: readonly Task[];
  readonly begin: number;
  readonly signal: AbortSignal | undefined;
  readonly onOutcome: (index: number, outcome: Outcome) => void;
  readonly onProgress?: (index: number, share: number) => void;
}

/**
 * Hands tasks to workers, to each the next one as it is done with the last.
 *
 * @returns false where workers cannot be started (a content security policy, say)
 * @throws InterruptedError once the signal is aborted; SolveError where a worker ends or fails at a task; what
 * the callbacks throw
 */
export async function runInWorkers<Setup, Task, Outcome>(
  platform: WorkerPlatform,
  queue: TaskQueue<Setup, Task, Outcome>,
): Promise<boolean> {
  const { name, code, count, setup, tasks, begin, signal, onOutcome, onProgress } = queue;
  const workers: WorkerConnection<TaskRequest, TaskReply>[] = [];
  let abort: (() => void) | undefined;
  try {
    return await new Promise<boolean>((resolve, reject) => {
      let next = begin;
      let open = tasks.length - begin;
      let started = false;
      abort = () => reject(new InterruptedError(`the ${name} was interrupted`));
      if (signal?.aborted) {
        abort();
        return;
      }
      signal?.addEventListener('abort', abort);
      const fail = (reason: string): void => {
        if (started) reject(new SolveError(reason));
        else resolve(false);
      };
      try {
        for (let i = 0; i < count; i++) {
          const worker = platform.connect<TaskRequest, TaskReply>(code, name);
          workers.push(worker);
          worker.listen((reply) => {
            try {
              if (reply.kind === 'error') fail(reply.message);
              else if (reply.kind === 'progress') onProgress?.(reply.index, reply.share);
              else {
                started = true;
                if (reply.kind === 'done') {
                  onOutcome(reply.index, reply.outcome as Outcome);
                  if (--open === 0) resolve(true);
                }
                if (next < tasks.length) worker.post({ kind: 'run', index: next, task: tasks[next++] });
              }
            } catch (error) {
              reject(error);
            }
          }, fail);
          worker.post({ kind: 'start', setup });
        }
      } catch {
        resolve(false);
      }
    });
  } finally {
    if (abort !== undefined) signal?.removeEventListener('abort', abort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
