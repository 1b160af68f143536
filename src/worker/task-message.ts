/** What passes between a task queue and its workers; setup, task and outcome are plain data. */
export type TaskRequest =
  | { readonly kind: 'start'; readonly setup: unknown }
  | { readonly kind: 'run'; readonly index: number; readonly task: unknown };

export type TaskReply =
  | { readonly kind: 'started' }
  | { readonly kind: 'progress'; readonly index: number; readonly share: number }
  | { readonly kind: 'done'; readonly index: number; readonly outcome: unknown }
  | { readonly kind: 'error'; readonly message: string };
