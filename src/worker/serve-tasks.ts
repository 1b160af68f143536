import type { TaskReply, TaskRequest } from './task-message.ts';

/** Does a task; may report which share of it is done. */
export type TaskRunner<Task, Outcome> = (
  task: Task,
  report: (share: number) => void,
) => Outcome | Promise<Outcome>;

/** The worker's side: answers requests, one after the other, with what `post` sends back. */
export function serveTasks<Setup, Task, Outcome>(
  start: (setup: Setup) => TaskRunner<Task, Outcome>,
): (post: (reply: TaskReply) => void) => (request: TaskRequest) => Promise<void> {
  return (post) => {
    let runner: TaskRunner<Task, Outcome> | undefined;
    return async (request) => {
      try {
        if (request.kind === 'start') {
          runner = start(request.setup as Setup);
          post({ kind: 'started' });
          return;
        }
        const { index, task } = request;
        const outcome = await runner!(task as Task, (share) => post({ kind: 'progress', index, share }));
        post({ kind: 'done', index, outcome });
      } catch (error) {
        post({ kind: 'error', message: error instanceof Error ? error.message : String(error) });
      }
    };
  };
}
